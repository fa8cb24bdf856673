import type { InferSelectModel } from "drizzle-orm";
import type { FailureCode } from "../daraja/codes.ts";
import type { attempts, checkouts, payments } from "../db/schema.ts";

/**
 * The life of a checkout as a join: each thing learnt is a fact, facts add up to the same state in any order and any
 * number, and paid is the top (design section 5). Nothing here does I/O.
 */
export type Checkout = InferSelectModel<typeof checkouts>;
export type Attempt = InferSelectModel<typeof attempts>;
export type Payment = InferSelectModel<typeof payments>;

/** A checkout with all that belongs to it; attempts and payments oldest first. */
export interface Aggregate {
  readonly checkout: Checkout;
  readonly attempts: readonly Attempt[];
  readonly payments: readonly Payment[];
}

/** What an attempt has been told, as bits of `attempts.evidence`. */
export const Evidence = {
  /** Paid, with the amount that was asked. */
  exact: 1,
  /** Paid, without an amount to compare: a query, or a callback that names none. */
  claimed: 2,
  /** Paid, but another amount or a receipt of another checkout: quarantined. */
  mismatch: 4,
  failedByCallback: 8,
  failedByQuery: 16,
  /** Daraja refused the push, or it never left. */
  refused: 32,
  /** Nothing more will be asked by itself. */
  planEnded: 64,
  /** Paid, after something else had paid the checkout. */
  second: 128,
} as const;

export interface Failure {
  readonly failure: FailureCode;
  readonly resultCode: string | null;
  readonly description: string;
}

export type Fact =
  | { readonly kind: "accepted"; readonly requestIds: Uint8Array }
  | { readonly kind: "refused" } & Failure
  | { readonly kind: "failed"; readonly via: "callback" | "query" } & Failure
  | { readonly kind: "paid"; readonly via: "callback" | "query"; readonly paid: Paid }
  | { readonly kind: "polled" }
  | { readonly kind: "plan_ended" };

/** Money that arrived for an attempt. `amount` in cents, null where the source names none. */
export interface Paid {
  readonly paymentId: string;
  readonly amount: number | null;
  readonly receipt: string | null;
  readonly paidAt: number | null;
  readonly phone: Uint8Array | null;
}

/** Adds one fact about one attempt. The same fact again changes nothing. */
export function learn(before: Aggregate, attemptId: string, fact: Fact, now: number): Aggregate {
  const attempt = before.attempts.find((a) => a.id === attemptId);
  if (attempt === undefined) throw new Error(`attempt ${attemptId} is not of checkout ${before.checkout.id}`);
  if (fact.kind === "paid") return derive(learnPaid(before, attempt, fact.paid, now), now);
  return derive(withAttempt(before, learnOther(attempt, fact, now)), now);
}

function learnOther(attempt: Attempt, fact: Exclude<Fact, { kind: "paid" }>, now: number): Attempt {
  switch (fact.kind) {
    case "accepted":
      return attempt.request_ids === null ? { ...attempt, request_ids: fact.requestIds, accepted_at: now } : attempt;
    case "polled":
      return { ...attempt, polls: attempt.polls + 1 };
    case "plan_ended":
      return { ...attempt, evidence: attempt.evidence | Evidence.planEnded };
    case "refused":
      return withFailure(attempt, fact, Evidence.refused);
    case "failed":
      return withFailure(attempt, fact, fact.via === "callback" ? Evidence.failedByCallback : Evidence.failedByQuery);
  }
}

/** The failure that is shown: a callback's before a query's before a refusal's; of two alike the smaller code, so that order does not matter. */
function withFailure(attempt: Attempt, failure: Failure, bit: number): Attempt {
  const evidence = attempt.evidence | bit;
  const rank = (
    bits: number,
  ) => (bits & Evidence.failedByCallback ? 3 : bits & Evidence.failedByQuery ? 2 : bits & Evidence.refused ? 1 : 0);
  const shown = rank(attempt.evidence);
  const better = rank(bit) > shown || (rank(bit) === shown && (failure.resultCode ?? "") < (attempt.result_code ?? ""));
  if (!better) return { ...attempt, evidence };
  return {
    ...attempt,
    evidence,
    failure: failure.failure,
    result_code: failure.resultCode,
    result_description: failure.description,
  };
}

