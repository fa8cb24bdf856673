import type { InferSelectModel } from "drizzle-orm";
import { hasChanged } from "../../settlement/has-changed.ts";
import type { attempts, checkouts, payments } from "../../../db/schema.ts";

export type Checkout = InferSelectModel<typeof checkouts>;
export type Attempt = InferSelectModel<typeof attempts>;
export type Payment = InferSelectModel<typeof payments>;

/**
 * A checkout with its attempts and payments, the oldest first. May also hold payments that belong to no checkout or to
 * another one: the one that has the receipt in question, and unmatched money that may be an attempt's.
 */
export interface Aggregate {
  readonly checkout: Checkout;
  readonly attempts: readonly Attempt[];
  readonly payments: readonly Payment[];
  /** Placeholders that a payment with the receipt of the same transfer has replaced. */
  readonly merged?: readonly Merged[];
}

/** Checkouts that the same money may be for, the newest first, and the money that belongs to none of them. */
export interface Pool {
  readonly states: readonly Aggregate[];
  readonly free: readonly Payment[];
}

/** A payment without a receipt turned out to be the transfer of another payment, which stays. */
export interface Merged {
  readonly payment: Payment;
  readonly into: string;
}

/** Removes the placeholder `payment`: `into` is the payment of the same transfer. */
export const mergePayment = (state: Aggregate, payment: Payment, into: string): Aggregate => ({
  ...state,
  payments: state.payments.filter((p) => p.id !== payment.id),
  merged: [...state.merged ?? [], { payment, into }],
});

/**
 * The state without a payment that has left the checkout. If that payment was what settled it, then what is left did not:
 * money that had gone back by then had gone back before, so the checkout does not stay settled by it.
 */
export const withoutPayment = (state: Aggregate, { id, status }: Payment): Aggregate => ({
  ...state,
  checkout: status === "matched" && state.checkout.status === "succeeded"
    ? { ...state.checkout, status: "review" }
    : state.checkout,
  payments: state.payments.filter((p) => p.id !== id),
});

/** The state with one attempt replaced by its new version. */
export const replaceAttempt = (state: Aggregate, attempt: Attempt): Aggregate => ({
  ...state,
  attempts: state.attempts.map((a) => (a.id === attempt.id ? attempt : a)),
});

/** The state with one payment replaced by its new version. `updated_at` changes only if another column does. */
export const replacePayment = (state: Aggregate, payment: Payment, now: number): Aggregate => ({
  ...state,
  payments: state.payments.map((p) =>
    p.id === payment.id && hasChanged(p, payment) ? { ...payment, updated_at: now } : p
  ),
});

export const paymentsOfAttempt = (state: Aggregate, attemptId: string): Payment[] =>
  state.payments.filter((p) => p.attempt_id === attemptId);

/** Cents of a payment that nobody has got or was promised back. */
export const heldOf = ({ amount, amount_promised, amount_taken_back, status }: Payment): number =>
  status === "refunded" || status === "taken_back" ? 0 : Math.max(0, amount - amount_promised - amount_taken_back);

/** Whether any of it was given or promised back, or M-Pesa took it back. */
export const isGoingBack = (payment: Payment): boolean => heldOf(payment) < payment.amount;

/** Whether a person said that this money is for its checkout; then the amounts need not agree. */
export const isByHand = ({ attempt_id, receipt_source: source, status }: Payment): boolean =>
  status === "matched" && (source === "person" || (source === "callback" && attempt_id === null));

export const paymentsOfCheckout = ({ checkout, payments }: Aggregate): Payment[] =>
  payments.filter((p) => p.checkout_id === checkout.id);
