import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import type { EndpointView, EndpointWithSecret } from "../../src/webhooks/endpoints/contract.ts";
import type { Received } from "./fake-network.ts";
import { createEvent, register, withFakeNetwork } from "./support.ts";

const verifies = (secret: string, message: Received | undefined): boolean => {
  try {
    new Webhook(secret).verify(message?.body ?? "", message?.headers ?? {});
    return true;
  } catch (error) {
    assert.match(String(error), /signature/i);
    return false;
  }
};

/** The stock library refuses what is older than 5 min, so the virtual day of a rotation is undone before it looks. */
const asOfNow = (message: Received | undefined, secret: string): boolean => {
  const { body = "", headers = {} } = message ?? {};
  const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
  return (headers["webhook-signature"] ?? "").split(" ").includes(
    new Webhook(secret).sign(headers["webhook-id"] ?? "", at, body),
  );
};

Deno.test("for 24 h after a rotation both secrets verify, afterwards only the new one", () =>
  withFakeNetwork(async (run, network) => {
    const { id, secret: older } = await register(run);
    const rotated = await run.call<EndpointWithSecret>("POST", `/v1/webhook-endpoints/${id}/rotate-secret`);
    assert.equal(rotated.status, 200);
    const newer = rotated.body.secret;
    assert.notEqual(newer, older);
    const until = Date.parse(rotated.body.previous_secret_expires_at ?? "");
    assert.equal(until - run.time.now(), 24 * 3_600_000);
    await createEvent(run);
    await run.idle();
    assert.deepEqual([verifies(older, network.received[0]), verifies(newer, network.received[0])], [true, true]);

    await run.pass(24 * 3_600_000 + 1_000);
    await createEvent(run);
    await run.idle();
    const last = network.received.at(-1);
    assert.deepEqual([asOfNow(last, older), asOfNow(last, newer)], [false, true]);
    const { body } = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${id}`);
    assert.equal(body.previous_secret_expires_at, null);
    assert.ok(!("secret" in body));
  }));

Deno.test("a second rotation drops the older of the two secrets", () =>
  withFakeNetwork(async (run, network) => {
    const { id, secret: first } = await register(run);
    const rotate = async () =>
      (await run.call<EndpointWithSecret>("POST", `/v1/webhook-endpoints/${id}/rotate-secret`)).body.secret;
    const [second, third] = [await rotate(), await rotate()];
    await createEvent(run);
    await run.idle();
    const [message] = network.received;
    assert.deepEqual([first, second, third].map((secret) => verifies(secret, message)), [false, true, true]);
  }));
