import { createMac } from "../../crypto/hash.ts";

const PREFIX = "whsec_";
const SECRET_BYTES = 32; // Standard Webhooks 1.0 asks for 24 to 64

/** A signing secret as Standard Webhooks 1.0 writes it: `whsec_` and the base64 of 32 random bytes. */
export const newWebhookSecret = (): string => PREFIX + crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).toBase64();

/** Signs a message by its id, its time (seconds since the epoch) and its body. Answers the `webhook-signature` header. */
export type Sign = (id: string, timestamp: number, body: string) => string;

/**
 * Creates a signer that signs with each of the secrets, so that a receiver may have either secret during a rotation. A
 * signature is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; spaces separate them (Standard Webhooks 1.0).
 */
export function createSigner(secrets: readonly string[]): Sign {
  const macs = secrets.map((secret) => createMac(Uint8Array.fromBase64(secret.slice(PREFIX.length))));
  return (id, timestamp, body) => macs.map((mac) => `v1,${mac(`${id}.${timestamp}.${body}`).toBase64()}`).join(" ");
}
