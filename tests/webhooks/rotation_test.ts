import assert from "node:assert/strict";
import type { EndpointView, EndpointWithSecret } from "../../src/webhooks/endpoints/contract.ts";
import type { Received } from "./fake-network.ts";
import type { InProcess } from "../support/in-process.ts";
import { createEvent, register, verifyMessage, withFakeNetwork } from "./support.ts";

const verifies = (run: InProcess, secret: string, message: Received | undefined): boolean => {
  assert.ok(message);
  try {
    verifyMessage(run, secret, message);
    return true;
  } catch (error) {
    assert.match(String(error), /signature/i);
    return false;
  }
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
    assert.deepEqual([verifies(run, older, network.received[0]), verifies(run, newer, network.received[0])], [
      true,
      true,
    ]);

    await run.pass(24 * 3_600_000 + 1_000);
    await createEvent(run);
    await run.idle();
    const last = network.received.at(-1);
    assert.deepEqual([verifies(run, older, last), verifies(run, newer, last)], [false, true]);
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
    assert.deepEqual([first, second, third].map((secret) => verifies(run, secret, message)), [false, true, true]);
  }));
