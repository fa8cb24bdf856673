import { Evidence, has, isProven } from "./evidence.ts";
import { type Aggregate, type Checkout, heldOf, isByHand, type Payment, paymentsOfCheckout } from "./state.ts";

/** The status of a checkout, computed from its attempts and payments. */
export function statusOfCheckout(state: Aggregate): Checkout["status"] {
  const { checkout, attempts } = state;
  const payments = paymentsOfCheckout(state);
  if (attempts.some((a) => isProven(a.evidence))) return isHeld(checkout, payments) ? "succeeded" : "review";
  if (isPaidByPaybill(checkout, payments)) return "succeeded";
  if (attempts.some((a) => has(a.evidence, Evidence.mismatch))) return "review";
  const hasParts = payments.some((p) => p.status === "partial");
  if (checkout.cancelled_at !== null) return hasParts ? "review" : "cancelled";
  if (attempts.some((a) => a.status === "pending")) return "pending";
  if (checkout.expired_at === null) return "open";
  return hasParts || attempts.some((a) => a.status === "unknown") ? "review" : "expired";
}

/**
 * Whether money without a prompt pays the whole checkout. Money that was given back later has paid it all the same. A
 * person may call any amount enough.
 */
function isPaidByPaybill(checkout: Checkout, payments: readonly Payment[]): boolean {
  if (payments.some(isByHand)) return true;
  const settles = (p: Payment) =>
    p.status === "matched" || (p.status === "refunded" && checkout.status === "succeeded");
  const counted = payments.filter((p) => p.attempt_id === null && settles(p));
  return counted.reduce((sum, { amount }) => sum + amount, 0) >= checkout.amount;
}

/** Money that was given or promised back, or that M-Pesa took back, before it had settled the checkout settles nothing. */
const isHeld = (checkout: Checkout, payments: readonly Payment[]): boolean =>
  checkout.status === "succeeded" || payments.some((p) => isByHand(p) || heldOf(p) >= checkout.amount);

/** The status of one more payment of the whole amount. A checkout stays settled when its payment is refunded later. */
export const statusOfNewPayment = (before: Aggregate): Payment["status"] =>
  statusOfCheckout(before) === "succeeded" || paymentsOfCheckout(before).some((p) => p.status === "matched")
    ? "duplicate_payment"
    : "matched";
