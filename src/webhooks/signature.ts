const PREFIX = "whsec_";
const SECRET_BYTES = 32; // Standard Webhooks 1.0 asks for 24 to 64
const utf8 = new TextEncoder();

/** A signing secret as Standard Webhooks 1.0 writes it: `whsec_` and the base64 of 32 random bytes. */
export const newWebhookSecret = (): string => PREFIX + crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).toBase64();

/** Signs what is sent: the id of the message, the time in seconds, the body. Answers the `webhook-signature` header. */
export type Sign = (id: string, timestamp: number, body: string) => Promise<string>;

/**
 * Signs with each of the secrets (Standard Webhooks 1.0): `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`,
 * with spaces between, so that a receiver may hold either secret while one is rotated.
 */
export async function signer(secrets: readonly string[]): Promise<Sign> {
  const keys = await Promise.all(secrets.map((secret) =>
    crypto.subtle.importKey(
      "raw",
      Uint8Array.fromBase64(secret.slice(PREFIX.length)),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    )
  ));
  return async (id, timestamp, body) => {
    const content = utf8.encode(`${id}.${timestamp}.${body}`);
    const macs = await Promise.all(keys.map((key) => crypto.subtle.sign("HMAC", key, content)));
    return macs.map((mac) => `v1,${new Uint8Array(mac).toBase64()}`).join(" ");
  };
}
