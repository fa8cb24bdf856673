/** A named secret key. */
export interface RingKey {
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Keys in the order of the setting, newest first. The first key encrypts or signs; all keys decrypt or verify. */
export type Keyring = readonly [RingKey, ...RingKey[]];

/** The value of a setting, or all its problems. A problem never contains the text of the setting. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The allowed length of a key, in bytes. */
export interface KeyLength {
  readonly min: number;
  readonly max: number;
}

/** A key of AES-256 has exactly 32 bytes. */
export const encryptionKeyLength: KeyLength = { min: 32, max: 32 };

/** HMAC-SHA256: a key longer than its output (32 bytes) adds no strength, and one longer than its block (64 bytes) is hashed first. */
export const callbackSecretLength: KeyLength = { min: 32, max: 64 };

const ENTRY = /^([A-Za-z0-9_-]{1,16}):([A-Za-z0-9_-]+)={0,2}$/;

/** Reads `id:base64url,id:base64url`, newest first. Problems name a key by its position, because a wrong text may be a key without an id. */
export function parseKeyring(text: string, length: KeyLength): Parsed<Keyring> {
  const problems: string[] = [];
  const keys: RingKey[] = [];
  for (const [i, part] of text.split(",").entries()) {
    const key = readKey(part.trim());
    const name = `key ${i + 1}`;
    if (!key) problems.push(`${name} is not id:base64url`);
    else if (key.bytes.length < length.min) problems.push(`${name} is shorter than ${length.min} bytes`);
    else if (key.bytes.length > length.max) problems.push(`${name} is longer than ${length.max} bytes`);
    else if (keys.some((other) => other.id === key.id)) problems.push(`${name} repeats the id of another`);
    else keys.push(key);
  }
  const [first, ...rest] = keys;
  if (!first || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: [first, ...rest] };
}

function readKey(text: string): RingKey | null {
  const [, id, encoded] = ENTRY.exec(text) ?? [];
  if (!id || !encoded) return null;
  try {
    return { id, bytes: Uint8Array.fromBase64(encoded, { alphabet: "base64url" }) };
  } catch {
    return null;
  }
}

/** The text form of a ring, as {@link parseKeyring} reads it. */
export function formatKeyring(ring: Keyring): string {
  return ring.map(({ id, bytes }) => `${id}:${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}`).join(",");
}

/** A key of 32 random bytes. */
export function newRingKey(id: string): RingKey {
  return { id, bytes: crypto.getRandomValues(new Uint8Array(32)) };
}

/** A key for one purpose, derived with HKDF-SHA256 (RFC 5869), so that no key has two purposes. `bits` is its length. */
export async function deriveSubkey(
  key: Uint8Array<ArrayBuffer>,
  purpose: string,
  bits: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const material = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(purpose);
  const params = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
  return new Uint8Array(await crypto.subtle.deriveBits(params, material, bits));
}
