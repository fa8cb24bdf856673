import { LRUCache } from "lru-cache";
import { z } from "zod";
import { accountKey } from "../settlement/account-key.ts";
import type { Place, Vault } from "../../crypto/vault.ts";
import type { Credentials, Shortcode, ShortcodeDirectory, ShortcodeRow } from "../../context/shortcode.ts";
import type { Database } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import { shortcodes } from "../../db/schema.ts";
import { invalidField } from "../../problems/problem.ts";

const CACHE_MS = 30_000;

const credentialsSchema: z.ZodType<Credentials> = z.object({
  consumer_key: z.string(),
  consumer_secret: z.string(),
  passkey: z.string(),
  initiator_name: z.string().optional(),
  initiator_password: z.string().optional(),
  security_credential: z.string().optional(),
  certificate: z.string().optional(),
});

const selectByMerchant = select(shortcodes, "WHERE merchant_id = ? ORDER BY id");
const byId = select(shortcodes, "WHERE id = ?");

export const credentialsPlace = (id: string): Place => ({ table: "shortcodes", column: "credentials", row: id });
export const pullPhonePlace = (id: string): Place => ({ table: "shortcodes", column: "pull_phone", row: id });

/** Shortcodes by merchant and by id. They are cached for 30 s, so that a checkout needs no read for its shortcode. */
export class Shortcodes implements ShortcodeDirectory {
  readonly #merchants = new LRUCache<string, readonly Shortcode[]>({ max: 1_000, ttl: CACHE_MS });
  readonly #ids = new LRUCache<string, Shortcode>({ max: 5_000, ttl: CACHE_MS });
  readonly #last = new LRUCache<string, Shortcode>({ max: 5_000 });
  constructor(readonly db: Database, readonly vault: Vault) {}

  /** The merchant's shortcode with that number, or the default one. Errors: `validation_failed` at `/shortcode`. */
  async pick(merchantId: string, number: string | undefined): Promise<Shortcode> {
    const own = await this.ofMerchant(merchantId);
    const found = number === undefined ? own.find((s) => s.isDefault) : own.find((s) => s.number === number);
    if (found !== undefined) return requireProven(found);
    if (number === undefined) {
      throw invalidField("/shortcode", "the merchant has no default shortcode; name one of its shortcodes");
    }
    const store = own.find((s) => s.storeNumber === number);
    const hint = store === undefined
      ? "GET /v1/shortcodes lists them"
      : `it is the store number of till ${store.number}; send the till number`;
    throw invalidField("/shortcode", `${number} is not a shortcode of this merchant; ${hint}`);
  }

  async byId(id: string): Promise<Shortcode> {
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    const [found] = await rows(this.db, byId(id));
    const row = found[0];
    if (row === undefined) throw new Error(`shortcode ${id} is gone`);
    return await this.open(row);
  }

  /** The last known state of a shortcode, however old: for an answer that can't wait for the database. */
  lastKnown(id: string): Shortcode | null {
    return this.#last.get(id) ?? null;
  }

  async ofMerchant(merchantId: string): Promise<readonly Shortcode[]> {
    const known = this.#merchants.get(merchantId);
    if (known !== undefined) return known;
    const [found] = await rows(this.db, selectByMerchant(merchantId));
    const own = await Promise.all(found.map((row) => this.open(row)));
    this.#merchants.set(merchantId, own);
    return own;
  }

  /** Removes a merchant's shortcodes from the cache, after a change. Other processes see the change within 30 s. */
  forget(merchantId: string): void {
    for (const [id, shortcode] of [...this.#ids.entries()]) {
      if (shortcode.merchantId === merchantId) this.#ids.delete(id);
    }
    this.#merchants.delete(merchantId);
  }

  /** Decrypts a row and caches the result. */
  async open(row: ShortcodeRow): Promise<Shortcode> {
    const shortcode = await openShortcode(this.vault, row);
    this.#ids.set(row.id, shortcode);
    this.#last.set(row.id, shortcode);
    return shortcode;
  }
}

/** Errors: `validation_failed` at `/shortcode`. */
function requireProven(shortcode: Shortcode): Shortcode {
  if (shortcode.row.proven_at !== null) return shortcode;
  throw invalidField(
    "/shortcode",
    `M-Pesa has not accepted the credentials of ${shortcode.number} yet; POST /v1/shortcodes/${shortcode.id}/check`,
  );
}

/** Decrypts the sealed columns of a row. */
export async function openShortcode(vault: Vault, row: ShortcodeRow): Promise<Shortcode> {
  const [text, pullPhone] = await Promise.all([
    vault.openText(row.credentials, credentialsPlace(row.id)),
    row.pull_phone === null ? null : vault.openText(row.pull_phone, pullPhonePlace(row.id)),
  ]);
  const credentials = credentialsSchema.parse(JSON.parse(text));
  return {
    id: row.id,
    merchantId: row.merchant_id,
    kind: row.kind,
    number: row.number,
    storeNumber: row.store_number,
    name: row.name,
    isDefault: row.is_default,
    app: { consumerKey: credentials.consumer_key, consumerSecret: credentials.consumer_secret },
    credentials,
    validation: {
      rule: row.validation,
      accounts: new Set(row.known_accounts.map(accountKey)),
      whenDown: row.validation_when_down,
    },
    pullPhone,
    row,
  };
}
