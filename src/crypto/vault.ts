import { type Aead, type CreateAead, webAead } from "./aead.ts";
import { createMac } from "./hash.ts";
import { deriveSubkey, type Keyring } from "./keyring.ts";

/** Where a sealed value is stored. It opens only for the same place, so that nobody can move it to another row or column. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** Encrypts personal data and secrets before they are stored, and makes them searchable. */
export interface Vault {
  /** Encrypts with the newest key (AES-256-GCM, a random nonce). */
  seal(plain: string | Uint8Array, place: Place): Promise<Uint8Array>;
  /** Errors: {@link VaultError} `unknown_key`, `tampered` (also for another place). */
  open(sealed: Uint8Array, place: Place): Promise<Uint8Array>;
  /** {@link open} for UTF-8 text. */
  openText(sealed: Uint8Array, place: Place): Promise<string>;
  /**
   * A blind index of 16 bytes. Equal values of one kind give equal bytes; without the key the bytes reveal nothing. It is
   * made with the oldest key of the ring, so that it stays the same when newer keys are added. When the last key of
   * `ENCRYPTION_KEYS` is removed, all rows need a new index.
   */
  index(kind: string, value: string): Uint8Array;
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

/** Derives a key from each key of the ring. */
export async function createVault(ring: Keyring, createAead: CreateAead = webAead): Promise<Vault> {
  const sealers = await Promise.all(ring.map((key) => createSealer(key, createAead)));
  const byId = new Map(ring.map(({ id }, i) => [id, sealers[i] as Sealer]));
  const newest = sealers[0] as Sealer; // a ring is never empty
  const vault: Vault = {
    seal: (plain, place) => seal(newest, plain, place),
    open: (sealed, place) => open(byId, sealed, place),
    openText: async (sealed, place) => decoder.decode(await open(byId, sealed, place)),
    index: await createIndex(ring),
  };
  return vault;
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

async function createIndex(ring: Keyring): Promise<Vault["index"]> {
  const oldest = ring[ring.length - 1] ?? ring[0];
  const mac = createMac(await deriveSubkey(oldest.bytes, "malipo/blind-index/v1", 256));
  return (kind, value) => mac(JSON.stringify([kind, value])).slice(0, INDEX_BYTES);
}
