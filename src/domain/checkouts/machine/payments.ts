import type { PaidDetails } from "./evidence.ts";
import { findFree, findGiven, findLater, findUnclaimed } from "./find-money.ts";
import { createPayment, isGone, linkPayment, newPayment, noDetails, toFree } from "./link.ts";
import {
  type Aggregate,
  mergePayment,
  type Payment,
  paymentsOfAttempt,
  replacePayment,
  withoutPayment,
} from "./state.ts";
import { askedBy } from "./due.ts";
import { statusOfArrival, statusOfNewPayment } from "./status.ts";

/** Records the payment of an attempt that was paid. */
export const recordPaid = (before: Aggregate, attemptId: string, paid: PaidDetails, now: number): Aggregate =>
  paid.receipt === null
    ? recordWithoutReceipt(before, attemptId, paid, now)
    : recordReceipt(before, attemptId, paid, now);

/**
 * Paid, but the source names no receipt: it is the payment that the attempt has, or money of the same amount that this
 * checkout or nobody has claimed, or else a placeholder that waits for its receipt. Unmatched money is linked as
 * `inferred`: a callback that names another receipt replaces it.
 */
function recordWithoutReceipt(before: Aggregate, attemptId: string, paid: PaidDetails, now: number): Aggregate {
  const own = paymentsOfAttempt(before, attemptId)[0];
  if (own !== undefined) return linkPayment(before, own, attemptId, paid, now);
  const ofCheckout = findUnclaimed(before, attemptId, now);
  if (ofCheckout !== undefined) return linkPayment(before, ofCheckout, attemptId, paid, now);
  const given = findGiven(before, attemptId, now);
  if (given !== undefined) {
    const money: Payment = { ...given, receipt_source: "inferred", status: "unmatched" };
    return linkPayment(before, money, attemptId, noDetails, now);
  }
  const free = findFree(before, attemptId, now);
  if (free === undefined) return createPayment(before, attemptId, paid, now);
  return linkPayment(before, { ...free, receipt_source: "inferred" }, attemptId, noDetails, now);
}

/**
 * One receipt, one payment (design.md section 5.6). Only a callback says which attempt a receipt belongs to. The payment
 * with that receipt replaces whatever the attempt had: a placeholder is merged into it, and a receipt that was only
 * inferred goes to the attempt that loses this one, or is unmatched again.
 */
function recordReceipt(before: Aggregate, attemptId: string, paid: PaidDetails, now: number): Aggregate {
  const own = paymentsOfAttempt(before, attemptId);
  const placeholder = own.find((p) => p.receipt === null);
  const known = withoutPlaces(before.payments.find((p) => p.receipt === paid.receipt));
  if (known === undefined) return recordUnknownReceipt(before, attemptId, own, placeholder, paid, now);
  if (known.attempt_id === attemptId) return linkPayment(before, known, attemptId, paid, now);
  const loser = known.attempt_id;
  const others = own.filter((p) => p.receipt !== null);
  const freed = freeAll(before, others, loser, now);
  if (placeholder !== undefined && loser === null) {
    const merged = mergePayment(freed, placeholder, known.id);
    return linkPayment(merged, { ...known, status: statusInstead(known, placeholder.status) }, attemptId, paid, now);
  }
  const linked = linkPayment(
    freed,
    { ...known, status: statusInstead(known, statusAfter(others, loser) ?? known.status) },
    attemptId,
    paid,
    now,
  );
  if (loser === null || others.length > 0) return linked;
  const free = findFree(before, loser, now);
  const instead = placeholder ?? findUnclaimed(before, loser, now) ??
    (free === undefined ? undefined : { ...free, receipt_source: "inferred" as const });
  return instead === undefined
    ? createPayment(linked, loser, { ...noDetails, paymentId: paid.paymentId }, now)
    : linkPayment(linked, instead, loser, noDetails, now);
}

/**
 * A callback outranks whoever has put the money to accounts or checkouts: it is nobody's before it is this attempt's. Its
 * shares end when it is linked.
 */
const withoutPlaces = (payment: Payment | undefined): Payment | undefined =>
  payment === undefined || payment.allocations === null
    ? payment
    : { ...payment, status: isGone(payment) ? payment.status : "unmatched" };

