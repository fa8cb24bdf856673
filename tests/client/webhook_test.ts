import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { isMalipoError, verifyWebhook, Webhooks } from "../../src/client/mod.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const body = JSON.stringify({ id: "evt_1", type: "checkout.succeeded", data: { note: "ü" } });
const sentAt = 1_795_339_800_000;

const delivery = (signing = secret, at = sentAt): Record<string, string> => ({
  "webhook-id": "evt_1",
  "webhook-timestamp": String(at / 1000),
  "webhook-signature": new Webhook(signing).sign("evt_1", new Date(at), body),
});
const verify = (headers: Record<string, string>, secrets: string | string[] = secret, text = body, now = sentAt) =>
  verifyWebhook(text, headers, secrets, { now });
const refused = (result: Promise<unknown>) =>
  assert.rejects(result, (error) => isMalipoError(error, "signature_invalid"));

Deno.test("what the stock library signs is believed, as text, as bytes, and from any kind of headers", async () => {
  assert.equal((await verify(delivery())).type, "checkout.succeeded");
  const bytes = new TextEncoder().encode(body);
  assert.equal((await verifyWebhook(bytes, new Headers(delivery()), secret, { now: sentAt })).id, "evt_1");
  const node = Object.fromEntries(Object.entries(delivery()).map(([name, value]) => [name.toUpperCase(), [value]]));
  assert.equal((await verifyWebhook(body, node, secret, { now: sentAt })).id, "evt_1");
});

Deno.test("while a secret is rotated, either may have signed, and either may verify", async () => {
  assert.ok(await verify(delivery(other), [secret, other]));
  const both = {
    ...delivery(),
    "webhook-signature": `${delivery(other)["webhook-signature"]} ${delivery()["webhook-signature"]}`,
  };
  assert.ok(await verify(both, secret));
  assert.ok(await verify(both, other));
});

Deno.test("another secret, body, id or time is refused", async () => {
  await refused(verify(delivery(other)));
  await refused(verify(delivery(), secret, body.replace("evt_1", "evt_2")));
  await refused(verify({ ...delivery(), "webhook-id": "evt_2" }));
  await refused(verify({ ...delivery(), "webhook-timestamp": String(sentAt / 1000 + 1) }));
});

Deno.test("a delivery older than five minutes, or from the future, is refused", async () => {
  assert.ok(await verify(delivery(), secret, body, sentAt + 299_000));
  await refused(verify(delivery(), secret, body, sentAt + 301_000));
  await refused(verify(delivery(), secret, body, sentAt - 301_000));
});

Deno.test("headers that are missing or broken are refused", async () => {
  for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
    const { [name]: _, ...rest } = delivery();
    await refused(verify(rest));
    await refused(verify({ ...delivery(), [name]: "" }));
  }
  for (const signature of ["v1,", "v1,AAAA", "v1,!", "v2,abc", "v1a,abc", " "]) {
    await refused(verify({ ...delivery(), "webhook-signature": signature }));
  }
  await refused(verify({ ...delivery(), "webhook-timestamp": "soon" }));
});

Deno.test("a secret that is none is a mistake of the program, not of the sender", async () => {
  await assert.rejects(verify(delivery(), "whsec_"), TypeError);
  await assert.rejects(verify(delivery(), "whsec_%"), TypeError);
});

Deno.test("webhooks are told to the handlers of their type, and a forged one to nobody", async () => {
  const now = Date.now() - Date.now() % 1000;
  const told: string[] = [];
  const webhooks = new Webhooks([other, secret])
    .on("checkout.succeeded", ({ id }) => void told.push(`paid ${id}`))
    .on("payout.failed", () => void told.push("never"))
    .on("*", ({ type }) => void told.push(type));
  const post = (headers: Record<string, string>) =>
    webhooks.receive(new Request("http://shop.test/webhooks", { method: "POST", headers, body }));
  assert.equal((await post(delivery(secret, now))).status, 204);
  assert.deepEqual(told, ["paid evt_1", "checkout.succeeded"]);
  const forged = await post({ ...delivery(secret, now), "webhook-id": "evt_2" });
  assert.deepEqual([forged.status, told.length], [400, 2]);
  assert.match(await forged.text(), /^signature_invalid/);
  const failing = new Webhooks(secret).on("checkout.succeeded", () => Promise.reject(new Error("no database")));
  await assert.rejects(failing.handle(body, delivery(secret, now)), /no database/);
  await assert.rejects(new Webhooks([]).handle(body, delivery(secret, now)), { code: "not_configured" });
});
