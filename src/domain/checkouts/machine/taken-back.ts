import { derive } from "./derive.ts";
import { type Aggregate, type Payment, replacePayment } from "./state.ts";

/**
 * M-Pesa has reversed `amount` (cents) of a payment, and no refund of ours asked for that. The payment is `taken_back` when
 * nothing of it is left. A checkout that it paid is for a person, unless other money pays it.
 */
export function takeBack(before: Aggregate, paymentId: string, amount: number, now: number): Aggregate {
  const payment = before.payments.find(({ id }) => id === paymentId);
  if (payment === undefined) throw new Error(`payment ${paymentId} was not loaded with ${before.checkout.id}`);
  return derive(replacePayment(before, takenFrom(payment, amount), now), now);
}

/** The payment of which M-Pesa has reversed `amount` (cents). */
export function takenFrom(payment: Payment, amount: number): Payment {
  const amount_taken_back = payment.amount_taken_back + amount;
  const isLeft = amount_taken_back + payment.amount_refunded < payment.amount;
  return { ...payment, amount_taken_back, status: isLeft ? payment.status : "taken_back" };
}
