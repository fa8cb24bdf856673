import assert from "node:assert/strict";
import {
  callbackSecretLength,
  encryptionKeyLength,
  formatKeyring,
  newRingKey,
  parseKeyring,
} from "../../src/crypto/keyring.ts";
import { importSigningKey, newSigningKey, parseSigningKeys } from "../../src/crypto/signing.ts";

Deno.test("a key ring reads back as it was written, newest first", () => {
  const ring = [newRingKey("k2"), newRingKey("k1")] as const;
  const parsed = parseKeyring(formatKeyring(ring), encryptionKeyLength);
  assert.deepEqual(parsed, { ok: true, value: ring });
});

Deno.test("all problems of a key ring are reported together, and none contains key material", () => {
  const good = formatKeyring([newRingKey("k1")]);
  const secret = newRingKey("x").bytes.toBase64({ alphabet: "base64url", omitPadding: true });
  const parsed = parseKeyring(`${good},${good},${secret},k3:AAAA,k4:${"A".repeat(100)}`, encryptionKeyLength);
  assert.ok(!parsed.ok);
  assert.deepEqual(parsed.problems, [
    "key 2 repeats the id of another",
    "key 3 is not id:base64url",
    "key 4 is shorter than 32 bytes",
    "key 5 is longer than 32 bytes",
  ]);
  assert.ok(!JSON.stringify(parsed).includes(secret));
});

Deno.test("a callback secret may be longer than an encryption key", () => {
  const text = `k1:${new Uint8Array(48).toBase64({ alphabet: "base64url" })}`;
  assert.ok(parseKeyring(text, callbackSecretLength).ok);
  assert.ok(!parseKeyring(text, encryptionKeyLength).ok);
});

Deno.test("signing keys are read from an array and from a JWK set", async () => {
  const keys = [await newSigningKey("b"), await newSigningKey("a")];
  for (const text of [JSON.stringify(keys), JSON.stringify({ keys })]) {
    assert.deepEqual(parseSigningKeys(text), { ok: true, value: keys });
  }
});

Deno.test("a bad signing key is named by its place and field, never shown", async () => {
  const key = await newSigningKey("a");
  const { d: _, ...open } = key;
  const parsed = parseSigningKeys(JSON.stringify([key, key, open, { ...key, kid: "c", crv: "X25519" }, 1]));
  assert.ok(!parsed.ok);
  assert.equal(parsed.problems.length, 4);
  assert.match(parsed.problems[1] ?? "", /key 3 .*\(d\)/);
  assert.match(parsed.problems[2] ?? "", /key 4 .*\(crv\)/);
  assert.ok(!JSON.stringify(parsed).includes(key.d));
  for (const text of ["", "{", "[]", "null", '{"keys":[]}', '"k"']) assert.ok(!parseSigningKeys(text).ok, text);
});

Deno.test("a signing key whose halves don't belong together is refused before it signs", async () => {
  const [one, two] = [await newSigningKey("a"), await newSigningKey("b")];
  await importSigningKey(one);
  await assert.rejects(importSigningKey({ ...one, x: two.x }), /SIGNING_KEYS/);
});
