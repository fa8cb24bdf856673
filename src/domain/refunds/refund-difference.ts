import type { Context } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, select, statement } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { differences, payouts } from "../../db/schema.ts";
import { event } from "../../db/trail.ts";
import { Problem } from "../../problems/problem.ts";
import { type Aggregate, differenceOf, paymentsOfCheckout } from "../checkouts/machine.ts";
import { saveCheckout } from "../checkouts/save.ts";
import { abortIfPromised, loadCheckout } from "../checkouts/store.ts";
import { checkoutData } from "../checkouts/view.ts";
import { stillOwed, withdrawDifference } from "../payouts/still-owed.ts";
import { refundByPayout } from "./by-payout.ts";
import { newRefund, storeRefund } from "./create-refund.ts";

const HOUR_MS = 3_600_000;
/** How long a limit may renew, or M-Pesa may name the receipt, before a person has to look. */
const LONGEST_WAIT_MS = 24 * HOUR_MS;
const REASON = "More was paid than was asked";

type Difference = NonNullable<ReturnType<typeof differenceOf>>;

const selectWaiting = select(payouts, "WHERE refund_id = ? AND status IN ('awaiting_approval', 'queued')");
const selectDecision = select(differences, "WHERE checkout_id = ?");
const insertDecision = insert(differences);

/**
 * The job that gives back what a checkout was paid too much: one refund by payout, with the limits, approvals and pauses
 * of any other. What is too much is computed anew from what is held, so a person who refunds or moves the money first has
 * the last word. The decision is stored in the batch of the refund, so it is made once (ADR 0028).
 */
export async function refundDifference(ctx: Context, checkoutId: string): Promise<JobOutcome> {
  return await retryOnConflict(async (): Promise<JobOutcome> => {
    const state = await loadCheckout(ctx, checkoutId);
    const decided = await first(ctx.db, selectDecision(checkoutId));
    if (decided !== null) {
      await withdrawIfWaiting(ctx, decided.refund_id);
      return "finished"; // the end of the refund settles the checkout again, which schedules this job
    }
    const difference = state === null ? null : differenceOf(state);
    if (state === null || difference === null) return "finished";
    const now = ctx.clock.now();
    const { scale } = ctx.config.plans;
    const mayWait = now < difference.payment.created_at + LONGEST_WAIT_MS * scale;
    const later = { runAt: now + HOUR_MS * scale };
    if (!isProven(difference)) {
      if (mayWait) return later;
      return await keep(ctx, state, difference, "receipt_unknown");
    }
    try {
      await refund(ctx, state, difference);
      return "finished";
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "limit_exceeded" && mayWait) return later;
      return await keep(ctx, state, difference, error.errors[0]?.detail ?? error.detail);
    }
  });
}

/** A payout that waits, of a difference that is another one by now, is withdrawn, so that nobody approves it in vain. */
async function withdrawIfWaiting(ctx: Context, refundId: string | null): Promise<void> {
  const payout = refundId === null ? null : await first(ctx.db, selectWaiting(refundId));
  if (payout !== null && !(await stillOwed(ctx, payout)).isOwed) await withdrawDifference(ctx, payout);
}

/** Until M-Pesa has named the receipt as this checkout's own, the money may be another customer's. */
const isProven = ({ payment }: Difference): boolean =>
  payment.receipt !== null && payment.receipt_source !== "inferred";

async function refund(ctx: Context, state: Aggregate, difference: Difference): Promise<void> {
  const { payment, amount } = difference;
  const made = newRefund(ctx, payment, amount, { method: "payout", reason: REASON });
  await refundByPayout(ctx, made, payment, async (carried, statements, wakeAt) => {
    const decision = decide(ctx, state, difference, { refund_id: carried.id, problem: null });
    return await storeRefund(ctx, carried, payment, statements, wakeAt, decision);
  });
  ctx.note({ difference: amount });
}

/**
 * Statements: store what was decided, once, about the checkout and its payments as they were loaded. A refund of any of
 * them makes the difference smaller, and does not raise the version of the checkout before it is done.
 */
function decide(
  ctx: Context,
  state: Aggregate,
  { payment, amount }: Difference,
  decision: { readonly refund_id: string | null; readonly problem: string | null },
): Statement[] {
  const { id, merchant_id, version } = state.checkout;
  return [
    abortIfMoved(id, version),
    ...paymentsOfCheckout(state).map(abortIfPromised),
    insertDecision({
      checkout_id: id,
      merchant_id,
      payment_id: payment.id,
      amount,
      ...decision,
      created_at: ctx.clock.now(),
    }),
  ];
}

/** Statement: undoes the batch if the checkout has changed since it was loaded, or if this was decided before. */
const abortIfMoved = (id: string, version: number): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE NOT EXISTS (SELECT 1 FROM checkouts WHERE id = ?1 AND version = ?2) " +
      "OR EXISTS (SELECT 1 FROM differences WHERE checkout_id = ?1)",
    id,
    version,
  );

/** The difference stays with the merchant until a person decides; the event `checkout.overpaid` and an alert say so. */
async function keep(ctx: Context, state: Aggregate, difference: Difference, problem: string): Promise<JobOutcome> {
  const { checkout } = state;
  const now = ctx.clock.now();
  const after = {
    ...state,
    checkout: { ...checkout, version: checkout.version + 1, updated_at: Math.max(checkout.updated_at, now) },
  };
  const { payment, amount } = difference;
  await saveCheckout(ctx, state, after, "checkout.difference_kept", {
    first: decide(ctx, state, difference, { refund_id: null, problem }),
    statements: [event(ctx, "checkout.overpaid", checkout.id, await checkoutData(ctx, after))],
    keepJob: true,
  });
  ctx.log.write("alert", "difference_not_refunded", {
    merchant: checkout.merchant_id,
    checkout: checkout.id,
    payment: payment.id,
    amount,
    reason: problem,
  });
  return "finished";
}
