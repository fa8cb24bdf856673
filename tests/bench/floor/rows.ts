import type { Statement, Value } from "../../../src/db/database.ts";

/** Makes statements of one text: SQL texts are made once and prepared once. */
export type Make = (...args: readonly Value[]) => Statement;
export const of = (sql: string): Make => (...args) => ({ sql, args });
/** Of which there is one row at most. */
export const oneOf = (sql: string): Make => (...args) => ({ sql, args, one: true });

const into = (table: string, columns: string, more = ""): Make => {
  const marks = columns.split(",").map(() => "?").join(", ");
  return of(`INSERT INTO ${table} (${columns}) VALUES (${marks})${more}`);
};

export const insert = {
  key: into("idempotency_keys", "merchant_id, key, fingerprint, subject_id, status, body, locked_until, created_at"),
  counter: into(
    "counters",
    "name, total, cap, expires_at",
    " ON CONFLICT (name) DO UPDATE SET total = total + excluded.total, cap = excluded.cap",
  ),
  checkout: into(
    "checkouts",
    "id, merchant_id, shortcode_id, status, amount, currency, reference, account_reference, account_key, description, " +
      "return_url, metadata, expires_at, cancelled_at, expired_at, created_at, updated_at, version",
  ),
  attempt: into(
    "attempts",
    "id, checkout_id, status, phone, phone_index, phone_masked, evidence, request_ids, failure, result_code, " +
      "result_description, polls, created_at, accepted_at, ended_at",
  ),
  payment: into(
    "payments",
    "id, merchant_id, shortcode_id, checkout_id, attempt_id, receipt, channel, status, amount, currency, " +
      "account_reference, phone, payer_name, paid_at, created_at, updated_at",
  ),
  event: into("events", "id, merchant_id, type, subject_id, data, created_at"),
  audit: into(
    "audit",
    "merchant_id, actor, action, subject_id, request_id, data, at, actor_merchant_id, address, before, after",
  ),
  job: into(
    "jobs",
    "id, kind, subject_id, merchant_id, status, run_at, lease, attempts, last_error, created_at, updated_at",
    " ON CONFLICT (kind, subject_id) DO UPDATE SET run_at = excluded.run_at, updated_at = excluded.updated_at",
  ),
  notice: into(
    "notices",
    "id, kind, subject_id, merchant_id, digest, body, copies, status, problem, received_at, processed_at, payment_id",
  ),
} as const;

export const answerKey: Make = of("UPDATE idempotency_keys SET status = ?, body = ? WHERE merchant_id = ? AND key = ?");
export const markNotice: Make = of(
  "UPDATE notices SET status = 'applied', merchant_id = ?, processed_at = ?, payment_id = ? WHERE id = ?",
);
export const deleteJob: Make = of("DELETE FROM jobs WHERE id = ?");
export const deleteJobOf: Make = of("DELETE FROM jobs WHERE kind = ? AND subject_id = ?");

/** The last columns of an audit entry: the client's merchant and address, and no settings before and after. */
export const from = ({ merchantId }: { readonly merchantId: string }): readonly Value[] => [
  merchantId,
  "127.0.0.1",
  null,
  null,
];
export const noClient: readonly Value[] = [null, null, null, null];
