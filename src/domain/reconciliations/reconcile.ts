import type { Context } from "../../context/context.ts";
import { DatabaseUnavailable } from "../../db/database.ts";
import { rows } from "../../db/query.ts";
import { isConflict } from "../../db/retry.ts";
import { isLeaseLost } from "../../jobs/fence.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { errorText } from "../../telemetry/log.ts";
import type { Money } from "../payments/money.ts";
import { type ReversalRow, storeReversals } from "../refunds/reversals.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { completeReconciliation, failReconciliation } from "./end-reconciliation.ts";
import { newReconciliation } from "./new-reconciliation.ts";
import { pullPage } from "./pull-page.ts";
import { recordRows } from "./record-rows.ts";
import type { RowsOfPage } from "./set-aside.ts";
import { reconciliationIntervalMs } from "../shortcodes/reconciliation-schedule.ts";
import {
  insertReconciliation,
  type Reconciliation,
  type Row,
  selectLastCompleted,
  selectLastFull,
  selectLastScheduled,
  selectUnfinished,
  selectWaiting,
  updateCounts,
  updateProgress,
} from "./store.ts";
import { MAX_WINDOW_MS, nextWindow } from "./window.ts";

/** The longest time of one run, in ms. The next run continues with the rest. */
const MAX_RUN_MS = 3_000;
const MAX_PAGES = 1_000;
const MAX_TRIES = 6;
const STATEMENT_PAGE_SIZE = 100;
const MINUTE_MS = 60_000;

/** The job of a shortcode. It continues an unfinished reconciliation, or starts the scheduled one if it is due. */
export async function runReconcileJob(ctx: Context, shortcodeId: string): Promise<JobOutcome> {
  const shortcode = await ctx.shortcodes.byId(shortcodeId);
  const row = await loadUnfinished(ctx, shortcodeId) ?? await startIfDue(ctx, shortcode);
  if (row === null) return await nextRun(ctx, shortcode);
  ctx.note({ reconciliation: row.id, source: row.source });
  const pause = await processOrFail(ctx, row);
  if (pause !== null) return { runAt: ctx.clock.now() + pause };
  const more = await loadUnfinished(ctx, shortcodeId);
  return more === null ? await nextRun(ctx, shortcode) : { runAt: ctx.clock.now() };
}

async function loadUnfinished(ctx: Context, shortcodeId: string): Promise<Reconciliation | null> {
  const [[row]] = await rows(ctx.db, selectUnfinished(shortcodeId));
  return row ?? null;
}

/** Starts the scheduled reconciliation if it is due; else null. */
async function startIfDue(ctx: Context, shortcode: Shortcode): Promise<Reconciliation | null> {
  if (shortcode.pullPhone === null) return null;
  const full = MAX_WINDOW_MS;
  const [[last], [completed], [whole]] = await rows(
    ctx.db,
    selectLastScheduled(shortcode.id),
    selectLastCompleted(shortcode.id),
    selectLastFull(shortcode.id, full),
  );
  const now = ctx.clock.now();
  if (last !== undefined && now < last.created_at + reconciliationIntervalMs(ctx)) return null;
  const row = newReconciliation(
    ctx,
    { merchant_id: shortcode.merchantId, shortcode_id: shortcode.id, source: "pull", started_by: "system" },
    nextWindow(now, { lastEnd: completed?.window_to ?? null, lastFullAt: whole?.created_at ?? null }),
  );
  await ctx.db.write([insertReconciliation(row)]);
  return row;
}

async function nextRun(ctx: Context, shortcode: Shortcode): Promise<JobOutcome> {
  if (shortcode.pullPhone === null) return "finished";
  const [[last]] = await rows(ctx.db, selectLastScheduled(shortcode.id));
  const now = ctx.clock.now();
  return { runAt: Math.max(now, (last?.created_at ?? now) + reconciliationIntervalMs(ctx)) };
}

/**
 * As {@link processPages}. A reconciliation that fails again and again is ended as failed, because the job belongs to the
 * shortcode: if the job died, M-Pesa would never be asked about the shortcode again.
 */
async function processOrFail(ctx: Context, row: Reconciliation): Promise<number | null> {
  try {
    return await processPages(ctx, row);
  } catch (error) {
    if (error instanceof DatabaseUnavailable || isConflict(error) || isLeaseLost(error)) throw error;
    ctx.log.write("warn", "reconciliation_broke", {
      reconciliation: row.id,
      tries: row.tries,
      error: errorText(error),
    });
    return await putOffOrFail(ctx, row, "Its rows could not be processed. An operator has to look at the log.", null);
  }
}

