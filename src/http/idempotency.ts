import type { Answer, IdempotencyClaim, Services } from "../context/context.ts";
import { sha256 } from "../crypto/hash.ts";
import { ConstraintError, type Statement } from "../db/database.ts";
import { first, insert, select, update } from "../db/query.ts";
import { idempotencyKeys } from "../db/schema.ts";
import { Problem } from "../problems/problem.ts";

/** For so long the first request with a key is taken to be still running. */
const LOCK_MS = 60_000;
const insertKey = insert(idempotencyKeys);
const updateKey = update(idempotencyKeys, ["status", "body"], "WHERE merchant_id = ? AND key = ?");
const selectKey = select(idempotencyKeys, "WHERE merchant_id = ? AND key = ?");

/** Reads the header, bare or in double quotes (as in the IETF draft). Errors: `idempotency_key_missing`, `idempotency_key_invalid`. */
export function parseIdempotencyKey(header: string | undefined, required: boolean): string | null {
  if (header === undefined || header === "") {
    if (!required) return null;
    throw new Problem(
      "idempotency_key_missing",
      "This call moves money, so it needs an Idempotency-Key header. Make one per intent (a UUID will do) and send the same one when you retry.",
    );
  }
  const bare = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (/^[\x21-\x7e]{1,255}$/.test(bare)) return bare;
  throw new Problem(
    "idempotency_key_invalid",
    "Idempotency-Key must be 1 to 255 visible ASCII characters, without spaces.",
  );
}

/** What an earlier request with the same key left in the database. `abandoned`: it stored its change, and no answer. */
export type EarlierResult =
  | { readonly kind: "none" }
  | { readonly kind: "answered"; readonly status: number; readonly body: string }
  | { readonly kind: "abandoned"; readonly subjectId: string };

/** One request's claim on its Idempotency-Key. Keys belong to a merchant and are kept for 7 days (design.md section 8). */
export class KeyClaim implements IdempotencyClaim {
  #state: IdempotencyClaim["state"] = "free";
  readonly #services: Services;
  constructor(
    services: Services,
    readonly merchantId: string,
    readonly key: string,
    readonly fingerprint: Uint8Array,
  ) {
    this.#services = services;
  }

  get state(): IdempotencyClaim["state"] {
    return this.#state;
  }

  async claimStatement(subjectId: string, answer?: Answer): Promise<Statement> {
    const now = this.#services.clock.now();
    return insertKey({
      merchant_id: this.merchantId,
      key: this.key,
      fingerprint: this.fingerprint,
      subject_id: subjectId,
      status: answer?.status ?? null,
      body: answer === undefined ? null : await this.#seal(answer.body),
      locked_until: now + LOCK_MS,
      created_at: now,
    });
  }

  async answerStatement(answer: Answer): Promise<Statement> {
    return updateKey({ status: answer.status, body: await this.#seal(answer.body) }, this.merchantId, this.key);
  }

  markStored(state: "taken" | "answered"): void {
    this.#state = state;
  }

  /**
   * Reads what an earlier request with this key left. Errors: `idempotency_key_reused` if that was a different request,
   * `idempotency_in_progress` while that one may still be running.
   */
  async findEarlierResult(): Promise<EarlierResult> {
    const row = await first(this.#services.db, selectKey(this.merchantId, this.key));
    if (row === null) return { kind: "none" };
    if (!row.fingerprint.every((byte, i) => byte === this.fingerprint[i])) {
      throw new Problem(
        "idempotency_key_reused",
        "This Idempotency-Key was used before, with a different request. For a new request use a new key. To retry, repeat the same body.",
      );
    }
    if (row.status !== null && row.body !== null) {
      const place = { table: "idempotency_keys", column: "body", row: `${this.merchantId}/${this.key}` };
      return { kind: "answered", status: row.status, body: await this.#services.vault.openText(row.body, place) };
    }
    const wait = row.locked_until - this.#services.clock.now();
    if (wait <= 0 && row.subject_id !== null) return { kind: "abandoned", subjectId: row.subject_id };
    throw new Problem(
      "idempotency_in_progress",
      "The first request with this key is still running. Retry in a moment with the same key.",
      {
        retryAfterSeconds: 1,
      },
    );
  }

  #seal(body: unknown): Promise<Uint8Array> {
    const place = { table: "idempotency_keys", column: "body", row: `${this.merchantId}/${this.key}` };
    return this.#services.vault.seal(JSON.stringify(body), place);
  }
}

/** Whether a batch failed because another request has stored the same key. */
export const isKeyTaken = (error: unknown): boolean =>
  error instanceof ConstraintError && error.kind === "unique" && error.rule.startsWith("idempotency_keys.");

/** SHA-256 of method, path with its query, and body. Two requests with the same fingerprint are the same request. */
export const fingerprintOf = (method: string, path: string, body: string): Uint8Array =>
  sha256(`${method} ${path}\n${body}`);
