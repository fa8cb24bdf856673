import { createMac, type Mac } from "./hash.ts";
import { activePlace, deriveSubkey, type Keyring } from "./keyring.ts";
import { equalBytes } from "./secrets.ts";

/**
 * Keyed digests of what is stored. Whoever can write to the database but lacks the key can't make one, and a digest
 * reveals nothing of what it is made from, such as a phone number.
 */
export interface Digests {
  /** 64 hex digits, with the active key. */
  make(parts: readonly unknown[]): string;
  /** Whether the digest was made from these parts, with any key of the ring. Never throws. */
  matches(digest: string, parts: readonly unknown[]): boolean;
}

const FORM = /^[0-9a-f]{64}$/;

/** Derives a key from each key of the ring. The active one makes digests; all of them check. */
export async function createDigests(ring: Keyring): Promise<Digests> {
  const macs = await Promise.all(
    ring.map(async ({ bytes }) => createMac(await deriveSubkey(bytes, "malipo/digest/v1", 256))),
  );
  const active = macs[activePlace(ring)] as Mac; // a ring has an active key
  return {
    make: (parts) => active(JSON.stringify(parts)).toHex(),
    matches(digest, parts) {
      if (!FORM.test(digest)) return false;
      const given = Uint8Array.fromHex(digest);
      const text = JSON.stringify(parts);
      return macs.some((mac) => equalBytes(mac(text), given));
    },
  };
}
