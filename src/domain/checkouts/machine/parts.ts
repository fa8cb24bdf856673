import { type Aggregate, type Payment, paymentsOfCheckout, replacePayment } from "./state.ts";
import { statusOfCheckout } from "./status.ts";

/** The search for parts doubles with each part, so only the newest are looked at. */
const MAX_PARTS = 12;

/**
 * Decides about partial payments (ADR 0011). They wait until some of them add up to the amount. Those then settle the
 * checkout, and the payment of an attempt in doubt becomes a duplicate. Parts that are left over when the checkout is
 * paid become duplicates too, to be refunded.
 */
export function settleParts(state: Aggregate, now: number): Aggregate {
  const setStatus = (to: Aggregate, payments: readonly Payment[], status: Payment["status"]): Aggregate =>
    payments.reduce((next, p) => replacePayment(next, { ...p, status }, now), to);
  if (statusOfCheckout(state) === "succeeded") return setStatus(state, openParts(state), "duplicate_payment");
  const parts = partsAddingUpTo(state.checkout.amount, openParts(state));
  if (parts.length === 0) return setStatus(state, openParts(state), "partial");
  const inDoubt = paymentsOfCheckout(state).filter((p) => p.status === "matched");
  const settled = setStatus(setStatus(state, inDoubt, "duplicate_payment"), parts, "matched");
  return setStatus(settled, openParts(settled), "duplicate_payment");
}

/** Payments to the paybill of less than the amount that do not count towards the checkout yet. */
const openParts = (state: Aggregate): Payment[] =>
  paymentsOfCheckout(state).filter((p) =>
    p.attempt_id === null && p.amount < state.checkout.amount &&
    (p.status === "partial" || p.status === "duplicate_payment")
  );

/** Parts whose sum is `amount` (cents); none where no choice of them gives that sum. */
function partsAddingUpTo(amount: number, parts: readonly Payment[]): readonly Payment[] {
  let choices = new Map<number, readonly Payment[]>([[0, []]]);
  for (const part of parts.slice(-MAX_PARTS)) {
    const more = [...choices].map(([sum, chosen]) => [sum + part.amount, [...chosen, part]] as const);
    choices = new Map([...more.filter(([sum]) => sum <= amount), ...choices]);
  }
  return choices.get(amount) ?? [];
}
