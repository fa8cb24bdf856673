import type { InferSelectModel } from "drizzle-orm";
import type { Statement } from "../../db/database.ts";
import { insert, select, statement, update } from "../../db/query.ts";
import { reconciliationRows, reconciliations } from "../../db/schema.ts";

export type Reconciliation = InferSelectModel<typeof reconciliations>;
export type Row = InferSelectModel<typeof reconciliationRows>;

export const insertReconciliation = insert(reconciliations);
export const selectReconciliation = select(reconciliations, "WHERE id = ? AND merchant_id = ?");

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
  `created = ${countSql("'created'")}, differing = ${countSql("'differs', 'missing'")} WHERE id = ?`;

/** Counts the rows again and stores the counts. */
export const updateCounts = (id: string): Statement => statement(UPDATE_COUNTS, id);

const INSERT_MISSING =
  "INSERT INTO reconciliation_rows (reconciliation_id, receipt, outcome, payment_id, ours, paid_at) " +
  "SELECT ?, receipt, 'missing', id, amount, paid_at FROM payments WHERE shortcode_id = ? AND receipt IS NOT NULL " +
  "AND paid_at BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM reconciliation_rows r " +
  "WHERE r.reconciliation_id = ? AND r.receipt = payments.receipt) ON CONFLICT DO NOTHING";

/** Adds a row for each of our payments between two times (ms) that M-Pesa did not list. */
export const insertMissing = (id: string, shortcodeId: string, from: number, to: number): Statement =>
  statement(INSERT_MISSING, id, shortcodeId, from, to, id);

export const markEnded = update(reconciliations, ["status", "problem", "updated_at", "ended_at"], "WHERE id = ?");

/** Deletes the rows without a finding, at the end. Their counts are kept. */
export const deleteMatchedRows = (id: string): Statement =>
  statement("DELETE FROM reconciliation_rows WHERE reconciliation_id = ? AND outcome IN ('matched', 'waiting')", id);

/** Deletes scheduled reconciliations that found nothing and are older than `before` (ms). */
export const deleteUneventful = (shortcodeId: string, before: number): Statement =>
  statement(
    "DELETE FROM reconciliations WHERE shortcode_id = ? AND status = 'completed' AND started_by = 'system' AND " +
      "created_at < ? AND created = 0 AND differing = 0 AND NOT EXISTS " +
      "(SELECT 1 FROM reconciliation_rows WHERE reconciliation_id = reconciliations.id)",
    shortcodeId,
    before,
  );
