import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as hash } from "@noble/hashes/sha2.js";

const utf8 = new TextEncoder();
const bytesOf = (message: string | Uint8Array): Uint8Array =>
  typeof message === "string" ? utf8.encode(message) : message;

/**
 * SHA-256, 32 bytes. Synchronous, because the messages are short: WebCrypto moves each to another thread and back, which
 * takes five times as long as the hash.
 */
export function sha256(message: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash(bytesOf(message)));
}

/** HMAC-SHA256 of a message, 32 bytes. */
export type Mac = (message: string | Uint8Array) => Uint8Array<ArrayBuffer>;

/** HMAC-SHA256 with one key. The blocks of the key are hashed only once. */
export function createMac(key: Uint8Array): Mac {
  const keyed = hmac.create(hash, key);
  return (message) => new Uint8Array(keyed.clone().update(bytesOf(message)).digest());
}
