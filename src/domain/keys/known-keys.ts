import type { Config } from "../../config/config.ts";
import { sha256 } from "../../crypto/hash.ts";
import { statesOf } from "../../crypto/keyring.ts";
import type { KnownKey, RingName } from "../../db/schema.ts";

export const RINGS: readonly RingName[] = ["encryption", "index", "signing", "callback"];

type Known = Readonly<Record<RingName, readonly KnownKey[]>>;

/** Six bytes of a hash: enough to tell two keys of one id apart, and useless to whoever looks for a key of 256 bits. */
const printOf = (bytes: Uint8Array | string): string =>
  sha256(new Uint8Array([...new TextEncoder().encode("malipo/key-print/v1\n"), ...bytesOf(bytes)])).slice(0, 6).toHex();
const bytesOf = (key: Uint8Array | string) => typeof key === "string" ? new TextEncoder().encode(key) : key;

/** What a process knows of its keys: no secret. */
export function knownKeys({ encryption, index, signing, callback }: Config["keys"]): Known {
  const ofRing = (ring: Config["keys"]["encryption"]) =>
    named(ring.map(({ id, bytes, isNew }) => ({ id, print: printOf(bytes), ...(isNew === true ? { isNew } : {}) })));
  return {
    encryption: ofRing(encryption),
    index: ofRing(index),
    signing: named(
      signing.map(({ kid, x, isNew }) => ({ id: kid, print: printOf(x), ...(isNew === true ? { isNew } : {}) })),
    ),
    callback: ofRing(callback),
  };
}

function named(keys: readonly { readonly id: string; readonly print: string; readonly isNew?: true }[]): KnownKey[] {
  const states = statesOf(keys);
  return keys.map(({ id, print }, i) => ({ id, print, state: states[i] ?? "retiring" }));
}

export const activeIn = (ring: readonly KnownKey[]): KnownKey | undefined =>
  ring.find(({ state }) => state === "active");
