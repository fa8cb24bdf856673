import { hash } from "node:crypto";

// 11 characters of time, 5 of this process, 10 of a count: ids of 26 that sort by time, as the product's do. In hex,
// which can't spell the words that Daraja refuses in a callback URL.
const own = (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0).toString(16).padStart(8, "0").slice(-5);
let count = 0;

/** An id of the right form, as cheap as can be. */
export const newId = (prefix: string): string =>
  `${prefix}_${Date.now().toString(16).padStart(11, "0")}${own}${(count++).toString(16).padStart(10, "0")}`;

const utf8 = new TextEncoder();
export const bytes = (text: string): Uint8Array => utf8.encode(text);

/** SHA-256: columns of 32 bytes ask for it, unique for each text. */
export const digest = (text: string): Uint8Array => hash("sha256", text, "buffer");

/** The 16 bytes that a phone is looked up by: the phone itself, where the product has a keyed hash. */
export function phoneIndex(phone: string): Uint8Array {
  const index = new Uint8Array(16);
  utf8.encodeInto(phone, index);
  return index;
}

export const time = (ms: number): string => new Date(ms).toISOString();
export const timeOrNull = (ms: number | null): string | null => ms === null ? null : time(ms);
