import { commit, type Context } from "../../context/context.ts";
import { auditEntry } from "../../db/trail.ts";
import type { ReconciliationView } from "./contract.ts";
import { newReconciliation } from "./new-reconciliation.ts";
import { RECONCILE } from "../shortcodes/reconciliation-schedule.ts";
import { readStatement, type StatementRow } from "./statement.ts";
import { insertReconciliation, insertRows, type Row } from "./store.ts";
import { reconciliationView } from "./view.ts";

const AT_ONCE = 2_000;

/** Has a shortcode compared with an M-Pesa statement (CSV), in the background. Errors: `validation_failed`. */
export async function importStatement(
  ctx: Context,
  number: string | undefined,
  csv: string,
): Promise<ReconciliationView> {
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, number);
  const { rows, window, left } = readStatement(csv);
  const row = newReconciliation(
    ctx,
    { merchant_id: ctx.merchantId, shortcode_id: shortcode.id, source: "statement", started_by: ctx.actor },
    window,
  );
  const view = await reconciliationView(ctx, row);
  const pieces = Array.from(
    { length: Math.ceil(rows.length / AT_ONCE) },
    (_, i) => rows.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );
  await commit(ctx, row.id, [
    insertReconciliation(row),
    ...pieces.map((piece) => insertRows(row.id, piece.map(waiting))),
    ctx.jobs.schedule(RECONCILE, shortcode.id, ctx.merchantId, ctx.clock.now()),
    auditEntry(ctx, "reconciliation.imported", row.id, { shortcode: shortcode.number, payments: rows.length, left }),
  ], { status: 202, body: view });
  ctx.note({ reconciliation: row.id, payments: rows.length, left });
  ctx.jobs.wake(ctx.clock.now());
  return view;
}

const waiting = (row: StatementRow): Omit<Row, "reconciliation_id"> => ({
  receipt: row.receipt,
  outcome: "waiting",
  payment_id: null,
  ours: null,
  theirs: row.amount,
  account_reference: row.accountReference,
  paid_at: row.paidAt,
});
