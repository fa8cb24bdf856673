import type { InferSelectModel } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { Vault } from "../crypto/vault.ts";
import type { DarajaApp } from "../daraja/daraja.ts";
import type { Database } from "../db/database.ts";
import { rows, select } from "../db/query.ts";
import { shortcodes } from "../db/schema.ts";
import { invalidField } from "../problem.ts";

const KNOWN_FOR_MS = 30_000;

/** What a shortcode needs to speak to Daraja; sealed at rest as one JSON value. */
export const credentialsSchema = z.object({
  consumer_key: z.string(),
  consumer_secret: z.string(),
  passkey: z.string(),
  initiator_name: z.string().optional(),
  initiator_password: z.string().optional(),
  security_credential: z.string().optional(),
  certificate: z.string().optional(),
});
export type Credentials = z.infer<typeof credentialsSchema>;

/** A merchant's paybill or till, with its credentials in the clear. Never leaves the process. */
export interface Shortcode {
  readonly id: string;
  readonly merchantId: string;
  readonly kind: "paybill" | "till";
  readonly number: string;
  readonly storeNumber: string | null;
  readonly name: string;
  readonly isDefault: boolean;
  readonly app: DarajaApp;
  readonly credentials: Credentials;
}

const byMerchant = select(shortcodes, "WHERE merchant_id = ? ORDER BY id");
const byId = select(shortcodes, "WHERE id = ?");

export const placeOfCredentials = (id: string): { table: string; column: string; row: string } => ({
  table: "shortcodes",
  column: "credentials",
  row: id,
});

/** Shortcodes by merchant and by id, kept for 30 s so that the hot path needs no read of its own. */
export class Shortcodes {
  readonly #merchants = new LRUCache<string, readonly Shortcode[]>({ max: 1_000, ttl: KNOWN_FOR_MS });
  readonly #ids = new LRUCache<string, Shortcode>({ max: 5_000, ttl: KNOWN_FOR_MS });
  constructor(readonly db: Database, readonly vault: Vault) {}

  /** The merchant's shortcode with that number, or the default one. Errors: `validation_failed` at `/shortcode`. */
  async pick(merchantId: string, number: string | undefined): Promise<Shortcode> {
    const own = await this.ofMerchant(merchantId);
    const found = number === undefined ? own.find((s) => s.isDefault) : own.find((s) => s.number === number);
    if (found !== undefined) return found;
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
    return await this.#open(row);
  }

  async ofMerchant(merchantId: string): Promise<readonly Shortcode[]> {
    const known = this.#merchants.get(merchantId);
    if (known !== undefined) return known;
    const [found] = await rows(this.db, byMerchant(merchantId));
    const own = await Promise.all(found.map((row) => this.#open(row)));
    this.#merchants.set(merchantId, own);
    return own;
  }

  /** Forgets what is known of a merchant, after a change. */
  forget(merchantId: string): void {
    for (const shortcode of this.#merchants.get(merchantId) ?? []) this.#ids.delete(shortcode.id);
    this.#merchants.delete(merchantId);
  }

  async #open(row: InferSelectModel<typeof shortcodes>): Promise<Shortcode> {
    const credentials = credentialsSchema.parse(
      JSON.parse(await this.vault.openText(row.credentials, placeOfCredentials(row.id))),
    );
    const shortcode: Shortcode = {
      id: row.id,
      merchantId: row.merchant_id,
      kind: row.kind,
      number: row.number,
      storeNumber: row.store_number,
      name: row.name,
      isDefault: row.is_default,
      app: { consumerKey: credentials.consumer_key, consumerSecret: credentials.consumer_secret },
      credentials,
    };
    this.#ids.set(row.id, shortcode);
    return shortcode;
  }
}
