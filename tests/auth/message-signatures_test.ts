import assert from "node:assert/strict";
import type { PublicJwk } from "../../src/auth/client-access.ts";
import { isDigestOfBody, isSignedBy, readSignatures, SignatureError } from "../../src/auth/message-signatures.ts";

/* The test vectors of RFC 9421, appendix B. */

const ed25519: PublicJwk = {
  kty: "OKP",
  crv: "Ed25519",
  kid: "test-key-ed25519",
  x: "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs",
};
const rsaSpki = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbP" +
  "fvMs8ct+Lh1GH45x28Rw3Ry53mm+oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHqgDsznjPFmTOtCEcN" +
  "2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw" +
  "9lq4aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI2wIDAQAB";
const ED_INPUT = 'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")' +
  ';created=1618884473;keyid="test-key-ed25519"';
const ED_SIGNATURE =
  "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:";
const RSA_INPUT = 'sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" ' +
  '"content-length");created=1618884473;keyid="test-key-rsa-pss"';
const RSA_SIGNATURE = "sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683" +
  "+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzN" +
  "BXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX" +
  "2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:";
const DIGEST = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
const body = new TextEncoder().encode('{"hello": "world"}');

function request(input: string, signature: string, changes: Record<string, string> = {}) {
  const headers = new Map(Object.entries({
    "date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "content-digest": DIGEST,
    "content-length": "18",
    "signature-input": input,
    "signature": signature,
    ...changes,
  }));
  return {
    method: "POST",
    url: "https://example.com/foo?param=Value&Pet=dog",
    header: (name: string) => headers.get(name),
  };
}

async function rsaKey(): Promise<PublicJwk> {
  const algorithm = { name: "RSA-PSS", hash: "SHA-512" };
  const key = await crypto.subtle.importKey("spki", Uint8Array.fromBase64(rsaSpki), algorithm, true, ["verify"]);
  const { n = "", e = "" } = await crypto.subtle.exportKey("jwk", key);
  return { kty: "RSA", kid: "test-key-rsa-pss", n, e };
}

Deno.test("RFC 9421 B.2.6: Ed25519, with the signature base of the RFC", async () => {
  const [signature] = readSignatures(request(ED_INPUT, ED_SIGNATURE));
  assert.ok(signature);
  assert.equal(
    signature.base,
    [
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
      '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;' +
      'keyid="test-key-ed25519"',
    ].join("\n"),
  );
  assert.deepEqual([signature.keyId, signature.created, signature.expires], ["test-key-ed25519", 1_618_884_473, null]);
  assert.equal(await isSignedBy(signature, ed25519), true);
  const [changed] = readSignatures(request(ED_INPUT, ED_SIGNATURE, { "content-length": "19" }));
  assert.ok(changed);
  assert.equal(await isSignedBy(changed, ed25519), false);
  assert.equal(await isSignedBy({ ...signature, algorithm: "rsa-pss-sha512" }, ed25519), false, "another algorithm");
});

Deno.test("RFC 9421 B.2.3: RSA-PSS with SHA-512, and the query", async () => {
  const [signature] = readSignatures(request(RSA_INPUT, RSA_SIGNATURE));
  assert.ok(signature);
  assert.equal(await isSignedBy(signature, await rsaKey()), true);
  assert.equal(await isSignedBy(signature, ed25519), false);
});

Deno.test("RFC 9530: a digest is of a body; one wrong hash among right ones, or none that we know, is refused", async () => {
  assert.equal(await isDigestOfBody(DIGEST, body), true);
  assert.equal(await isDigestOfBody(DIGEST, new Uint8Array()), false);
  assert.equal(await isDigestOfBody(`${DIGEST}, sha-256=:AAAA:`, body), false);
  assert.equal(await isDigestOfBody("md5=:AAAA:", body), false);
  assert.equal(await isDigestOfBody("sha-256=1", body), false);
});

Deno.test("what can't be read or covered is refused, and not guessed", () => {
  const bad: readonly [string, string][] = [
    ["sig=(", "sig=:AA==:"],
    ["sig=1", "sig=:AA==:"],
    ['sig=("@method")', "other=:AA==:"],
    ['sig=("@method")', "sig=text"],
    ['sig=("@method" "@method")', "sig=:AA==:"],
    ['sig=("x-missing")', "sig=:AA==:"],
    ['sig=("@status")', "sig=:AA==:"],
    ['sig=("Date")', "sig=:AA==:"],
    ['sig=("@query-param";name="Pet")', "sig=:AA==:"],
    ['sig=("date";sf)', "sig=:AA==:"],
    ['sig=("date");created="now"', "sig=:AA==:"],
    ["a=(), b=(), c=(), d=(), e=()", "a=:AA==:"],
    [`sig=("date");nonce="${"x".repeat(5_000)}"`, "sig=:AA==:"],
  ];
  for (const [input, signature] of bad) {
    assert.throws(() => readSignatures(request(input, signature)), SignatureError, input.slice(0, 60));
  }
});
