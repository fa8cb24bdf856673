import { decodeBase64 } from "./base64.ts";
import { invalidSignature } from "./jwt.ts";
import type { Event } from "./types.ts";

/** The headers of a delivery: a `Headers`, or an object such as Node's `request.headers`. */
export type HeadersLike = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The body of a delivery: the event, and its time. */
export type WebhookEvent = Event & { readonly timestamp: string };

export interface VerifyOptions {
  /** The largest difference between `webhook-timestamp` and now, in seconds. Default: 300. */
  readonly toleranceSeconds?: number;
  /** Now, in ms since 1970. */
  readonly now?: number;
}

/**
 * Verifies and reads a delivery (Standard Webhooks 1.0, HMAC-SHA256, compared in constant time). Give the body as it was
 * received, before any parsing. While a secret is rotated, give both secrets. Deliveries may come twice and out of
 * order: process each `id` once. Errors: `signature_invalid`.
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: HeadersLike,
  secrets: string | readonly string[],
  { toleranceSeconds = 300, now = Date.now() }: VerifyOptions = {},
): Promise<WebhookEvent> {
  const id = headerOf(headers, "webhook-id");
  const timestamp = headerOf(headers, "webhook-timestamp");
  if (!/^\d{1,12}$/.test(timestamp)) throw invalidSignature("webhook-timestamp is not a number of seconds.");
  if (Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds) {
    throw invalidSignature(
      `webhook-timestamp is more than ${toleranceSeconds} s from now: a replay, or a clock that is wrong.`,
    );
  }
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  const content = new TextEncoder().encode(`${id}.${timestamp}.${text}`);
  const signatures = headerOf(headers, "webhook-signature").split(" ").slice(0, 20)
    .filter((signature) => signature.startsWith("v1,")).map((signature) => decodeBase64(signature.slice(3)));
  for (const secret of typeof secrets === "string" ? [secrets] : secrets) {
    const key = await importSecret(secret);
    for (const signature of signatures) {
      if (signature !== null && await crypto.subtle.verify("HMAC", key, signature, content)) return parseEvent(text);
    }
  }
  throw invalidSignature(
    "No webhook-signature fits. Check the secret, and that the body is the one that came, byte for byte.",
  );
}

function headerOf(headers: HeadersLike, name: string): string {
  const value = headers instanceof Headers
    ? headers.get(name)
    : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const text = Array.isArray(value) ? value[0] : value;
  if (typeof text === "string" && text !== "") return text;
  throw invalidSignature(`There is no ${name} header.`);
}

async function importSecret(secret: string): Promise<CryptoKey> {
  const bytes = decodeBase64(secret.startsWith("whsec_") ? secret.slice(6) : secret);
  if (bytes === null || bytes.length === 0) throw new TypeError("A webhook secret is whsec_ and base64.");
  return await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

function parseEvent(text: string): WebhookEvent {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidSignature("The body is not JSON.");
  }
}
