import type { Context } from "../../context/context.ts";
import { rows } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import { markReported, selectNewDifferences } from "./reported.ts";
import {
  abortIfWaiting,
  deleteMatchedRows,
  deleteUneventful,
  insertContradicted,
  insertMissing,
  markEnded,
  type Reconciliation,
  selectReconciliation,
  updateCounts,
  updateProgress,
} from "./store.ts";
import { reliableWindow } from "./window.ts";

const UNEVENTFUL_RETENTION_MS = 30 * 86_400_000;

/**
 * Completes a reconciliation that has read all pages. Our payments that M-Pesa did not list are recorded as `missing`. It
 * alerts before it ends, so a process that dies between the two alerts twice, and never not at all. Errors: `conflict` (as
 * ConstraintError) while a row waits to be recorded.
 */
export async function completeReconciliation(ctx: Context, row: Reconciliation): Promise<void> {
  const now = ctx.clock.now();
  const { from, to } = reliableWindow({ from: row.window_from, to: row.window_to }, row.source);
  await ctx.db.write([
    abortIfWaiting(row.id),
    updateProgress(row, row.id),
    insertContradicted(row.id, row.shortcode_id),
    insertMissing(row.id, row.shortcode_id, from, to),
    updateCounts(row.id),
  ]);
  await reportDifferences(ctx, row);
  await ctx.db.write([
    abortIfWaiting(row.id),
    updateCounts(row.id),
    deleteMatchedRows(row.id),
    markEnded({ status: "completed", problem: null, updated_at: now, ended_at: now }, row.id),
    auditEntry(ctx, "reconciliation.completed", row.id, { source: row.source }),
    deleteUneventful(row.shortcode_id, now - UNEVENTFUL_RETENTION_MS),
  ]);
}

/** Marks a reconciliation as failed. The next scheduled one covers its time too. */
export async function failReconciliation(ctx: Context, row: Reconciliation, problem: string): Promise<void> {
  const now = ctx.clock.now();
  ctx.log.write("alert", "reconciliation_failed", { reconciliation: row.id, problem });
  await ctx.db.write([
    updateCounts(row.id),
    markEnded({ status: "failed", problem, updated_at: now, ended_at: now }, row.id),
    auditEntry(ctx, "reconciliation.failed", row.id, { source: row.source, problem }),
  ]);
}

/** Alerts about differences. A pull alerts only if one of them is new. Rows without a receipt were told by `recordRows`. */
async function reportDifferences(ctx: Context, before: Reconciliation): Promise<void> {
  const { id, merchant_id: merchant, shortcode_id, source } = before;
  const [[row], fresh] = await rows(ctx.db, selectReconciliation(id, merchant), selectNewDifferences(id, shortcode_id));
  if (row === undefined) return;
  const { seen, matched, created, differing, unreadable } = row;
  ctx.note({ seen, matched, created, differing, unreadable });
  if (source === "pull" ? fresh.length === 0 : differing === 0) return;
  ctx.log.write("alert", "reconciliation_differs", { reconciliation: id, differing, unreadable });
  await ctx.db.write(markReported(shortcode_id, fresh, ctx.clock.now()));
}
