import type { InferSelectModel } from "drizzle-orm";
import type { Statement } from "../../db/database.ts";
import { insert, type Query, select, statement, update } from "../../db/query.ts";
import { payments, reconciliationLeftOut, reconciliationRows, reconciliations } from "../../db/schema.ts";
import type { LeftOut } from "./parse-statement.ts";

export type Reconciliation = InferSelectModel<typeof reconciliations>;
export type Row = InferSelectModel<typeof reconciliationRows>;

export const insertReconciliation = insert(reconciliations);
export const selectReconciliation = select(reconciliations, "WHERE id = ? AND merchant_id = ?");

export const selectReconciliationById = select(reconciliations, "WHERE id = ?");
export const selectPayment = select(payments, "WHERE id = ? AND merchant_id = ?");

/** The shortcode's oldest reconciliation that has not ended. */
export const selectUnfinished = select(
  reconciliations,
  "WHERE shortcode_id = ? AND status IN ('queued', 'running') ORDER BY id LIMIT 1",
);

const SCHEDULED = "WHERE shortcode_id = ? AND source = 'pull' AND started_by = 'system'";
/** The newest scheduled reconciliation, in any state. */
export const selectLastScheduled = select(reconciliations, `${SCHEDULED} ORDER BY id DESC LIMIT 1`);
export const selectLastCompleted = select(
  reconciliations,
  `${SCHEDULED} AND status = 'completed' ORDER BY id DESC LIMIT 1`,
);
/** The newest scheduled reconciliation that was completed and covered at least the given ms. */
export const selectLastFull = select(
  reconciliations,
  `${SCHEDULED} AND status = 'completed' AND window_to - window_from >= ? ORDER BY id DESC LIMIT 1`,
);

export const selectFindings = select(
  reconciliationRows,
  "WHERE reconciliation_id = ? AND outcome NOT IN ('waiting', 'matched') ORDER BY receipt LIMIT 500",
);
export const selectWaiting = select(
  reconciliationRows,
  "WHERE reconciliation_id = ? AND outcome = 'waiting' ORDER BY receipt LIMIT ?",
);
export const selectProcessed = select(
  reconciliationRows,
  "WHERE reconciliation_id = ? AND outcome <> 'waiting' AND receipt IN (SELECT value FROM json_each(?))",
);

/** Sets the outcome of a row that waits (from a statement). A row that has an outcome is not changed. */
const ON_CONFLICT_SET_OUTCOME = "ON CONFLICT (reconciliation_id, receipt) DO UPDATE SET outcome = excluded.outcome, " +
  "payment_id = excluded.payment_id, ours = excluded.ours WHERE outcome = 'waiting'";
export const insertRow = insert(reconciliationRows, ON_CONFLICT_SET_OUTCOME);

const INSERT_ROWS = "INSERT INTO reconciliation_rows " +
  "(reconciliation_id, receipt, outcome, payment_id, ours, theirs, account_reference, paid_at) " +
  "SELECT ?, json_extract(value, '$.receipt'), json_extract(value, '$.outcome'), json_extract(value, '$.payment_id'), " +
  "json_extract(value, '$.ours'), json_extract(value, '$.theirs'), json_extract(value, '$.account_reference'), " +
  `json_extract(value, '$.paid_at') FROM json_each(?) WHERE true ${ON_CONFLICT_SET_OUTCOME}`;

/** {@link insertRow} for many rows of one reconciliation. */
export const insertRows = (id: string, rows: readonly Omit<Row, "reconciliation_id">[]): Statement =>
  statement(INSERT_ROWS, id, JSON.stringify(rows));

const INSERT_LEFT_OUT = "INSERT INTO reconciliation_left_out (reconciliation_id, row, receipt, reason, amount) " +
  "SELECT ?, json_extract(value, '$.row'), json_extract(value, '$.receipt'), json_extract(value, '$.reason'), " +
  "json_extract(value, '$.amount') FROM json_each(?) WHERE true ON CONFLICT DO NOTHING";

/** Stores the rows of a statement that were left out. */
export const insertLeftOut = (id: string, rows: readonly LeftOut[]): Statement =>
  statement(INSERT_LEFT_OUT, id, JSON.stringify(rows));

export const selectLeftOut = select(reconciliationLeftOut, "WHERE reconciliation_id = ? ORDER BY row LIMIT ?");

const INSERT_FINDINGS =
  "INSERT INTO reconciliation_rows (reconciliation_id, receipt, outcome, payment_id, ours, theirs) " +
  "SELECT ?, json_extract(value, '$.receipt'), 'differs', p.id, p.amount, json_extract(value, '$.theirs') " +
  "FROM json_each(?) LEFT JOIN payments p ON p.shortcode_id = ? AND p.receipt = json_extract(value, '$.receipt') " +
  "WHERE true ON CONFLICT DO NOTHING";

