import { newId } from "../../crypto/ids.ts";
import { sha256 } from "../../crypto/hash.ts";
import type { Place, Vault } from "../../crypto/vault.ts";
import type { Database, Statement } from "../../db/database.ts";
import { first, insert, type Query } from "../../db/query.ts";
import { outsideSubjects } from "../../db/schema.ts";
import { createLru } from "../../lib/lru.ts";
import type { Clock } from "../../platform/ports.ts";
import { TokenError } from "../tokens.ts";

/** Somebody of an outside issuer, as the issuer names them, who acts for a merchant. */
export interface OutsideSubject {
  readonly issuer: string;
  readonly subject: string;
  readonly merchantId: string;
}

const MAX_KNOWN = 5_000;

const insertSubject = insert(outsideSubjects, "ON CONFLICT (subject_hash) DO NOTHING");
const selectId = (hash: Uint8Array): Query<string> => ({
  sql: "SELECT id FROM outside_subjects WHERE subject_hash = ?",
  args: [hash],
  map: ([id]) => String(id),
});
const selectMerchant = (id: string): Query<number> => ({
  sql: "SELECT 1 FROM merchants WHERE id = ?",
  args: [id],
  map: () => 1,
});

export const subjectPlace = (id: string): Place => ({ table: "outside_subjects", column: "subject", row: id });

/** Gives each subject an id of ours, under which the audit trail names it and an operator blocks it. */
export class OutsideSubjects {
  readonly #known = createLru<string, string>(MAX_KNOWN);
  constructor(readonly db: Database, readonly vault: Vault, readonly clock: Clock) {}

  /** The id; the first time it is stored. Errors: {@link TokenError} `token_invalid` where there is no such merchant. */
  async idOf(subject: OutsideSubject): Promise<string> {
    const hash = sha256(JSON.stringify([subject.issuer, subject.subject, subject.merchantId]));
    const key = hash.toBase64();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = await first(this.db, selectId(hash)) ?? await this.#store(subject, hash);
    this.#known.set(key, id);
    return id;
  }

  async #store(subject: OutsideSubject, hash: Uint8Array): Promise<string> {
    if (await first(this.db, selectMerchant(subject.merchantId)) === null) throw new TokenError("token_invalid");
    const id = newId("ext");
    await this.db.write([await this.#row(id, subject, hash)]);
    return await first(this.db, selectId(hash)) ?? id; // another process may have been faster
  }

  async #row(id: string, { issuer, subject, merchantId }: OutsideSubject, hash: Uint8Array): Promise<Statement> {
    return insertSubject({
      id,
      merchant_id: merchantId,
      issuer,
      subject: await this.vault.seal(subject, subjectPlace(id)),
      subject_hash: hash,
      status: "active",
      blocked_at: null,
      created_at: this.clock.now(),
      version: 1,
    });
  }
}
