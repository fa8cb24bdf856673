import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { ConstraintError } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { payments, refundTotals } from "../../db/schema.ts";
import { auditEntry, event } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { findSurvivor } from "../payments/survivor.ts";
import { canPay } from "../shortcodes/initiator.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import { refundByPayout } from "./by-payout.ts";
import type { createRefund as contract, RefundView } from "./contract.ts";
import type { Refund } from "./machine/facts.ts";
import { statusOf } from "./machine/status.ts";
import { abortIfOverdrawnBy, checkPlaces } from "./places.ts";
import { settleCheckoutAgain } from "./save.ts";
import { abortIfUnproven, insertRefund, type Payment, reserveRefund } from "./store.ts";
import { refundView } from "./view.ts";

type RefundInput = Input<typeof contract>;

const selectOwnPayment = select(payments, "WHERE id = ? AND merchant_id = ?");
const selectTotals = select(refundTotals, "WHERE payment_id = ?");

/**
 * Stores a refund; its job sends it. All refunds of a payment together never exceed what was paid, also when they are
 * asked for at the same time. Errors: `not_found`, `wrong_state`, `validation_failed`, `limit_exceeded`.
 */
export async function createRefund(ctx: Context, input: RefundInput): Promise<RefundView> {
  requireScope(ctx, "refunds:write");
  return await retryOnConflict(() => createOnce(ctx, input));
}

async function createOnce(ctx: Context, input: RefundInput): Promise<RefundView> {
  const { payment, left } = await loadOwnPayment(ctx, input.payment);
  const amount = input.amount ?? left;
  checkAmount(payment, left, amount, input);
  await checkPlaces(ctx, payment, left, amount);
  const refund = newRefund(ctx, payment, amount, input);
  if (input.method === "reversal") return await refundByReversal(ctx, refund, payment);
  requireScope(ctx, "payouts:write");
  return await refundByPayout(
    ctx,
    refund,
    payment,
    (carried, statements, wakeAt) => storeRefund(ctx, carried, payment, statements, wakeAt),
  );
}

async function refundByReversal(ctx: Context, refund: Refund, payment: Payment): Promise<RefundView> {
  if (refund.amount !== payment.amount) {
    throw invalidField("/amount", "a reversal gives the whole payment back; leave amount out, or use method payout");
  }
  if (!canPay(await ctx.shortcodes.byId(payment.shortcode_id))) {
    throw new Problem(
      "wrong_state",
      "The shortcode has no initiator to reverse as. Give it an initiator name with a password and certificate.",
    );
  }
  const now = ctx.clock.now();
  return await storeRefund(ctx, refund, payment, [ctx.jobs.schedule("refund", refund.id, ctx.merchantId, now)], now);
}

/** Stores the refund with `statements` in one batch, after those of `first`, and wakes its job at `wakeAt` (ms). */
export async function storeRefund(
  ctx: Context,
  refund: Refund,
  payment: Payment,
  statements: Parameters<typeof commit>[2],
  wakeAt: number,
  first: Parameters<typeof commit>[2] = [],
): Promise<RefundView> {
  const view = await refundView(ctx, refund);
  try {
    await commit(ctx, refund.id, [
      ...first,
      abortIfUnproven(payment),
      reserveRefund(payment, refund.amount),
      ...abortIfOverdrawnBy(payment),
      ...statements,
      insertRefund(refund),
      ...settleCheckoutAgain(ctx, payment, ctx.clock.now()),
      event(ctx, "refund.created", refund.id, { ...view }),
      auditEntry(ctx, "refund.created", refund.id, {
        payment: payment.id,
        amount: refund.amount,
        method: refund.method,
      }),
    ], { status: 202, body: view });
  } catch (error) {
    if (error instanceof ConstraintError && error.rule === "refund_exceeds_payment") throw alreadyReserved();
    throw error;
  }
  ctx.note({ refund: refund.id, payment: payment.id });
  ctx.jobs.wake(wakeAt);
  ctx.jobs.wake(ctx.clock.now()); // the checkout holds less
  return view;
}

