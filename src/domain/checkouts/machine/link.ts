import type { PaidDetails } from "./evidence.ts";
import { type Aggregate, type Payment, replacePayment } from "./state.ts";
import { askedBy } from "./due.ts";
import { statusOfArrival } from "./status.ts";

export const noDetails: PaidDetails = { paymentId: "", amount: null, receipt: null, paidAt: null, phone: null };

/** Whether the money was given back, or taken back by M-Pesa. */
export const isGone = ({ status }: Payment): boolean => status === "refunded" || status === "taken_back";

/** The payment as unmatched money. */
export const toFree = (payment: Payment): Payment => ({
  ...payment,
  checkout_id: null,
  attempt_id: null,
  channel: "c2b",
  receipt_source: sourceOfFree(payment, "notice"),
  status: isGone(payment) ? payment.status : "unmatched",
  allocations: null,
});

/** The source of money that leaves its place: where its shortcode or account is not proven, it is only inferred again. */
export const sourceOfFree = ({ unproven }: Payment, source: "notice" | "person"): Payment["receipt_source"] =>
  unproven === null ? source : "inferred";

/** The checkout without what a payment had given to it: the money becomes its own, and counts once. */
export function withoutShareOf(state: Aggregate, { allocations }: Payment): Aggregate {
  const { checkout } = state;
  const share = (allocations ?? []).reduce(
    (sum, part) => sum + ("checkout" in part && part.checkout === checkout.id ? part.amount : 0),
    0,
  );
  if (share === 0) return state;
  return { ...state, checkout: { ...checkout, amount_allocated: Math.max(0, checkout.amount_allocated - share) } };
}

/** Links a payment to an attempt, or to none (then it is paybill money), and adds the details that it lacks. */
export const linkPayment = (
  before: Aggregate,
  payment: Payment,
  attemptId: string | null,
  paid: PaidDetails,
  now: number,
): Aggregate => {
  const state = withoutShareOf(before, payment);
  return replacePayment(state, {
    ...payment,
    checkout_id: before.checkout.id,
    attempt_id: attemptId,
    allocations: null,
    channel: attemptId === null ? "c2b" : "stk",
    status: payment.status === "unmatched" || payment.status === "partial"
      ? statusOfArrival(state, payment.amount)
      : payment.status,
    receipt: payment.receipt ?? paid.receipt,
    receipt_source: paid.receipt === null || (payment.receipt ?? paid.receipt) !== paid.receipt
      ? payment.receipt_source
      : "callback",
    paid_at: payment.paid_at ?? paid.paidAt,
    phone: payment.phone ?? paid.phone,
  }, now);
};

export function createPayment(
  before: Aggregate,
  attemptId: string,
  paid: PaidDetails,
  now: number,
  status?: Payment["status"],
): Aggregate {
  const payment = newPayment(before, attemptId, paid, now);
  return { ...before, payments: [...before.payments, status === undefined ? payment : { ...payment, status }] };
}

export const newPayment = (before: Aggregate, attemptId: string, paid: PaidDetails, now: number): Payment => ({
  id: paid.paymentId,
  merchant_id: before.checkout.merchant_id,
  shortcode_id: before.checkout.shortcode_id,
  checkout_id: before.checkout.id,
  attempt_id: attemptId,
  receipt: paid.receipt,
  receipt_source: paid.receipt === null ? "notice" : "callback",
  uploaded: false,
  channel: "stk",
  status: statusOfArrival(before, askedBy(before, attemptId)),
  amount: askedBy(before, attemptId),
  currency: before.checkout.currency,
  account_reference: before.checkout.account_reference,
  phone: paid.phone,
  payer_name: null,
  paid_at: paid.paidAt,
  created_at: now,
  updated_at: now,
  version: 1,
  amount_refunded: 0,
  account_key: before.checkout.account_key,
  amount_promised: 0,
  amount_taken_back: 0,
  allocations: null,
  unproven: null,
});
