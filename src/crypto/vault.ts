import { createLru } from "../lib/lru.ts";
import { type Aead, type CreateAead, webAead } from "./aead.ts";
import { createMac, type Mac } from "./hash.ts";
import { activePlace, deriveSubkey, indexRingOf, type Keyring } from "./keyring.ts";

/** Where a sealed value is stored. It opens only for the same place, so that nobody can move it to another row or column. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** Encrypts personal data and secrets before they are stored, and makes them searchable. */
export interface Vault {
  /** Encrypts with the active key (AES-256-GCM, a random nonce). */
  seal(plain: string | Uint8Array, place: Place): Promise<Uint8Array>;
  /** Errors: {@link VaultError} `unknown_key`, `tampered` (also for another place). */
  open(sealed: Uint8Array, place: Place): Promise<Uint8Array>;
  /** {@link open} for UTF-8 text. */
  openText(sealed: Uint8Array, place: Place): Promise<string>;
  /**
   * A blind index of 16 bytes. Equal values of one kind give equal bytes; without the key the bytes reveal nothing. It is
   * made with the active key of the index ring.
   */
  index(kind: string, value: string): Uint8Array;
  /** What rows may hold as the index of a value: one for each key of the index ring, the active key's first. */
  indexes(kind: string, value: string): readonly Uint8Array[];
  /** The same for an index that this process has made lately; else only the index itself. */
  alike(index: Uint8Array): readonly Uint8Array[];
  /** How many values each key has sealed since the last call, by the key's id. */
  takeSealCounts(): ReadonlyMap<string, number>;
  /** The id of the key that seals. */
  readonly activeKey: string;
  /** The id of the key that sealed a value. */
  keyOf(sealed: Uint8Array): string;
}

export type VaultErrorCode = "unknown_key" | "tampered";

const reasons: Record<VaultErrorCode, string> = {
  unknown_key: "sealed with a key that is not in the ring",
  tampered: "changed, or sealed for another place",
};

/** A sealed value can't be opened. */
export class VaultError extends Error {
  override readonly name = "VaultError";
  constructor(readonly code: VaultErrorCode) {
    super(`The sealed value was ${reasons[code]}.`);
  }
}

/** The layout of a sealed value: version, length of the key id, key id, nonce, ciphertext with tag. Lengths in bytes. */
const LAYOUT_VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const INDEX_BYTES = 16;

const utf8 = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

// JSON separates the three parts, whatever they contain.
const associatedData = ({ table, column, row }: Place) => utf8.encode(JSON.stringify([table, column, row]));

interface Sealer {
  readonly header: Uint8Array<ArrayBuffer>;
  readonly cipher: Aead;
}

/** Derives a key from each key of the rings. Without an index ring the oldest key of the other one makes the index. */
export async function createVault(
  ring: Keyring,
  createAead: CreateAead = webAead,
  indexRing: Keyring = indexRingOf(ring),
): Promise<Vault> {
  const sealers = await Promise.all(ring.map((key) => createSealer(key, createAead)));
  const byId = new Map(ring.map(({ id }, i) => [id, sealers[i] as Sealer]));
  const active = activePlace(ring);
  const sealer = sealers[active] as Sealer; // a ring has an active key
  const activeKey = ring[active]?.id ?? "";
  let sealed = 0;
  return {
    seal(plain, place) {
      sealed++;
      return seal(sealer, plain, place);
    },
    open: (value, place) => open(byId, value, place),
    openText: async (value, place) => decoder.decode(await open(byId, value, place)),
    ...await createIndex(indexRing),
    takeSealCounts() {
      const counts = new Map([[activeKey, sealed]]);
      sealed = 0;
      return counts;
    },
    activeKey,
    keyOf: (value) => String.fromCharCode(...value.subarray(2, 2 + (value[1] ?? 0))),
  };
}

async function createSealer({ id, bytes }: Keyring[number], createAead: CreateAead): Promise<Sealer> {
  const name = utf8.encode(id);
  const raw = await deriveSubkey(bytes, "malipo/field-encryption/v1", 256);
  return { header: Uint8Array.of(LAYOUT_VERSION, name.length, ...name), cipher: await createAead(raw) };
}

async function seal({ header, cipher }: Sealer, plain: string | Uint8Array, place: Place): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const bytes = typeof plain === "string" ? utf8.encode(plain) : new Uint8Array(plain);
  const body = await cipher.encrypt(nonce, bytes, associatedData(place));
  const sealed = new Uint8Array(header.length + NONCE_BYTES + body.length);
  sealed.set(header);
  sealed.set(nonce, header.length);
  sealed.set(body, header.length + NONCE_BYTES);
  return sealed;
}

async function open(byId: ReadonlyMap<string, Sealer>, sealed: Uint8Array, place: Place): Promise<Uint8Array> {
  const start = 2 + (sealed[1] ?? 0);
  if (sealed[0] !== LAYOUT_VERSION || sealed.length < start + NONCE_BYTES + TAG_BYTES) throw new VaultError("tampered");
  const sealer = byId.get(String.fromCharCode(...sealed.subarray(2, start)));
  if (!sealer) throw new VaultError("unknown_key");
  const nonce = sealed.slice(start, start + NONCE_BYTES);
  try {
    return await sealer.cipher.decrypt(nonce, sealed.slice(start + NONCE_BYTES), associatedData(place));
  } catch {
    throw new VaultError("tampered");
  }
}

/** How many indexes a process remembers while a ring has several keys. */
const MAX_ALIKE = 20_000;

async function createIndex(ring: Keyring): Promise<Pick<Vault, "index" | "indexes" | "alike">> {
  const made = await Promise.all(
    ring.map(async ({ bytes }) => createMac(await deriveSubkey(bytes, "malipo/blind-index/v1", 256))),
  );
  const active = made[activePlace(ring)] as Mac; // a ring has an active key
  const others = made.filter((mac) => mac !== active);
  const known = createLru<string, readonly Uint8Array[]>(MAX_ALIKE);
  const of = (mac: Mac, kind: string, value: string) => mac(JSON.stringify([kind, value])).slice(0, INDEX_BYTES);
  const indexes = (kind: string, value: string) => [active, ...others].map((mac) => of(mac, kind, value));
  return {
    index(kind, value) {
      if (others.length === 0) return of(active, kind, value);
      const all = indexes(kind, value);
      const index = all[0] as Uint8Array; // of the active key
      known.set(index.toHex(), all);
      return index.slice();
    },
    indexes,
    alike: (index) => known.get(index.toHex()) ?? [index],
  };
}
