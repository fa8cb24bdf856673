import type { PaidDetails } from "./evidence.ts";
import { type Aggregate, type Payment, paymentsOfAttempt, replacePayment } from "./state.ts";
import { statusOfNewPayment } from "./status.ts";

/** A confirmation that comes within this time of a query's "paid" may be about the same money. */
const MERGE_WINDOW_MS = 30 * 60_000;
/** Our clock and M-Pesa's may differ by this much. */
const CLOCK_SKEW_MS = 2 * 60_000;

const noDetails: PaidDetails = { paymentId: "", amount: null, receipt: null, paidAt: null, phone: null };

/** Records the payment of an attempt that was paid. */
export const recordPaid = (before: Aggregate, attemptId: string, paid: PaidDetails, now: number): Aggregate =>
  paid.receipt === null
    ? recordWithoutReceipt(before, attemptId, paid, now)
    : recordReceipt(before, attemptId, paid, now);

/** Without a receipt it is the payment that the attempt has, or unclaimed money of the same amount, or a new payment. */
function recordWithoutReceipt(before: Aggregate, attemptId: string, paid: PaidDetails, now: number): Aggregate {
  const known = paymentsOfAttempt(before, attemptId)[0] ?? findUnclaimed(before, now);
  return known === undefined
    ? createPayment(before, attemptId, paid, now)
    : linkPayment(before, known, attemptId, paid, now);
}

/**
 * One receipt, one payment (design.md section 5.6). Only a callback says which attempt a receipt belongs to. The receipt
 * of a confirmation may have been linked to the wrong attempt. Then the two attempts exchange their payments, so that no
 * money counts twice and none is lost.
 */
function recordReceipt(before: Aggregate, attemptId: string, paid: PaidDetails, now: number): Aggregate {
  const current = paymentsOfAttempt(before, attemptId);
  const known = before.payments.find((p) => p.receipt === paid.receipt) ?? current.find((p) => p.receipt === null);
  const others = current.filter((p) => p.id !== known?.id && p.receipt !== null);
  if (known === undefined) return recordUnknownReceipt(before, attemptId, others, paid, now);
  const linked = linkPayment(before, known, attemptId, paid, now);
  const previousAttempt = known.attempt_id;
  if (previousAttempt === attemptId) return linked;
  if (previousAttempt === null) return linkAll(linked, others, null, now);
  const replacement = current[0] ?? findUnclaimed(before, now);
  return replacement === undefined
    ? createPayment(linked, previousAttempt, { ...noDetails, paymentId: paid.paymentId }, now)
    : linkPayment(linked, replacement, previousAttempt, noDetails, now);
}

/** A receipt that no payment has. If `others` are linked to the attempt, they belong to the attempt that has no receipt yet. */
function recordUnknownReceipt(
  before: Aggregate,
  attemptId: string,
  others: readonly Payment[],
  paid: PaidDetails,
  now: number,
): Aggregate {
  const withoutReceipt = others.length === 0 ? undefined : before.payments.find((p) => p.receipt === null);
  const moved = linkAll(before, others, withoutReceipt?.attempt_id ?? null, now);
  return withoutReceipt === undefined
    ? createPayment(moved, attemptId, paid, now)
    : linkPayment(moved, withoutReceipt, attemptId, paid, now);
}

/** Paybill money of this checkout that no attempt has claimed: a payment without a receipt may be the same money. */
const findUnclaimed = (state: Aggregate, now: number): Payment | undefined =>
  state.payments.find((p) =>
    p.attempt_id === null && p.checkout_id === state.checkout.id && p.amount === state.checkout.amount &&
    now - p.created_at < MERGE_WINDOW_MS
  );

/** The payment without a receipt that stands for the same money as `seen`, which arrived at the paybill or till. */
export const findSameMoney = (state: Aggregate, seen: Payment): Payment | undefined =>
  state.payments.find((p) => p.receipt === null && isSameMoney(state, p, seen));

/** The money must have moved after the push was sent and before we learnt that it was paid. */
function isSameMoney({ attempts }: Aggregate, withoutReceipt: Payment, seen: Payment): boolean {
  if (withoutReceipt.amount !== seen.amount) return false;
  if (seen.paid_at === null) return Math.abs(seen.created_at - withoutReceipt.created_at) < MERGE_WINDOW_MS;
  const pushedAt = attempts.find((a) => a.id === withoutReceipt.attempt_id)?.created_at ?? withoutReceipt.created_at;
  return seen.paid_at >= pushedAt - CLOCK_SKEW_MS && seen.paid_at <= withoutReceipt.created_at + CLOCK_SKEW_MS;
}

const linkAll = (before: Aggregate, payments: readonly Payment[], attemptId: string | null, now: number): Aggregate =>
  payments.reduce((state, payment) => linkPayment(state, payment, attemptId, noDetails, now), before);

/** Links a payment to an attempt, or to none (then it is paybill money), and adds the details that it lacks. */
const linkPayment = (
  before: Aggregate,
  payment: Payment,
  attemptId: string | null,
  paid: PaidDetails,
  now: number,
): Aggregate =>
  replacePayment(before, {
    ...payment,
    checkout_id: before.checkout.id,
    attempt_id: attemptId,
    channel: attemptId === null ? "c2b" : "stk",
    status: payment.status === "unmatched" || payment.status === "partial"
      ? statusOfNewPayment(before)
      : payment.status,
    receipt: payment.receipt ?? paid.receipt,
    paid_at: payment.paid_at ?? paid.paidAt,
    phone: payment.phone ?? paid.phone,
  }, now);

function createPayment(before: Aggregate, attemptId: string, paid: PaidDetails, now: number): Aggregate {
  const { checkout } = before;
  const payment: Payment = {
    id: paid.paymentId,
    merchant_id: checkout.merchant_id,
    shortcode_id: checkout.shortcode_id,
    checkout_id: checkout.id,
    attempt_id: attemptId,
    receipt: paid.receipt,
    channel: "stk",
    status: statusOfNewPayment(before),
    amount: checkout.amount,
    currency: checkout.currency,
    account_reference: checkout.account_reference,
    phone: paid.phone,
    payer_name: null,
    paid_at: paid.paidAt,
    created_at: now,
    updated_at: now,
  };
  return { ...before, payments: [...before.payments, payment] };
}
