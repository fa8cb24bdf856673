import { askedBy } from "./machine/due.ts";
import { derive } from "./machine/derive.ts";
import { addEvidence, Evidence, type Fact, type PaidDetails, withFact } from "./machine/evidence.ts";
import { findSameMoney } from "./machine/find-money.ts";
import { withoutShareOf } from "./machine/link.ts";
import { linkInstead, recordPaid, replaceInferred, withoutReceipt } from "./machine/payments.ts";
import {
  type Aggregate,
  type Attempt,
  type Payment,
  replaceAttempt,
  replacePayment,
  withoutPayment,
} from "./machine/state.ts";
import { statusOfArrival } from "./machine/status.ts";

/**
 * The steps of a checkout. Each takes the state before and gives the state after; none does I/O. Facts add up to the same
 * state in any order and any number, and paid outranks failed (design.md sections 5.2 and 5.3, ADR 0004). `now` is in ms.
 */
export { Evidence, type Fact, type PaidDetails, statusOfAttempt } from "./machine/evidence.ts";
export { heldOf, mergePayment, paymentsOfCheckout } from "./machine/state.ts";
export type { Aggregate, Attempt, Checkout, Merged, Payment, Pool } from "./machine/state.ts";
export { amountDue, amountToAsk, askedBy, receivedOf } from "./machine/due.ts";
export { amountToSplit, nextPart, progressOf } from "./machine/split.ts";
export { CLOCK_SKEW_MS, findFree, hasOwnMoney, isOfSameAccount } from "./machine/find-money.ts";
export { chooseCheckout } from "./machine/choose.ts";
export { isGone, sourceOfFree, toFree } from "./machine/link.ts";
export { hasMovable, placeMoney } from "./machine/place.ts";
export { isSpare, lacksReceipt, namesAnother } from "./machine/seat.ts";
export { differenceOf } from "./machine/difference.ts";
export { placeByPerson } from "./machine/by-person.ts";
export { statusOfCheckout } from "./machine/status.ts";
export { takeBack, takenFrom } from "./machine/taken-back.ts";

/** Adds one fact about one attempt. The same fact again changes nothing. */
export function applyFact(before: Aggregate, attemptId: string, fact: Fact, now: number): Aggregate {
  const attempt = before.attempts.find((a) => a.id === attemptId);
  if (attempt === undefined) throw new Error(`checkout ${before.checkout.id} has no attempt ${attemptId}`);
  if (fact.kind === "paid") return derive(applyPaid(before, attempt, fact.paid, now), now);
  return derive(replaceAttempt(before, withFact(attempt, fact, now)), now);
}

function applyPaid(before: Aggregate, attempt: Attempt, paid: PaidDetails, now: number): Aggregate {
  const asked = askedBy(before, attempt.id);
  if (contradicts(before, paid, asked) || (paid.amount !== null && paid.amount !== asked)) {
    return replaceAttempt(before, addEvidence(attempt, Evidence.mismatch));
  }
  const bit = paid.amount === null ? Evidence.claimed : Evidence.exact;
  return replaceAttempt(recordPaid(before, attempt.id, paid, now), addEvidence(attempt, bit));
}

/** Whether the receipt is known as another checkout's or as money of another amount. */
const contradicts = ({ checkout, payments }: Aggregate, { receipt }: PaidDetails, asked: number): boolean =>
  receipt !== null && payments.some((p) =>
    p.receipt === receipt &&
    ((p.checkout_id !== null && p.checkout_id !== checkout.id) || p.amount !== asked)
  );

/** Takes a receipt away that a callback proves to be another checkout's. `placeholderId` is for a payment without receipt. */
export const releaseReceipt = (
  before: Aggregate,
  receipt: string,
  placeholderId: string,
  now: number,
): Aggregate => derive(withoutReceipt(before, receipt, placeholderId, now), now);

/** Links unmatched money among `before.payments` to a prompt that was paid and has no receipt, as an inference. */
export function replacePlaceholder(before: Aggregate, paymentId: string, now: number): Aggregate {
  const free = before.payments.find(({ id }) => id === paymentId);
  const placeholder = free === undefined ? undefined : findSameMoney(before, free);
  if (free === undefined || placeholder === undefined) return before;
  return derive(linkInstead(before, placeholder, free, now), now);
}

/** Earlier money, stored or new, takes the place of the inferred payment `inferredId`, which is then unmatched. */
export function displaceInferred(before: Aggregate, inferredId: string, earlier: Payment, now: number): Aggregate {
  const inferred = before.payments.find(({ id }) => id === inferredId);
  if (inferred?.receipt_source !== "inferred") return before;
  return derive(replaceInferred(before, inferred, earlier, now), now);
}

