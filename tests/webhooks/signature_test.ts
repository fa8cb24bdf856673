import assert from "node:assert/strict";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { createSigner, newWebhookSecret } from "../../src/webhooks/endpoints/signature.ts";

const body = '{"type":"checkout.succeeded","data":{"name":"Wanjikũ ☕"}}';
const id = "evt_01kamcvdf2ej5s2k8sxw9ggk6v";
const now = () => Math.floor(Date.now() / 1000);
const headers = (timestamp: number, signature: string) => ({
  "webhook-id": id,
  "webhook-timestamp": String(timestamp),
  "webhook-signature": signature,
});

Deno.test("the example of the standard gets the signature of the standard", () => {
  const sign = createSigner(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]);
  const signature = sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}');
  assert.equal(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

Deno.test("the stock library verifies what is signed, whatever the text", () => {
  const secret = newWebhookSecret();
  const sign = createSigner([secret]);
  const at = now();
  assert.deepEqual(new Webhook(secret).verify(body, headers(at, sign(id, at, body))), JSON.parse(body));
});

Deno.test("another body, id, time or secret does not verify", () => {
  const secret = newWebhookSecret();
  const at = now();
  const good = headers(at, createSigner([secret])(id, at, body));
  const refused = (text: string, changed: Record<string, string>, key = secret) =>
    assert.throws(() => new Webhook(key).verify(text, changed), WebhookVerificationError);
  refused(`${body} `, good);
  refused(body, { ...good, "webhook-id": "evt_other" });
  refused(body, { ...good, "webhook-timestamp": String(at - 1) });
  refused(body, good, newWebhookSecret());
});

Deno.test("while a secret is rotated each of the two verifies", () => {
  const [newer, older] = [newWebhookSecret(), newWebhookSecret()];
  const at = now();
  const signature = createSigner([newer, older])(id, at, body);
  assert.equal(signature.split(" ").length, 2);
  for (const secret of [newer, older]) new Webhook(secret).verify(body, headers(at, signature));
});

Deno.test("a secret is whsec_ and the base64 of 32 random bytes", () => {
  const made = Array.from({ length: 50 }, newWebhookSecret);
  assert.equal(new Set(made).size, 50);
  for (const secret of made) {
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.equal(Uint8Array.fromBase64(secret.slice(6)).length, 32);
  }
});
