import { type Aggregate, type Attempt, type Checkout, heldOf, paymentsOfCheckout } from "./state.ts";

/** M-Pesa prompts for whole shillings. */
export const SHILLING = 100;

/** Cents that a prompt asked for. The same for the amount of the checkout where it has no such prompt. */
export const askedBy = ({ checkout, attempts }: Pick<Aggregate, "checkout" | "attempts">, attemptId: string): number =>
  attempts.find(({ id }) => id === attemptId)?.amount ?? checkout.amount;

/** Whether the prompt asked for all of its checkout's amount. */
export const isWhole = ({ amount }: Attempt): boolean => amount === null;

/** Whether the attempt asked for a part: what was left to be paid. */
export const asksPart = ({ attempts }: Aggregate, attemptId: string): boolean =>
  attempts.some((attempt) => attempt.id === attemptId && !isWhole(attempt));

/** Cents that are held for the checkout: what others gave to it, and its payments less what was given, promised and taken back. Duplicates don't count. */
export const receivedOf = (state: Aggregate): number =>
  paymentsOfCheckout(state).filter(({ status }) => status === "matched" || status === "partial")
    .reduce((sum, payment) => sum + heldOf(payment), state.checkout.amount_allocated);

/**
 * Cents that are still to be paid, in whole shillings. A checkout that refuses parts asks for all of its amount until it
 * is paid.
 */
export function amountDue({ status, amount, partial, amount_received: received }: DueColumns): number {
  if (status === "succeeded") return 0;
  const left = partial === "refuse" ? amount : Math.max(0, amount - received);
  return Math.ceil(left / SHILLING) * SHILLING;
}
type DueColumns = Pick<Checkout, "status" | "amount" | "partial" | "amount_received">;

/** The amount of the next prompt as its row has it: null for the whole amount. 0: there is nothing to ask for. */
export function amountToAsk(state: Aggregate): number | null {
  const due = amountDue({ ...state.checkout, amount_received: receivedOf(state) });
  return due === state.checkout.amount ? null : due;
}

/** The most (cents) of one payment that settles the checkout without a person. */
export const mostAccepted = ({ amount, overpayment, overpayment_within: within }: Checkout): number =>
  overpayment === "park" ? amount : overpayment === "keep_within" ? amount + within : Infinity;

/** The same for parts together. Prompts ask for whole shillings, so parts may come to less than a shilling too much. */
export const mostOfParts = (checkout: Checkout): number =>
  Math.max(mostAccepted(checkout), checkout.amount + SHILLING - 1);