/**
 * Adds money that a customer sent to the paybill or till for this checkout. If a payment without a receipt stands for the
 * same money, that payment takes the receipt. Less than the amount is a part: parts that add up to the amount settle the
 * checkout together. The caller must not pass more than the checkout takes, unless it is paid already.
 */
export function addPaybillPayment(before: Aggregate, payment: Payment, now: number): Aggregate {
  if (before.payments.some((p) => p.receipt === payment.receipt)) return before;
  const sameMoney = findSameMoney(before, payment);
  if (sameMoney !== undefined) {
    return replacePayment(before, {
      ...sameMoney,
      receipt: payment.receipt,
      receipt_source: payment.receipt_source,
      // at a till the customer named no account: if the money proves to be another's, this one's must not stay with it
      account_reference: payment.account_reference === null ? null : sameMoney.account_reference,
      account_key: payment.account_reference === null ? "" : sameMoney.account_key,
      uploaded: payment.uploaded,
      paid_at: sameMoney.paid_at ?? payment.paid_at,
      phone: sameMoney.phone ?? payment.phone,
      payer_name: payment.payer_name,
    }, now);
  }
  const { checkout } = before;
  const added = { ...payment, checkout_id: checkout.id, status: statusOfArrival(before, payment.amount) };
  return derive({ ...before, payments: [...before.payments, added] }, now);
}

/**
 * A person decides that a payment is for this checkout. It settles the checkout, whatever the amounts are. Parts that came
 * before count as far as they fit into what is still due. The payment must be among `loaded.payments`.
 */
export function assignPayment(loaded: Aggregate, paymentId: string, now: number): Aggregate {
  const chosen = loaded.payments.find((p) => p.id === paymentId);
  if (chosen === undefined) throw new Error(`payment ${paymentId} was not loaded with checkout ${loaded.checkout.id}`);
  const before = withoutShareOf(loaded, chosen);
  const { checkout } = before;
  let due = checkout.amount - chosen.amount;
  const statusOf = (p: Payment): Payment["status"] => {
    if (p.id === paymentId) return "matched";
    if (p.status === "matched") return "duplicate_payment"; // its attempt is in doubt, or the checkout would be paid
    if (p.status !== "partial" || p.amount > due) return p.status;
    due -= p.amount;
    return "matched";
  };
  const assigned = before.payments.reduce((state, p) => {
    if (p.id !== paymentId && p.checkout_id !== checkout.id) return state;
    const source = p.id === paymentId && p.receipt_source !== "callback" ? "person" : p.receipt_source;
    const own: Payment = { ...p, checkout_id: checkout.id, allocations: null, receipt_source: source };
    return replacePayment(state, { ...own, status: statusOf(p) }, now);
  }, before);
  return derive(assigned, now);
}

/** Removes a payment that a person assigns to another checkout. */
export function releasePayment(before: Aggregate, paymentId: string, now: number): Aggregate {
  const released = before.payments.find(({ id }) => id === paymentId);
  return derive(released === undefined ? before : withoutPayment(before, released), now);
}

/** Marks the checkout as expired if its time is over. */
export function expire(before: Aggregate, now: number): Aggregate {
  const { checkout } = before;
  if (checkout.expired_at !== null || now < checkout.expires_at) return before;
  return derive({ ...before, checkout: { ...checkout, expired_at: now } }, now);
}

/** Cancels the checkout for its merchant. A push that was sent may still be paid; that payment is then recorded. */
export const cancel = (before: Aggregate, now: number): Aggregate =>
  derive({ ...before, checkout: { ...before.checkout, cancelled_at: before.checkout.cancelled_at ?? now } }, now);

/** What other payments and accounts have given to the checkout is now `amount` (cents). */
export const setAllocated = (before: Aggregate, amount: number, now: number): Aggregate =>
  derive({ ...before, checkout: { ...before.checkout, amount_allocated: amount } }, now);

/** M-Pesa took `amount` (cents) back of what others had given to the checkout. One that was paid by it is for a person. */
export function loseAllocated(before: Aggregate, amount: number, now: number): Aggregate {
  const { amount_allocated: given, amount_lost: lost, status } = before.checkout;
  const amount_lost = status === "succeeded" || lost > 0 ? lost + amount : 0;
  const checkout = { ...before.checkout, amount_allocated: Math.max(0, given - amount), amount_lost };
  return derive({ ...before, checkout }, now);
}

/** Settles the checkout again, after refunds have changed what is held of its money. */
export const settleAgain = (before: Aggregate, now: number): Aggregate => derive(before, now);

/** Adds a new attempt. */
export const addAttempt = (before: Aggregate, attempt: Attempt, now: number): Aggregate =>
  derive({ ...before, attempts: [...before.attempts, attempt] }, now);