/** Stores a finding for each receipt of a statement that could not be recorded, next to our payment of that receipt. */
export const insertFindings = (
  id: string,
  shortcodeId: string,
  findings: readonly { readonly receipt: string; readonly theirs: number | null }[],
): Statement => statement(INSERT_FINDINGS, id, JSON.stringify(findings), shortcodeId);

const INSERT_CONTRADICTED =
  "INSERT INTO reconciliation_rows (reconciliation_id, receipt, outcome, payment_id, ours, theirs, paid_at) " +
  "SELECT l.reconciliation_id, l.receipt, 'differs', p.id, p.amount, l.amount, p.paid_at FROM reconciliation_left_out l " +
  "JOIN payments p ON p.shortcode_id = ? AND p.receipt = l.receipt WHERE l.reconciliation_id = ? AND " +
  "(l.reason = 'not_completed' OR (l.reason <> 'nothing_paid_in' AND l.amount IS NOT p.amount)) ON CONFLICT DO NOTHING";

/**
 * Stores a finding for each of our payments that a left-out row contradicts: M-Pesa lists it as not completed, or with
 * another amount. A receipt that the file also lists as a payment (a charge has the receipt of its payment) has its row.
 */
export const insertContradicted = (id: string, shortcodeId: string): Statement =>
  statement(INSERT_CONTRADICTED, shortcodeId, id);

/** Stores how far the reconciliation has come. */
export const updateProgress = update(
  reconciliations,
  ["status", "next_offset", "tries", "unreadable", "updated_at"],
  "WHERE id = ?",
);

const countSql = (outcomes: string): string =>
  `(SELECT count(*) FROM reconciliation_rows WHERE reconciliation_id = reconciliations.id AND outcome IN (${outcomes}))`;

const UPDATE_COUNTS = "UPDATE reconciliations SET " +
  `seen = ${countSql("'matched', 'completed', 'created', 'differs'")}, matched = ${
    countSql("'matched', 'completed'")
  }, ` +
  `created = ${countSql("'created'")}, differing = ${
    countSql("'differs', 'missing'")
  }, version = version + 1 WHERE id = ?`;

/** Counts the rows again, stores the counts, and raises the version: each batch that changes a reconciliation has it, once. */
export const updateCounts = (id: string): Statement => statement(UPDATE_COUNTS, id);

const INSERT_MISSING =
  "INSERT INTO reconciliation_rows (reconciliation_id, receipt, outcome, payment_id, ours, paid_at) " +
  "SELECT ?, receipt, 'missing', id, amount, paid_at FROM payments WHERE shortcode_id = ? AND receipt IS NOT NULL " +
  "AND paid_at BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM reconciliation_rows r " +
  "WHERE r.reconciliation_id = ? AND r.receipt = payments.receipt) AND NOT EXISTS (SELECT 1 FROM reconciliation_left_out l " +
  "WHERE l.reconciliation_id = ? AND l.receipt = payments.receipt) ON CONFLICT DO NOTHING";

/** Adds a row for each of our payments between two times (ms) that M-Pesa did not list, also not among rows that were left out. */
export const insertMissing = (id: string, shortcodeId: string, from: number, to: number): Statement =>
  statement(INSERT_MISSING, id, shortcodeId, from, to, id, id);

export const markEnded = update(reconciliations, ["status", "problem", "updated_at", "ended_at"], "WHERE id = ?");

/** Statement: makes the batch fail with `conflict` while a row of the reconciliation waits to be recorded. */
export const abortIfWaiting = (id: string): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE EXISTS " +
      "(SELECT 1 FROM reconciliation_rows WHERE reconciliation_id = ? AND outcome = 'waiting')",
    id,
  );

/** Deletes the rows without a finding, at the end. Their counts are kept. */
export const deleteMatchedRows = (id: string): Statement =>
  statement("DELETE FROM reconciliation_rows WHERE reconciliation_id = ? AND outcome = 'matched'", id);

/** Deletes scheduled reconciliations that found nothing and are older than `before` (ms). */
export const deleteUneventful = (shortcodeId: string, before: number): Statement =>
  statement(
    "DELETE FROM reconciliations WHERE shortcode_id = ? AND status = 'completed' AND started_by = 'system' AND " +
      "created_at < ? AND NOT EXISTS " +
      "(SELECT 1 FROM reconciliation_rows WHERE reconciliation_id = reconciliations.id)",
    shortcodeId,
    before,
  );

/** Something that was built on a payment of a run. */
export interface BuiltOn {
  readonly paymentId: string;
  readonly receipt: string;
  readonly what: string;
}

/** The run's payments that only the file named, as far as nobody has replaced or withdrawn them. */
const OWN_PAYMENTS = "FROM reconciliation_rows r JOIN reconciliations c ON c.id = r.reconciliation_id " +
  "JOIN payments p ON p.id = r.payment_id WHERE r.reconciliation_id = ? AND r.outcome IN ('created', 'completed') " +
  "AND p.uploaded = 1";
