import { type Aead, type CreateAead, webAead } from "./aead.ts";
import { createMac } from "./hash.ts";
import { deriveSubkey, type Keyring } from "./keyring.ts";

/** Where a sealed value lives. It opens in this place only, so that values can't be moved between rows or columns. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** Seals personal data and secrets before they are stored, and makes them findable. */
export interface Vault {
  /** Encrypts with the newest key (AES-256-GCM, a random nonce). */
  seal(plain: string | Uint8Array, place: Place): Promise<Uint8Array>;
  /** Errors: {@link VaultError} `unknown_key`, `tampered` (also for another place). */
  open(sealed: Uint8Array, place: Place): Promise<Uint8Array>;
  /** {@link open} for UTF-8 text. */
  openText(sealed: Uint8Array, place: Place): Promise<string>;
  /**
   * A keyed blind index of 16 bytes: equal values of one kind give equal bytes, which tell nothing without the key.
   * Made with the oldest key of the ring, so it stays the same while newer keys are added before it; whoever removes
   * the last key of `ENCRYPTION_KEYS` must index anew.
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

/** Layout: version, length of key id, key id, nonce, ciphertext with tag. */
const layoutVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;
const indexBytes = 16;

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

// JSON keeps the three parts apart whatever they contain.
const associated = ({ table, column, row }: Place) => utf8.encode(JSON.stringify([table, column, row]));

interface Sealer {
  readonly header: Uint8Array<ArrayBuffer>;
  readonly cipher: Aead;
}

/** Derives every key once. */
export async function createVault(ring: Keyring, createAead: CreateAead = webAead): Promise<Vault> {
  const sealers = await Promise.all(ring.map((key) => createSealer(key, createAead)));
  const byId = new Map(ring.map(({ id }, i) => [id, sealers[i] as Sealer]));
  const newest = sealers[0] as Sealer; // a ring is never empty
  const vault: Vault = {
    seal: (plain, place) => seal(newest, plain, place),
    open: (sealed, place) => open(byId, sealed, place),
    openText: async (sealed, place) => text.decode(await open(byId, sealed, place)),
    index: await createIndex(ring),
  };
  return vault;
}

async function createSealer({ id, bytes }: Keyring[number], createAead: CreateAead): Promise<Sealer> {
  const name = utf8.encode(id);
  const raw = await deriveSubkey(bytes, "malipo/field-encryption/v1", 256);
  return { header: Uint8Array.of(layoutVersion, name.length, ...name), cipher: await createAead(raw) };
}

async function seal({ header, cipher }: Sealer, plain: string | Uint8Array, place: Place): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const bytes = typeof plain === "string" ? utf8.encode(plain) : new Uint8Array(plain);
  const body = await cipher.encrypt(nonce, bytes, associated(place));
  const sealed = new Uint8Array(header.length + nonceBytes + body.length);
  sealed.set(header);
  sealed.set(nonce, header.length);
  sealed.set(body, header.length + nonceBytes);
  return sealed;
}

async function open(byId: ReadonlyMap<string, Sealer>, sealed: Uint8Array, place: Place): Promise<Uint8Array> {
  const start = 2 + (sealed[1] ?? 0);
  if (sealed[0] !== layoutVersion || sealed.length < start + nonceBytes + tagBytes) throw new VaultError("tampered");
  const sealer = byId.get(String.fromCharCode(...sealed.subarray(2, start)));
  if (!sealer) throw new VaultError("unknown_key");
  const nonce = sealed.slice(start, start + nonceBytes);
  try {
    return await sealer.cipher.decrypt(nonce, sealed.slice(start + nonceBytes), associated(place));
  } catch {
    throw new VaultError("tampered");
  }
}

async function createIndex(ring: Keyring): Promise<Vault["index"]> {
  const oldest = ring[ring.length - 1] ?? ring[0];
  const mac = createMac(await deriveSubkey(oldest.bytes, "malipo/blind-index/v1", 256));
  return (kind, value) => mac(JSON.stringify([kind, value])).slice(0, indexBytes);
}
