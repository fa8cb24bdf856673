import { isWhole, mostAccepted } from "./due.ts";
import { Evidence, has, isProven } from "./evidence.ts";
import { type Aggregate, type Checkout, heldOf, isByHand, type Payment, paymentsOfCheckout } from "./state.ts";

/** The status of a checkout, computed from its attempts and payments. */
export function statusOfCheckout(state: Aggregate): Checkout["status"] {
  const { checkout, attempts } = state;
  const payments = paymentsOfCheckout(state);
  if (isPaymentLost(checkout, payments)) return "review";
  if (attempts.some((a) => isWhole(a) && isProven(a.evidence))) {
    return isHeld(checkout, payments) ? "succeeded" : "review";
  }
  if (isPaidInParts(state, payments)) return "succeeded";
  if (attempts.some((a) => has(a.evidence, Evidence.mismatch))) return "review";
  const hasParts = checkout.amount_allocated > 0 || payments.some((p) => p.status === "partial");
  if (checkout.cancelled_at !== null) return hasParts ? "review" : "cancelled";
  if (attempts.some((a) => a.status === "pending")) return "pending";
  if (checkout.expired_at === null) return "open";
  return hasParts || attempts.some((a) => a.status === "unknown") ? "review" : "expired";
}

/**
 * Whether M-Pesa took back what had paid the checkout, and what is left does not pay it. What a merchant gave back has
 * paid it all the same.
 */
function isPaymentLost(checkout: Checkout, payments: readonly Payment[]): boolean {
  const isTaken = ({ amount_taken_back: taken }: Payment) => taken > 0;
  const wasPaid = checkout.status === "succeeded" || checkout.status === "review";
  if (!wasPaid || (checkout.amount_lost === 0 && !payments.some(isTaken))) return false;
  const settled = payments.filter(({ status }) => status === "matched" || status === "refunded");
  if (settled.some((p) => isByHand(p) && !isTaken(p))) return false;
  const left = settled.reduce((sum, p) => sum + p.amount - p.amount_taken_back, checkout.amount_allocated);
  return left < checkout.amount;
}

/**
 * Whether money without a prompt, and that of prompts of a part, pays the whole checkout. Money that was given back later
 * has paid it all the same. A person may call any amount enough.
 */
function isPaidInParts({ checkout, attempts }: Aggregate, payments: readonly Payment[]): boolean {
  if (payments.some(isByHand)) return true;
  const settles = (p: Payment) =>
    p.status === "matched" || (p.status === "refunded" && checkout.status === "succeeded");
  const isCounted = ({ attempt_id }: Payment) =>
    attempt_id === null || attempts.some((a) => a.id === attempt_id && !isWhole(a) && isProven(a.evidence));
  const counted = payments.filter((p) => isCounted(p) && settles(p));
  const due = checkout.amount - checkout.amount_allocated;
  return counted.reduce((sum, { amount, amount_taken_back: taken }) => sum + amount - taken, 0) >= due;
}

/** Money that was given or promised back, or that M-Pesa took back, before it had settled the checkout settles nothing. */
const isHeld = (checkout: Checkout, payments: readonly Payment[]): boolean =>
  checkout.status === "succeeded" || payments.some((p) => isByHand(p) || heldOf(p) >= checkout.amount);

/** The status of one more payment of `amount` (cents), before parts are added up. */
export function statusOfArrival(before: Aggregate, amount: number): Payment["status"] {
  if (amount < before.checkout.amount) return "partial";
  return amount <= mostAccepted(before.checkout) ? statusOfNewPayment(before) : "duplicate_payment";
}

/** The status of one more payment of the whole amount. A checkout stays settled when its payment is refunded later. */
export const statusOfNewPayment = (before: Aggregate): Payment["status"] =>
  statusOfCheckout(before) === "succeeded" || paymentsOfCheckout(before).some((p) => p.status === "matched")
    ? "duplicate_payment"
    : "matched";
