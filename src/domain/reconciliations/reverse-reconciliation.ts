import { commit, type Context, requireScope } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { abortIfUnchanged, first, rows } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { Problem } from "../../problems/problem.ts";
import { paymentView } from "../checkouts/payment-view.ts";
import { withdrawPayment } from "../checkouts/withdraw-payment.ts";
import { forEachInParallel } from "./in-parallel.ts";
import type { ReconciliationDetail } from "./contract.ts";
import { loadDetail } from "./read.ts";
import {
  abortIfBuiltOn,
  type BuiltOn,
  forgetWaitingReversals,
  markReversed,
  markReversing,
  type Reconciliation,
  selectBuiltOn,
  selectOwnPayments,
  selectPayment,
  selectReconciliation,
  selectReconciliationById,
  unlinkPayment,
} from "./store.ts";

/** If the process dies in the middle, the job goes on after this time. */
const TAKE_OVER_MS = 60_000;

/**
 * Undoes the import of a statement: the payments that only it named are withdrawn, and their checkouts settled without
 * them. What M-Pesa itself has confirmed since stays. The same call again changes nothing. Errors: `not_found`,
 * `wrong_state` (a pull, or one that has not ended), `payments_in_use`, naming what was built on its payments.
 */
export async function reverseReconciliation(ctx: Context, { id }: { id: string }): Promise<ReconciliationDetail> {
  requireScope(ctx, "payments:write");
  await retryOnConflict(() => begin(ctx, id));
  await finish(ctx, id);
  return await loadDetail(ctx, id);
}

/** The job that ends a reversal whose process died. */
export async function runUndoImportJob(ctx: Context, id: string): Promise<JobOutcome> {
  try {
    await finish(ctx, id);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    ctx.log.write("alert", "reconciliation_reversal_stopped", { reconciliation: id, problem: error.detail });
  }
  return "finished";
}

/** Decides, once and for all payments at once, and says so: from here on the run is being undone. */
async function begin(ctx: Context, id: string): Promise<void> {
  const row = await first(ctx.db, selectReconciliation(id, ctx.merchantId));
  if (row === null) {
    throw new Problem("not_found", "There is no reconciliation with this id. GET /v1/reconciliations lists yours.");
  }
  if (row.reversing_at !== null) return;
  checkState(row);
  await refuseIfBuiltOn(ctx, row);
  const now = ctx.clock.now();
  await commit(ctx, id, [
    abortIfBuiltOn(id),
    markReversing(id, now, ctx.actor),
    abortIfUnchanged,
    ...forgetWaitingReversals(id),
    ctx.jobs.schedule("undo_import", id, ctx.merchantId, now + TAKE_OVER_MS),
    auditEntry(ctx, "reconciliation.reversing", id, { created: row.created }),
  ]);
  ctx.jobs.wake(now + TAKE_OVER_MS);
}

function checkState({ source, status }: Reconciliation): void {
  if (source === "pull") {
    throw new Problem(
      "wrong_state",
      "M-Pesa itself listed these payments, so they can't be undone. Only the import of a statement can.",
    );
  }
  if (status !== "completed" && status !== "failed") {
    throw new Problem("wrong_state", `The reconciliation is ${status}. Wait until it has ended, and then undo it.`);
  }
}

async function refuseIfBuiltOn(ctx: Context, row: Reconciliation): Promise<void> {
  const [built] = await rows(ctx.db, selectBuiltOn(row.id));
  if (built.length > 0) throw inUse(built);
}

function inUse(built: readonly BuiltOn[]): Problem {
  const errors = built.map(({ paymentId, receipt, what }) => ({
    pointer: `/payments/${paymentId}`,
    detail: `${receipt} ${what}`,
  }));
  const [one] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new Problem(
    "payments_in_use",
    `${one?.detail}${more}. A run can be undone only while nothing was built on its payments.`,
    { errors },
  );
}

/** Withdraws payment after payment, each with its checkout in one batch. Run twice at once, the second finds nothing to do. */
async function finish(ctx: Context, id: string): Promise<void> {
  const row = await first(ctx.db, selectReconciliationById(id));
  if (row === null || row.reversed_at !== null) return;
  const [own] = await rows(ctx.db, selectOwnPayments(id));
  await forEachInParallel(own, (paymentId) => retryOnConflict(() => withdraw(ctx, row, paymentId)));
  await ctx.db.write([
    markReversed(id, ctx.clock.now()),
    abortIfUnchanged,
    ctx.jobs.drop("undo_import", id),
    auditEntry(ctx, "reconciliation.reversed", id, { withdrawn: own.length }),
  ]).catch(async (error) => {
    const now = await first(ctx.db, selectReconciliationById(id));
    if (now?.reversed_at == null) throw error; // another run of this ended it
  });
  ctx.note({ reconciliation: id, withdrawn: own.length });
}

async function withdraw(ctx: Context, { id, merchant_id: merchant }: Reconciliation, paymentId: string): Promise<void> {
  const payment = await first(ctx.db, selectPayment(paymentId, merchant));
  if (payment === null || !payment.uploaded) return; // withdrawn by another run of this, or M-Pesa's own word by now
  if (payment.receipt_source === "person" || payment.attempt_id !== null) {
    throw inUse([{ paymentId, receipt: payment.receipt ?? "", what: "was matched meanwhile" }]);
  }
  const statements = await withdrawPayment(ctx, payment, payment.id);
  if (statements.length === 0) {
    throw inUse([{ paymentId, receipt: payment.receipt ?? "", what: "has a refund" }]);
  }
  const data = { ...await paymentView(ctx, payment), reconciliation: id };
  await ctx.db.write([
    ...statements,
    event(ctx, "payment.withdrawn", paymentId, data),
    auditEntry(ctx, "payment.withdrawn", paymentId, {
      receipt: payment.receipt,
      amount: payment.amount,
      reconciliation: id,
    }),
    unlinkPayment(id, paymentId),
  ]);
  if (payment.allocations !== null) ctx.jobs.wake(ctx.clock.now()); // a trigger has scheduled the job of its account
}
