import { createMac } from "./hash.ts";
import { deriveSubkey, type Keyring } from "./keyring.ts";
import { equalBytes } from "./secrets.ts";

/**
 * Keyed digests of what is stored. Whoever can write to the database but lacks the key can't make one, and a digest
 * reveals nothing of what it is made from, such as a phone number.
 */
export interface Digests {
  /** 64 hex digits, with the newest key. */
  make(parts: readonly unknown[]): string;
  /** Whether the digest was made from these parts, with any key of the ring. Never throws. */
  matches(digest: string, parts: readonly unknown[]): boolean;
}

const FORM = /^[0-9a-f]{64}$/;

/** Derives a key from each key of the ring. The first one makes digests; all of them check. */
export async function createDigests(ring: Keyring): Promise<Digests> {
  const [newest, ...older] = await Promise.all(
    ring.map(async ({ bytes }) => createMac(await deriveSubkey(bytes, "malipo/digest/v1", 256))),
  );
  if (newest === undefined) throw new TypeError("A ring is never empty.");
  return {
    make: (parts) => newest(JSON.stringify(parts)).toHex(),
    matches(digest, parts) {
      if (!FORM.test(digest)) return false;
      const given = Uint8Array.fromHex(digest);
      const text = JSON.stringify(parts);
      return [newest, ...older].some((mac) => equalBytes(mac(text), given));
    },
  };
}