const alreadyReserved = (): Problem =>
  new Problem(
    "wrong_state",
    "The payment is promised back already, in whole or in part, by another refund. GET /v1/refunds?payment= lists them; never more than was paid goes back.",
  );

async function loadOwnPayment(ctx: Context, id: string): Promise<{ readonly payment: Payment; readonly left: number }> {
  const [[payment], [totals]] = await rows(ctx.db, selectOwnPayment(id, ctx.merchantId), selectTotals(id));
  if (payment === undefined) return await loadSurvivor(ctx, id);
  return { payment, left: payment.amount - payment.amount_taken_back - (totals?.promised ?? 0) };
}

/** The payment that was merged into another one is the same transfer. One that was withdrawn had another amount. */
async function loadSurvivor(ctx: Context, id: string): ReturnType<typeof loadOwnPayment> {
  const survivor = await findSurvivor(ctx, id);
  if (survivor === null) {
    throw new Problem("not_found", "There is no payment with this id. GET /v1/payments lists yours.");
  }
  if (!survivor.wasContradicted) return await loadOwnPayment(ctx, survivor.payment.id);
  throw new Problem(
    "wrong_state",
    `M-Pesa has contradicted this payment, and ${survivor.payment.id} has its place. Look at its amount, and refund that one.`,
  );
}

function checkAmount(payment: Payment, left: number, amount: number, input: RefundInput): void {
  if (payment.status === "refunded") {
    throw new Problem("wrong_state", "The payment has been given back in full.");
  }
  if (payment.status === "taken_back") {
    throw new Problem("wrong_state", "M-Pesa took the payment back already, so there is nothing left to give back.");
  }
  checkProven(payment);
  if (amount > payment.amount) {
    throw invalidField("/amount", `must be at most ${payment.amount} cents, what was paid`);
  }
  if (left <= 0) throw alreadyReserved();
  if (amount > left && input.method === "payout") {
    throw invalidField("/amount", `must be at most ${left} cents: the rest is given or promised back already`);
  }
  if (left < payment.amount && input.method === "reversal") throw alreadyReserved();
}

/** A payment stands for a transfer only once M-Pesa has named the receipt as this prompt's own. */
function checkProven({ receipt, receipt_source: source }: Payment): void {
  if (receipt === null) {
    throw new Problem(
      "wrong_state",
      "M-Pesa's receipt of this payment is not known yet, so it can't be given back. Try again when `receipt` is set.",
    );
  }
  if (source === "inferred") {
    throw new Problem(
      "wrong_state",
      "The receipt was put to this payment because amount and time fit; it may be another customer's. Try again when " +
        "M-Pesa's callback has come, or say whose it is with POST /v1/payments/{id}/match.",
    );
  }
}

export function newRefund(
  ctx: Context,
  payment: Payment,
  amount: number,
  input: Pick<RefundInput, "method" | "reason">,
): Refund {
  const now = ctx.clock.now();
  const refund: Refund = {
    id: newId("rfd"),
    merchant_id: ctx.merchantId,
    shortcode_id: payment.shortcode_id,
    payment_id: payment.id,
    payout_id: null,
    status: "queued",
    method: input.method,
    amount,
    currency: payment.currency,
    reason: input.reason,
    created_by: ctx.actor,
    requests: [],
    evidence: 0,
    polls: 0,
    promised: true,
    receipt: null,
    failure: null,
    result_code: null,
    result_description: null,
    resolution: null,
    send_after: now,
    accepted_at: null,
    in_doubt_at: null,
    refunded_at: null,
    ended_at: null,
    created_at: now,
    updated_at: now,
    needs_person: false,
    version: 1,
  };
  return { ...refund, status: statusOf(refund) };
}
