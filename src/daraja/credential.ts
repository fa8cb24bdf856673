/**
 * SecurityCredential (daraja.md section 8): the initiator's password, encrypted with Safaricom's RSA key by PKCS#1 v1.5,
 * in base64. Web Crypto has no RSAES-PKCS1-v1_5, so the padding (RFC 8017, 7.2.1) and the modular power are computed
 * here. BigInt does not run in constant time. That leaks nothing: exponent and modulus are public, and this runs once per
 * configured password, never on an attacker's input.
 */

import { exportJWK, importSPKI, importX509 } from "jose";

/**
 * Encrypts a password with a certificate (or a public key) in PEM. The certificate's expiry is not checked, because all
 * that Daraja uses have expired. Throws `TypeError` for a PEM without an RSA key, `RangeError` for a password too long.
 */
export async function securityCredential(password: string, certificatePem: string): Promise<string> {
  const { modulus, exponent } = await publicKeyOf(certificatePem);
  const block = padPkcs1(new TextEncoder().encode(password), modulus.length);
  const cipher = modularPower(toInteger(block), toInteger(exponent), toInteger(modulus));
  return btoa(String.fromCharCode(...toBytes(cipher, modulus.length)));
}

async function publicKeyOf(pem: string): Promise<{ readonly modulus: Uint8Array; readonly exponent: Uint8Array }> {
  const text = pem.trim();
  const load = text.includes("BEGIN CERTIFICATE") ? importX509 : importSPKI;
  const jwk = await load(text, "RSA-OAEP-256", { extractable: true }).then(exportJWK, () => null);
  if (jwk?.kty !== "RSA" || jwk.n === undefined || jwk.e === undefined) {
    throw new TypeError("the certificate must be a PEM with an RSA public key");
  }
  return { modulus: fromBase64Url(jwk.n), exponent: fromBase64Url(jwk.e) };
}

/** `00 02 <at least 8 random bytes, none zero> 00 <message>`. */
function padPkcs1(message: Uint8Array, length: number): Uint8Array {
  const paddingLength = length - message.length - 3;
  if (message.length === 0 || paddingLength < 8) {
    throw new RangeError("the initiator password is empty or too long for the key");
  }
  const block = new Uint8Array(length);
  block[1] = 2;
  block.set(nonZeroRandom(paddingLength), 2);
  block.set(message, length - message.length);
  return block;
}

function nonZeroRandom(length: number): Uint8Array {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  while (bytes.includes(0)) {
    const replacement = crypto.getRandomValues(new Uint8Array(1));
    bytes[bytes.indexOf(0)] = replacement[0] ?? 0;
  }
  return bytes;
}

function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let remaining = exponent; remaining > 0n; remaining >>= 1n) {
    if (remaining & 1n) result = result * square % modulus;
    square = square * square % modulus;
  }
  return result;
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") || "0"}`);
}

function toBytes(integer: bigint, length: number): Uint8Array {
  const hex = integer.toString(16).padStart(length * 2, "0");
  return Uint8Array.from({ length }, (_, i) => parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}

function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}