/** A receipt that no payment has: the attempt's placeholder takes it, or a new payment. */
function recordUnknownReceipt(
  before: Aggregate,
  attemptId: string,
  own: readonly Payment[],
  placeholder: Payment | undefined,
  paid: PaidDetails,
  now: number,
): Aggregate {
  if (placeholder !== undefined) return linkPayment(before, placeholder, attemptId, paid, now);
  const waiting = own.length === 0
    ? undefined
    : before.payments.find((p) =>
      p.receipt === null && p.checkout_id === before.checkout.id && p.amount === askedBy(before, attemptId)
    );
  const heir = waiting?.attempt_id ?? null;
  const freed = freeAll(before, own, heir, now);
  return waiting === undefined
    ? createPayment(freed, attemptId, paid, now, statusAfter(own, heir))
    : linkPayment(freed, waiting, attemptId, paid, now);
}

/**
 * Takes payments from an attempt that has turned out to be paid by another receipt. They go to the attempt `heir` of the
 * same checkout. Without an heir, money that was only inferred is unmatched again, or goes to another attempt that has later
 * money, which is unmatched then; other money stays as paybill money.
 */
const freeAll = (before: Aggregate, payments: readonly Payment[], heir: string | null, now: number): Aggregate =>
  payments.reduce(
    (state, payment) =>
      heir === null && payment.receipt_source === "inferred"
        ? freeOne(state, toFree(payment), now)
        : linkPayment(state, payment, heir, noDetails, now),
    before,
  );

function freeOne(before: Aggregate, freed: Payment, now: number): Aggregate {
  const state = replacePayment(before, freed, now);
  const later = findLater(state, freed);
  return later === undefined ? state : replaceInferred(state, later, freed, now);
}

/**
 * The status of the payment that takes the place of money which was only inferred and is now unmatched again. Undefined
 * where that money was given back: this says nothing about the payment that replaces it.
 */
const statusAfter = (freed: readonly Payment[], heir: string | null): Payment["status"] | undefined =>
  heir === null ? freed.find((p) => p.receipt_source === "inferred" && !isGone(p))?.status : undefined;

/** The status of `payment` when it takes the place of a payment with the status `replaced`. Money that went back stays gone. */
const statusInstead = (payment: Payment, replaced: Payment["status"]): Payment["status"] =>
  isGone(payment) ? payment.status : replaced;

/**
 * Takes a receipt from this checkout, because a callback proves that it belongs to an attempt of another one. An attempt
 * that was paid by it keeps a placeholder, whose id is `placeholderId`.
 */
export function withoutReceipt(
  before: Aggregate,
  receipt: string,
  placeholderId: string,
  now: number,
): Aggregate {
  const known = before.payments.find((p) => p.receipt === receipt && p.checkout_id === before.checkout.id);
  if (known === undefined) return before;
  const without = withoutPayment(before, known);
  if (known.attempt_id === null) return without;
  const attempt = before.attempts.find((a) => a.id === known.attempt_id);
  // what M-Pesa took back of the other's money says nothing about this attempt's own
  const status = isGone(known) ? statusOfNewPayment(without) : known.status;
  const free = attempt === undefined ? undefined : findFree(without, attempt.id, now);
  if (free !== undefined) {
    return linkPayment(
      without,
      { ...free, receipt_source: "inferred", status: statusInstead(free, status) },
      known.attempt_id,
      noDetails,
      now,
    );
  }
  const placeholder = {
    ...newPayment(before, known.attempt_id, { ...noDetails, paymentId: placeholderId }, now),
    status,
  };
  return { ...without, payments: [...without.payments, placeholder] };
}

/** Earlier money takes the place of a receipt that was only inferred, so that the order of arrival does not matter. */
export const replaceInferred = (before: Aggregate, inferred: Payment, earlier: Payment, now: number): Aggregate => {
  const freed = replacePayment(before, toFree(inferred), now);
  const linked: Payment = {
    ...earlier,
    checkout_id: inferred.checkout_id,
    attempt_id: inferred.attempt_id,
    receipt_source: "inferred",
    channel: inferred.channel,
    status: isGone(inferred) ? statusOfArrival(freed, earlier.amount) : statusInstead(earlier, inferred.status),
  };
  const others = freed.payments.filter(({ id }) => id !== earlier.id);
  return { ...freed, payments: [...others, linked] };
};

/** The unmatched payment `free` takes the place of a placeholder, as an inference. */
export const linkInstead = (before: Aggregate, placeholder: Payment, free: Payment, now: number): Aggregate =>
  linkPayment(
    mergePayment(before, placeholder, free.id),
    { ...free, receipt_source: "inferred", status: statusInstead(free, placeholder.status) },
    placeholder.attempt_id,
    noDetails,
    now,
  );
