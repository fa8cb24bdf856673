import assert from "node:assert/strict";
import { constants, createPrivateKey, generateKeyPairSync, privateDecrypt, X509Certificate } from "node:crypto";
import { Buffer } from "node:buffer";
import { securityCredential } from "../../src/daraja/credential.ts";

/** Node refuses the PKCS#1 v1.5 flag in some builds, so the raw power is taken and the padding read here. */
function decrypt(credential: string, privateKeyPem: string): string {
  const key = { key: createPrivateKey(privateKeyPem), padding: constants.RSA_NO_PADDING };
  const block = privateDecrypt(key, Buffer.from(credential, "base64"));
  assert.equal(block[0], 0);
  assert.equal(block[1], 2);
  const end = block.indexOf(0, 2);
  assert.ok(end >= 10, "at least eight bytes of padding");
  return block.subarray(end + 1).toString("utf8");
}

function pair(): { publicKey: string; privateKey: string } {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

function der(tag: number, ...parts: (Uint8Array | number[])[]): Uint8Array {
  const content = parts.flatMap((part) => [...part]);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Uint8Array.from([tag, ...size, ...content]);
}

/** An X.509 certificate that ran out in 2016, like the ones in circulation; its signature is noise, nobody checks it. */
function expiredCertificate(publicKeyPem: string): string {
  const spki = Buffer.from(publicKeyPem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const sha256Rsa = der(0x30, der(6, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]), der(5));
  const name = der(0x30, der(0x31, der(0x30, der(6, [0x55, 4, 3]), der(0x0c, [...Buffer.from("expired.test")]))));
  const time = (text: string): Uint8Array => der(0x17, [...Buffer.from(text)]);
  const validity = der(0x30, time("150101000000Z"), time("161111000000Z"));
  const version = der(0xa0, der(2, [2]));
  const body = der(0x30, version, der(2, [1]), sha256Rsa, name, validity, name, spki);
  const certificate = der(0x30, body, sha256Rsa, der(3, [0, ...new Uint8Array(256)]));
  const lines = Buffer.from(certificate).toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

Deno.test("the credential decrypts to the password, whatever its bytes", async () => {
  const { publicKey, privateKey } = pair();
  for (const password of ["Safaricom999!*!", "pässwörd #&%$", "x"]) {
    const credential = await securityCredential(password, publicKey);
    assert.equal(credential.length, 344);
    assert.equal(decrypt(credential, privateKey), password);
  }
});

Deno.test("an expired certificate serves", async () => {
  const { publicKey, privateKey } = pair();
  const certificate = expiredCertificate(publicKey);
  assert.equal(new X509Certificate(certificate).validTo, "Nov 11 00:00:00 2016 GMT");
  assert.equal(decrypt(await securityCredential("secret", certificate), privateKey), "secret");
});

Deno.test("the padding is random: no two credentials are alike", async () => {
  const { publicKey } = pair();
  assert.notEqual(await securityCredential("secret", publicKey), await securityCredential("secret", publicKey));
});

Deno.test("a password that doesn't fit, or nothing at all, is refused", async () => {
  const { publicKey } = pair();
  await assert.rejects(securityCredential("p".repeat(246), publicKey), RangeError);
  await assert.rejects(securityCredential("", publicKey), RangeError);
});

Deno.test("a PEM without an RSA key is refused without repeating it", async () => {
  const { publicKey } = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  for (const pem of ["", "nonsense", publicKey]) {
    await assert.rejects(securityCredential("secret", pem), (error: Error) => {
      return error instanceof TypeError && error.message === "the certificate must be a PEM with an RSA public key";
    });
  }
});