function learnPaid(before: Aggregate, attempt: Attempt, paid: Paid, now: number): Aggregate {
  const { checkout } = before;
  const foreign = before.payments.some((p) =>
    p.receipt === paid.receipt && p.receipt !== null && p.checkout_id !== null && p.checkout_id !== checkout.id
  );
  if (foreign || (paid.amount !== null && paid.amount !== checkout.amount)) {
    return withAttempt(before, { ...attempt, evidence: attempt.evidence | Evidence.mismatch });
  }
  const bit = paid.amount === null ? Evidence.claimed : Evidence.exact;
  const told = withPayment(before, attempt.id, paid, now);
  const own = told.payments.filter((p) => p.attempt_id === attempt.id);
  const second = own.every((p) => p.status === "duplicate_payment") ? Evidence.second : 0;
  return withAttempt(told, { ...attempt, evidence: (attempt.evidence & ~Evidence.second) | bit | second });
}

const MERGE_WINDOW_MS = 30 * 60_000;

/** One receipt, one payment; a payment without a receipt takes the first that comes for its attempt (design section 5.6). */
function withPayment(before: Aggregate, attemptId: string, paid: Paid, now: number): Aggregate {
  const own = before.payments.filter((p) => p.attempt_id === attemptId);
  const known = paid.receipt === null
    ? own[0]
    : before.payments.find((p) => p.receipt === paid.receipt) ?? own.find((p) => p.receipt === null);
  const merged = known ?? (own.length === 0 ? seenOtherwise(before, paid, now) : undefined);
  if (merged !== undefined) {
    return replacePayment(before, {
      ...merged,
      checkout_id: before.checkout.id,
      attempt_id: merged.attempt_id ?? attemptId,
      status: merged.status === "unmatched" ? statusOfNew(before) : merged.status,
      receipt: merged.receipt ?? paid.receipt,
      paid_at: merged.paid_at ?? paid.paidAt,
      phone: merged.phone ?? paid.phone,
    }, now);
  }
  return { ...before, payments: [...before.payments, newPayment(before, attemptId, paid, now)] };
}

/** Paid without a receipt, while a paybill confirmation for the same checkout and amount has come: it is that money. */
const seenOtherwise = (before: Aggregate, paid: Paid, now: number): Payment | undefined =>
  paid.receipt !== null
    ? undefined
    : before.payments.find((p) =>
      p.attempt_id === null && p.checkout_id === before.checkout.id && p.amount === before.checkout.amount &&
      now - p.created_at < MERGE_WINDOW_MS
    );

const statusOfNew = (before: Aggregate): Payment["status"] =>
  before.payments.some((p) => p.status === "matched" && p.checkout_id === before.checkout.id)
    ? "duplicate_payment"
    : "matched";

function newPayment(before: Aggregate, attemptId: string, paid: Paid, now: number): Payment {
  const { checkout } = before;
  return {
    id: paid.paymentId,
    merchant_id: checkout.merchant_id,
    shortcode_id: checkout.shortcode_id,
    checkout_id: checkout.id,
    attempt_id: attemptId,
    receipt: paid.receipt,
    channel: "stk",
    status: statusOfNew(before),
    amount: checkout.amount,
    currency: checkout.currency,
    account_reference: checkout.account_reference,
    phone: paid.phone,
    payer_name: null,
    paid_at: paid.paidAt,
    created_at: now,
    updated_at: now,
  };
}

