import { commit, type Context } from "../../context/context.ts";
import { auditEntry } from "../../db/trail.ts";
import type { ReconciliationView } from "./contract.ts";
import { newReconciliation } from "./new-reconciliation.ts";
import { readStatement, type StatementRow } from "./parse-statement.ts";
import { insertReconciliation, insertRows, type Row } from "./store.ts";
import { reconciliationView } from "./view.ts";

const ROWS_PER_STATEMENT = 2_000;

/** Stores the rows of an M-Pesa statement (CSV) and schedules the job that compares them. Errors: `validation_failed`. */
export async function importStatement(
  ctx: Context,
  number: string | undefined,
  csv: string,
): Promise<ReconciliationView> {
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, number);
  const { rows, window, skipped } = readStatement(csv);
  const row = newReconciliation(
    ctx,
    { merchant_id: ctx.merchantId, shortcode_id: shortcode.id, source: "statement", started_by: ctx.actor },
    window,
  );
  const view = await reconciliationView(ctx, row);
  const pieces = Array.from(
    { length: Math.ceil(rows.length / ROWS_PER_STATEMENT) },
    (_, i) => rows.slice(i * ROWS_PER_STATEMENT, (i + 1) * ROWS_PER_STATEMENT),
  );
  await commit(ctx, row.id, [
    insertReconciliation(row),
    ...pieces.map((piece) => insertRows(row.id, piece.map(waitingRow))),
    ctx.jobs.schedule("reconcile", shortcode.id, ctx.merchantId, ctx.clock.now()),
    auditEntry(ctx, "reconciliation.imported", row.id, {
      shortcode: shortcode.number,
      payments: rows.length,
      left: skipped,
    }),
  ], { status: 202, body: view });
  ctx.note({ reconciliation: row.id, payments: rows.length, left: skipped });
  ctx.jobs.wake(ctx.clock.now());
  return view;
}

const waitingRow = (row: StatementRow): Omit<Row, "reconciliation_id"> => ({
  receipt: row.receipt,
  outcome: "waiting",
  payment_id: null,
  ours: null,
  theirs: row.amount,
  account_reference: row.accountReference,
  paid_at: row.paidAt,
});
