import { sha256 } from "./hash.ts";

const PREFIX = "mls_"; // secret scanners can find a leaked secret by it

/** A new client secret of 256 random bits. It is shown once, and only its hash is stored. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return PREFIX + bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** SHA-256, 32 bytes. It protects a secret of 256 random bits, which can't be guessed. It would not protect a password. */
export const hashSecret = (secret: string): Uint8Array => sha256(secret);

/** Whether two byte strings are equal, in a time that depends only on their lengths. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