/** Tries again later; after several tries the reconciliation ends as failed. Returns the ms to wait; null: it has ended. */
async function putOffOrFail(
  ctx: Context,
  row: Reconciliation,
  problem: string,
  afterMs: number | null,
): Promise<number | null> {
  if (row.tries + 1 >= MAX_TRIES) {
    await failReconciliation(ctx, row, problem);
    return null;
  }
  const putOff = { ...row, tries: row.tries + 1, updated_at: ctx.clock.now() };
  await ctx.db.write([updateProgress(putOff, row.id), updateCounts(row.id)]);
  return Math.max(afterMs ?? 0, MINUTE_MS * 2 ** row.tries * ctx.config.plans.scale);
}

/** Processes page after page until the end, or until the time of this run is over. Returns the ms to wait; null: it has ended. */
async function processPages(ctx: Context, begun: Reconciliation): Promise<number | null> {
  const started = ctx.clock.now();
  let row = begun;
  const reversed = new Set<string>();
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const shortcode = await ctx.shortcodes.byId(row.shortcode_id);
    const page = row.source === "pull" ? await pullPage(ctx, shortcode, row) : await storedPage(ctx, row);
    if (page.kind === "trouble") {
      if (page.isRetryable) return await putOffOrFail(ctx, row, page.problem, page.afterMs);
      await failReconciliation(ctx, row, page.problem);
      return null;
    }
    const recorded = await recordRows(ctx, row, shortcode, page);
    const { unreadable } = recorded;
    const newReversals = page.reversals.filter(({ receipt }) => !reversed.has(receipt));
    for (const { receipt } of newReversals) reversed.add(receipt);
    const fresh = recorded.fresh + newReversals.length;
    const items = page.rows.length + page.reversals.length + page.unreadable.length;
    if (page.reversals.length > 0) {
      await ctx.db.write(storeReversals(ctx, shortcode.id, page.reversals, row.id, false));
    }
    if (fresh > 0) ctx.jobs.wake(ctx.clock.now()); // a reversal may have waited for its payment
    row = {
      ...row,
      status: "running",
      next_offset: row.next_offset + items,
      tries: 0,
      unreadable: row.unreadable + unreadable,
      updated_at: ctx.clock.now(),
    };
    if (isEnd(row, page, fresh, pages === 0)) {
      await completeReconciliation(ctx, row);
      return null;
    }
    await ctx.db.write([updateProgress(row, row.id), updateCounts(row.id)]);
    if (ctx.clock.now() - started > MAX_RUN_MS) return 0;
  }
  await failReconciliation(ctx, row, `There are more than ${MAX_PAGES} pages. Choose a shorter time.`);
  return null;
}

/**
 * Whether a page was the last one. A statement ends when no row waits. M-Pesa's list also ends with a page without anything
 * new: otherwise an API that ignores the offset would be asked for ever. Reversals count like payments. A page that has
 * only rows without a receipt may be new. The first page of a run proves nothing: the run before may have recorded it, and
 * died before it stored that.
 */
function isEnd(
  { source }: Reconciliation,
  { rows, reversals, unreadable }: RowsOfPage & { readonly reversals: readonly ReversalRow[] },
  fresh: number,
  isFirst: boolean,
): boolean {
  const items = rows.length + reversals.length + unreadable.length;
  if (source === "statement" || isFirst || items === 0) return items === 0;
  const withReceipt = rows.length + reversals.length + unreadable.filter(({ receipt }) => receipt !== null).length;
  return fresh === 0 && withReceipt > 0;
}

/** The next page of rows of an imported statement. */
async function storedPage(ctx: Context, row: Reconciliation) {
  const [waiting] = await rows(ctx.db, selectWaiting(row.id, STATEMENT_PAGE_SIZE));
  return { kind: "page" as const, rows: waiting.map(moneyOf), reversals: [], unreadable: [] };
}

const moneyOf = (row: Row): Money => ({
  channel: "pull",
  uploaded: true,
  receipt: row.receipt,
  amount: row.theirs ?? 0,
  accountReference: row.account_reference,
  paidAt: row.paid_at,
  phone: null,
  payerName: null,
});
