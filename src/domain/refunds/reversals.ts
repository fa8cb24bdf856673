import type { InferSelectModel } from "drizzle-orm";
import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { insert, select, statement } from "../../db/query.ts";
import { reversals } from "../../db/schema.ts";

export type Reversal = InferSelectModel<typeof reversals>;

/** A row of M-Pesa's that reverses a payment: `receipt` is its own, `of` the one that it reverses. Cents, ms. */
export interface ReversalRow {
  readonly receipt: string;
  readonly of: string;
  readonly amount: number;
  readonly at: number | null;
}

const insertReversal = insert(reversals, "ON CONFLICT (shortcode_id, receipt) DO NOTHING");
const UPDATE_WAITING = "UPDATE reversals SET of_receipt = ?, amount = ?, at = ?, reconciliation_id = ? " +
  "WHERE shortcode_id = ? AND receipt = ? AND outcome = 'waiting'";
/** The stored reversal, if there is something to do: it waits for its payment, or its job gave up. */
const SELECT_UNDONE =
  "SELECT id FROM reversals WHERE shortcode_id = ? AND receipt = ? AND (outcome = 'waiting' OR EXISTS " +
  "(SELECT 1 FROM jobs WHERE kind = 'reversal' AND subject_id = reversals.id AND status = 'dead'))";
export const selectReversal = select(reversals, "WHERE id = ?");

/**
 * Statements: store the reversals that M-Pesa, or a file, lists at a shortcode, each once, and have them applied. One that
 * is listed again is applied again if that gave up before. One of which the payment is not known waits for it; M-Pesa's own
 * word then has the place of what a file says, so that undoing the file's import does not forget it. Wake the jobs after
 * the commit.
 */
export const storeReversals = (
  ctx: Context,
  shortcodeId: string,
  rows: readonly ReversalRow[],
  reconciliationId: string | null,
  isUploaded: boolean,
): Statement[] =>
  rows.flatMap(({ receipt, of, amount, at }) => {
    const now = ctx.clock.now();
    return [
      ...isUploaded ? [] : [statement(UPDATE_WAITING, of, amount, at, reconciliationId, shortcodeId, receipt)],
      insertReversal({
        id: newId("rev"),
        merchant_id: ctx.merchantId,
        shortcode_id: shortcodeId,
        receipt,
        of_receipt: of,
        amount,
        at,
        reconciliation_id: reconciliationId,
        outcome: "waiting",
        subject_id: null,
        created_at: now,
      }),
      ctx.jobs.scheduleFound("reversal", statement(SELECT_UNDONE, shortcodeId, receipt), ctx.merchantId, now),
    ];
  });

/** Statement: what a reversal, as it was loaded, turned out to be. Follow it with `abortIfUnchanged`: it is applied once. */
export const setOutcome = (
  { id, of_receipt, amount }: Reversal,
  outcome: Exclude<Reversal["outcome"], "waiting">,
  subjectId: string,
): Statement =>
  statement(
    "UPDATE reversals SET outcome = ?, subject_id = ? WHERE id = ? AND outcome = 'waiting' AND of_receipt = ? AND amount = ?",
    outcome,
    subjectId,
    id,
    of_receipt,
    amount,
  );

/**
 * Statements: the reconciliation that listed the reversal has it among its findings. `ours`: cents that we held of the
 * payment. They change nothing where the reconciliation has been deleted.
 */
export const addFinding = (reversal: Reversal, paymentId: string, ours: number): Statement[] =>
  reversal.reconciliation_id === null ? [] : [
    statement(
      "INSERT INTO reconciliation_rows (reconciliation_id, receipt, outcome, payment_id, ours, theirs, account_reference, paid_at) " +
        "SELECT id, ?, 'differs', ?, ?, ?, NULL, ? FROM reconciliations WHERE id = ? ON CONFLICT DO NOTHING",
      reversal.receipt,
      paymentId,
      ours,
      Math.max(0, ours - reversal.amount),
      reversal.at,
      reversal.reconciliation_id,
    ),
    statement(
      "UPDATE reconciliations SET version = version + 1, differing = (SELECT count(*) FROM reconciliation_rows WHERE reconciliation_id = reconciliations.id " +
        "AND outcome IN ('differs', 'missing')) WHERE id = ?",
      reversal.reconciliation_id,
    ),
  ];
