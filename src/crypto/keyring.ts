/** A named secret key. */
export interface RingKey {
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In state `verify`: it decrypts and verifies, and makes nothing yet, because not every process may know it. */
  readonly isNew?: true;
}

/**
 * Keys in the order of the setting, newest first. All of them decrypt or verify. The first that is not new is `active`: it
 * encrypts or signs. Those after it are `retiring`. At least one key is not new.
 */
export type Keyring = readonly [RingKey, ...RingKey[]];

export type KeyState = "verify" | "active" | "retiring";

/** The states of the keys of a ring, in its order. */
export function statesOf(keys: readonly { readonly isNew?: true }[]): KeyState[] {
  const active = keys.findIndex(({ isNew }) => isNew !== true);
  return keys.map(({ isNew }, i) => isNew === true ? "verify" : i === active ? "active" : "retiring");
}

/** The place of the key that encrypts or signs. */
export const activePlace = (keys: readonly { readonly isNew?: true }[]): number =>
  Math.max(0, statesOf(keys).indexOf("active"));

/** The ring with which phones are indexed where no setting names one: the oldest key of the encryption ring. */
export function indexRingOf(encryption: Keyring): Keyring {
  const oldest = encryption.findLast(({ isNew }) => isNew !== true) ?? encryption[0];
  return [oldest];
}

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

const ENTRY = /^([A-Za-z0-9_-]{1,16}):([A-Za-z0-9_-]+)={0,2}(:verify)?$/;

/** Reads `id:base64url:verify,id:base64url`, newest first; `:verify` marks a key that makes nothing yet. Problems name a key by its position, because a wrong text may be a key without an id. */
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
  if (keys.length > 0 && keys.every(({ isNew }) => isNew === true)) {
    problems.push("each key is in state verify; one has to be active");
  }
  if (!first || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: [first, ...rest] };
}

function readKey(text: string): RingKey | null {
  const [, id, encoded, verify] = ENTRY.exec(text) ?? [];
  if (!id || !encoded) return null;
  try {
    const bytes = Uint8Array.fromBase64(encoded, { alphabet: "base64url" });
    return verify === undefined ? { id, bytes } : { id, bytes, isNew: true };
  } catch {
    return null;
  }
}

/** The text form of a ring, as {@link parseKeyring} reads it. */
export function formatKeyring(ring: Keyring): string {
  return ring.map(({ id, bytes, isNew }) =>
    `${id}:${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}${isNew === true ? ":verify" : ""}`
  ).join(",");
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
