import { receivedOf, SHILLING } from "./due.ts";
import { type Aggregate, heldOf, isByHand, type Payment, paymentsOfCheckout } from "./state.ts";

/** Money above the amount of a checkout, and the payment that brought it. */
export interface Difference {
  readonly payment: Payment;
  /** Cents, in whole shillings, which is what M-Pesa sends. */
  readonly amount: number;
}

/**
 * What is to be given back of a checkout by its rule `refund_difference`; null: nothing. The newest payment that counts
 * made it too much. A person who matched a payment has called its amount right, so nothing is sent for that.
 */
export function differenceOf(state: Aggregate): Difference | null {
  const { checkout } = state;
  if (checkout.overpayment !== "refund_difference" || checkout.status !== "succeeded") return null;
  const counted = paymentsOfCheckout(state).filter(({ status }) => status === "matched");
  if (counted.some(isByHand)) return null;
  const over = receivedOf(state) - checkout.amount;
  const amount = over - over % SHILLING;
  const [payment] = counted.toSorted((a, b) => movedAt(b) - movedAt(a) || (a.id < b.id ? 1 : -1));
  return payment === undefined || amount <= 0 || heldOf(payment) < amount ? null : { payment, amount };
}

const movedAt = ({ paid_at, created_at }: Payment): number => paid_at ?? created_at;