/** What the import itself did was posted to the ledger until it ended. */
const MOVED_LATER = "EXISTS (SELECT 1 FROM ledger_entries e WHERE e.subject_id = p.id AND e.at > c.ended_at)";
const WAS_REFUNDED = "EXISTS (SELECT 1 FROM refunds f WHERE f.payment_id = p.id)";
const BUILT_ON = `${OWN_PAYMENTS} AND (p.attempt_id IS NOT NULL OR p.receipt_source = 'person' OR ` +
  `p.status IN ('refunded', 'taken_back') OR ${WAS_REFUNDED} OR ${MOVED_LATER})`;
const WHAT =
  `CASE WHEN ${WAS_REFUNDED} THEN 'has a refund: ' || (SELECT max(f.id) FROM refunds f WHERE f.payment_id = p.id) ` +
  "WHEN p.status = 'taken_back' THEN 'was taken back by M-Pesa' " +
  "WHEN p.attempt_id IS NOT NULL THEN 'settled a prompt: ' || p.attempt_id " +
  "WHEN p.receipt_source = 'person' THEN 'was matched by a person: ' || coalesce(p.checkout_id, '') " +
  "ELSE 'was moved in the ledger after the import' END";

/** A reversal that the file named took a payment back, which is M-Pesa's own perhaps: nothing says what it was before. */
const TAKEN_BACK = "FROM reversals WHERE reconciliation_id = ? AND outcome <> 'waiting'";

/** What was built on the payments of a run since, and what can't be undone; at most 100. */
export const selectBuiltOn = (id: string): Query<BuiltOn> => ({
  ...statement(
    `SELECT p.id, p.receipt, ${WHAT} ${BUILT_ON} UNION ALL ` +
      `SELECT coalesce(subject_id, ''), of_receipt, 'was reversed by M-Pesa, as the file says: ' || receipt ${TAKEN_BACK} LIMIT 100`,
    id,
    id,
  ),
  map: ([paymentId, receipt, what]) => ({ paymentId: String(paymentId), receipt: String(receipt), what: String(what) }),
});

/** Statement: aborts the batch if something was built on the payments of a run. */
export const abortIfBuiltOn = (id: string): Statement =>
  statement(
    `INSERT INTO guards (failed) SELECT 'conflict' WHERE EXISTS (SELECT 1 ${BUILT_ON}) OR EXISTS (SELECT 1 ${TAKEN_BACK})`,
    id,
    id,
  );

const WAITS_FOR_PAYMENT = "reconciliation_id = ? AND outcome = 'waiting'";
/** Another run of the shortcode, not undone, whose file lists the reversal too; null: there is none. */
const LISTED_BY = "(SELECT min(l.reconciliation_id) FROM reconciliations c JOIN reconciliation_left_out l ON " +
  "l.reconciliation_id = c.id WHERE c.shortcode_id = reversals.shortcode_id AND c.id <> reversals.reconciliation_id AND " +
  "c.reversing_at IS NULL AND l.receipt = reversals.receipt AND l.reason IN ('reversal', 'nothing_paid_in'))";

/**
 * Statements: reversals that the file named, and that wait for their payment, are forgotten. One that another file names
 * too becomes that one's.
 */
export const forgetWaitingReversals = (id: string): Statement[] => [
  statement(
    `UPDATE reversals SET reconciliation_id = ${LISTED_BY} WHERE ${WAITS_FOR_PAYMENT} AND ${LISTED_BY} IS NOT NULL`,
    id,
  ),
  statement(`DELETE FROM reversals WHERE ${WAITS_FOR_PAYMENT}`, id),
];

/** The ids of the payments that undoing a run withdraws. */
export const selectOwnPayments = (id: string): Query<string> => ({
  ...statement(`SELECT p.id ${OWN_PAYMENTS}`, id),
  map: ([paymentId]) => String(paymentId),
});

export const markReversing = (id: string, now: number, by: string): Statement =>
  statement(
    "UPDATE reconciliations SET reversing_at = ?, reversed_by = ?, updated_at = max(updated_at, ?), version = version + 1 " +
      "WHERE id = ? AND reversing_at IS NULL AND status IN ('completed', 'failed')",
    now,
    by,
    now,
    id,
  );

export const markReversed = (id: string, now: number): Statement =>
  statement(
    "UPDATE reconciliations SET reversed_at = ?, updated_at = max(updated_at, ?), version = version + 1 " +
      "WHERE id = ? AND reversing_at IS NOT NULL AND reversed_at IS NULL",
    now,
    now,
    id,
  );

/** Statement: the finding does not name the payment any more, because it is gone. */
export const unlinkPayment = (id: string, paymentId: string): Statement =>
  statement(
    "UPDATE reconciliation_rows SET payment_id = NULL WHERE reconciliation_id = ? AND payment_id = ?",
    id,
    paymentId,
  );