/** Money that reached the paybill for this checkout without a prompt, or the same receipt seen there. Exact amount only. */
export function receive(before: Aggregate, payment: Payment, now: number): Aggregate {
  if (before.payments.some((p) => p.receipt === payment.receipt)) return before;
  const waiting = before.payments.find((p) =>
    p.receipt === null && p.amount === payment.amount && Math.abs(payment.created_at - p.created_at) < MERGE_WINDOW_MS
  );
  if (waiting !== undefined) {
    return replacePayment(before, {
      ...waiting,
      receipt: payment.receipt,
      paid_at: waiting.paid_at ?? payment.paid_at,
      payer_name: payment.payer_name,
    }, now);
  }
  const status = payment.amount === before.checkout.amount ? statusOfNew(before) : payment.status;
  return derive(
    { ...before, payments: [...before.payments, { ...payment, checkout_id: before.checkout.id, status }] },
    now,
  );
}

/** Time has reached the checkout. */
export function expire(before: Aggregate, now: number): Aggregate {
  const { checkout } = before;
  if (checkout.expired_at !== null || now < checkout.expires_at) return before;
  return derive({ ...before, checkout: { ...checkout, expired_at: now } }, now);
}

/** The merchant no longer wants it. What was prompted may still be paid, and is then recorded. */
export const cancel = (before: Aggregate, now: number): Aggregate =>
  derive({ ...before, checkout: { ...before.checkout, cancelled_at: before.checkout.cancelled_at ?? now } }, now);

/** One more attempt. */
export const prompt = (before: Aggregate, attempt: Attempt, now: number): Aggregate =>
  derive({ ...before, attempts: [...before.attempts, attempt] }, now);

/** The state of an attempt, out of all it was told. */
export function statusOfAttempt(evidence: number): Attempt["status"] {
  const has = (bit: number) => (evidence & bit) !== 0;
  if (has(Evidence.exact) || (has(Evidence.claimed) && !has(Evidence.mismatch))) {
    return has(Evidence.second) ? "unknown" : "succeeded";
  }
  if (has(Evidence.mismatch)) return "unknown";
  if (has(Evidence.failedByCallback) || has(Evidence.failedByQuery) || has(Evidence.refused)) return "failed";
  return has(Evidence.planEnded) ? "unknown" : "pending";
}

/** The state of a checkout, out of its attempts and payments. */
export function statusOfCheckout({ checkout, attempts, payments }: Aggregate): Checkout["status"] {
  if (attempts.some((a) => a.status === "succeeded")) return "succeeded";
  if (payments.some((p) => p.checkout_id === checkout.id && p.status === "matched" && p.attempt_id === null)) {
    return "succeeded";
  }
  if (attempts.some((a) => (a.evidence & Evidence.mismatch) !== 0)) return "review";
  if (checkout.cancelled_at !== null) return "cancelled";
  if (attempts.some((a) => a.status === "pending")) return "pending";
  if (checkout.expired_at === null) return "open";
  return attempts.some((a) => a.status === "unknown") ? "review" : "expired";
}

function derive(state: Aggregate, now: number): Aggregate {
  const attempts = state.attempts.map((attempt) => {
    const status = statusOfAttempt(attempt.evidence);
    if (status === attempt.status) return attempt;
    return { ...attempt, status, ended_at: status === "pending" ? null : now };
  });
  const next = { ...state, attempts };
  return { ...next, checkout: { ...state.checkout, status: statusOfCheckout(next) } };
}

const withAttempt = (state: Aggregate, attempt: Attempt): Aggregate => ({
  ...state,
  attempts: state.attempts.map((a) => (a.id === attempt.id ? attempt : a)),
});

const replacePayment = (state: Aggregate, payment: Payment, now: number): Aggregate => ({
  ...state,
  payments: state.payments.map((
    p,
  ) => (p.id === payment.id && differs(p, payment) ? { ...payment, updated_at: now } : p)),
});

const differs = (a: Payment, b: Payment): boolean =>
  (Object.keys(a) as (keyof Payment)[]).some((key) => a[key] !== b[key]);
