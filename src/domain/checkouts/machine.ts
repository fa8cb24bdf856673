import type { InferSelectModel } from "drizzle-orm";
import type { attempts, checkouts, payments } from "../../db/schema.ts";
import type { Failure } from "../settlement/failure.ts";
import { hasChanged } from "../settlement/has-changed.ts";

/**
 * The life of a checkout as a join: each thing learnt is a fact, facts add up to the same state in any order and any
 * number, and paid is the top (design.md section 5). Nothing here does I/O.
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
export function applyFact(before: Aggregate, attemptId: string, fact: Fact, now: number): Aggregate {
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
  const told = paid.receipt === null
    ? withNameless(before, attempt.id, paid, now)
    : withReceipt(before, attempt.id, paid, now);
  return withAttempt(told, { ...attempt, evidence: attempt.evidence | bit });
}

const MERGE_WINDOW_MS = 30 * 60_000;
const ownOf = (state: Aggregate, attemptId: string): Payment[] =>
  state.payments.filter((p) => p.attempt_id === attemptId);

/** Paybill money of this checkout that no attempt explains yet: what was paid without a receipt may be it. */
const unclaimed = (state: Aggregate, now: number): Payment | undefined =>
  state.payments.find((p) =>
    p.attempt_id === null && p.checkout_id === state.checkout.id && p.amount === state.checkout.amount &&
    now - p.created_at < MERGE_WINDOW_MS
  );

/** Paid, without a receipt: the attempt's own payment, or unclaimed money of the same amount, or one more. */
function withNameless(before: Aggregate, attemptId: string, paid: Paid, now: number): Aggregate {
  const known = ownOf(before, attemptId)[0] ?? unclaimed(before, now);
  return known === undefined ? withNew(before, attemptId, paid, now) : withLink(before, known, attemptId, paid, now);
}

/**
 * One receipt, one payment (design.md section 5.6). Only a callback knows whose a receipt is; a confirmation's may have
 * been taken for another attempt's, and then changes hands with what this attempt had, so that no money counts twice or
 * not at all.
 */
function withReceipt(before: Aggregate, attemptId: string, paid: Paid, now: number): Aggregate {
  const own = ownOf(before, attemptId);
  const known = before.payments.find((p) => p.receipt === paid.receipt) ?? own.find((p) => p.receipt === null);
  const others = own.filter((p) => p.id !== known?.id && p.receipt !== null);
  if (known === undefined) {
    const nameless = others.length === 0 ? undefined : before.payments.find((p) => p.receipt === null);
    const free = others.reduce((state, p) => withLink(state, p, nameless?.attempt_id ?? null, NONE, now), before);
    return nameless === undefined
      ? withNew(free, attemptId, paid, now)
      : withLink(free, nameless, attemptId, paid, now);
  }
  const linked = withLink(before, known, attemptId, paid, now);
  const loser = known.attempt_id;
  if (loser === attemptId) return linked;
  if (loser === null) return others.reduce((state, p) => withLink(state, p, null, NONE, now), linked);
  const instead = own[0] ?? unclaimed(before, now);
  return instead === undefined
    ? withNew(linked, loser, { ...NONE, paymentId: paid.paymentId }, now)
    : withLink(linked, instead, loser, NONE, now);
}

const NONE: Paid = { paymentId: "", amount: null, receipt: null, paidAt: null, phone: null };

/** Gives a payment to an attempt (to none: it is the paybill's own), with what is newly known of it. */
const withLink = (before: Aggregate, payment: Payment, attemptId: string | null, paid: Paid, now: number): Aggregate =>
  replacePayment(before, {
    ...payment,
    checkout_id: before.checkout.id,
    attempt_id: attemptId,
    channel: attemptId === null ? "c2b" : "stk",
    status: payment.status === "unmatched" || payment.status === "partial" ? statusOfNew(before) : payment.status,
    receipt: payment.receipt ?? paid.receipt,
    paid_at: payment.paid_at ?? paid.paidAt,
    phone: payment.phone ?? paid.phone,
  }, now);

/** What has settled a checkout has settled it, also when that money was given back since. */
const statusOfNew = (before: Aggregate): Payment["status"] =>
  statusOfCheckout(before) === "succeeded" ||
    before.payments.some((p) => p.status === "matched" && p.checkout_id === before.checkout.id)
    ? "duplicate_payment"
    : "matched";

function withNew(before: Aggregate, attemptId: string, paid: Paid, now: number): Aggregate {
  const { checkout } = before;
  const payment: Payment = {
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
  return { ...before, payments: [...before.payments, payment] };
}

/**
 * Money that reached the paybill for this checkout without a prompt, or the same receipt seen there. Less than was asked
 * is a part: parts that add up to the amount settle the checkout together. Not to be called with more than was asked,
 * unless the checkout is paid already.
 */
export function addPaybillPayment(before: Aggregate, payment: Payment, now: number): Aggregate {
  if (before.payments.some((p) => p.receipt === payment.receipt)) return before;
  const waiting = before.payments.find((p) => p.receipt === null && isSameMoney(before, p, payment));
  if (waiting !== undefined) {
    return replacePayment(before, {
      ...waiting,
      receipt: payment.receipt,
      paid_at: waiting.paid_at ?? payment.paid_at,
      phone: waiting.phone ?? payment.phone,
      payer_name: payment.payer_name,
    }, now);
  }
  const { checkout } = before;
  const less = payment.amount < checkout.amount;
  const status = payment.amount === checkout.amount ? statusOfNew(before) : less ? "partial" : "duplicate_payment";
  return derive({ ...before, payments: [...before.payments, { ...payment, checkout_id: checkout.id, status }] }, now);
}

const SKEW_MS = 2 * 60_000;

/** Whether money seen at the paybill is what a prompt's payment without a receipt stands for: it moved between prompt and news. */
function isSameMoney({ attempts }: Aggregate, nameless: Payment, seen: Payment): boolean {
  if (nameless.amount !== seen.amount) return false;
  if (seen.paid_at === null) return Math.abs(seen.created_at - nameless.created_at) < MERGE_WINDOW_MS;
  const prompted = attempts.find((a) => a.id === nameless.attempt_id)?.created_at ?? nameless.created_at;
  return seen.paid_at >= prompted - SKEW_MS && seen.paid_at <= nameless.created_at + SKEW_MS;
}

/** What the paybill got of less than was asked, and nothing has counted in yet. */
const partsOf = ({ checkout, payments }: Aggregate): Payment[] =>
  payments.filter((p) =>
    p.checkout_id === checkout.id && p.attempt_id === null && p.amount < checkout.amount &&
    (p.status === "partial" || p.status === "duplicate_payment")
  );

/**
 * Parts wait until they add up to the amount; then they settle the checkout, and what only a doubtful attempt claims
 * gives way. When it is paid, what is left of them is to be given back.
 */
function withParts(state: Aggregate, now: number): Aggregate {
  const set = (to: Aggregate, payments: readonly Payment[], status: Payment["status"]): Aggregate =>
    payments.reduce((sum, p) => replacePayment(sum, { ...p, status }, now), to);
  if (statusOfCheckout(state) === "succeeded") return set(state, partsOf(state), "duplicate_payment");
  const parts = addingUp(partsOf(state), state.checkout.amount);
  if (parts.length === 0) return set(state, partsOf(state), "partial");
  const doubtful = state.payments.filter((p) => p.checkout_id === state.checkout.id && p.status === "matched");
  const settled = set(set(state, doubtful, "duplicate_payment"), parts, "matched");
  return set(settled, partsOf(settled), "duplicate_payment");
}

const MOST_PARTS = 12;

/** Parts whose sum is `amount`; none where there is no such choice. Looks at the twelve newest. */
function addingUp(all: readonly Payment[], amount: number): readonly Payment[] {
  let sums = new Map<number, readonly Payment[]>([[0, []]]);
  for (const part of all.slice(-MOST_PARTS)) {
    const more = [...sums].map(([sum, chosen]) => [sum + part.amount, [...chosen, part]] as const);
    sums = new Map([...more.filter(([sum]) => sum <= amount), ...sums]);
  }
  return sums.get(amount) ?? [];
}

/**
 * A person says that a payment is for this checkout, and settles it, whatever the amounts. Parts that came before count
 * in as far as they fit. The payment is among `before.payments`.
 */
export function assignPayment(before: Aggregate, paymentId: string, now: number): Aggregate {
  const { checkout } = before;
  const chosen = before.payments.find((p) => p.id === paymentId);
  if (chosen === undefined) throw new Error(`payment ${paymentId} was not loaded with checkout ${checkout.id}`);
  let due = checkout.amount - chosen.amount;
  const statusOf = (p: Payment): Payment["status"] => {
    if (p.id === paymentId) return "matched";
    if (p.status === "matched") return "duplicate_payment"; // of an attempt in doubt, else the checkout were paid
    if (p.status !== "partial" || p.amount > due) return p.status;
    due -= p.amount;
    return "matched";
  };
  const assigned = before.payments.reduce((state, p) => {
    if (p.id !== paymentId && p.checkout_id !== checkout.id) return state;
    return replacePayment(state, { ...p, checkout_id: checkout.id, status: statusOf(p) }, now);
  }, before);
  return derive(assigned, now);
}

/** A payment that a person gives to another checkout. */
export const releasePayment = (before: Aggregate, paymentId: string, now: number): Aggregate =>
  derive({ ...before, payments: before.payments.filter((p) => p.id !== paymentId) }, now);

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
export const addAttempt = (before: Aggregate, attempt: Attempt, now: number): Aggregate =>
  derive({ ...before, attempts: [...before.attempts, attempt] }, now);

/** The state of an attempt, out of all it was told. */
export function statusOfAttempt(evidence: number): Attempt["status"] {
  const has = (bit: number) => (evidence & bit) !== 0;
  if (isProven(evidence)) return has(Evidence.second) ? "unknown" : "succeeded";
  if (has(Evidence.mismatch)) return "unknown";
  if (has(Evidence.failedByCallback) || has(Evidence.failedByQuery) || has(Evidence.refused)) return "failed";
  return has(Evidence.planEnded) ? "unknown" : "pending";
}

/** Whether an attempt was paid, and nothing contradicts it. */
const isProven = (evidence: number): boolean =>
  (evidence & Evidence.exact) !== 0 || (evidence & (Evidence.claimed | Evidence.mismatch)) === Evidence.claimed;

/** The state of a checkout, out of its attempts and payments. */
export function statusOfCheckout({ checkout, attempts, payments }: Aggregate): Checkout["status"] {
  if (attempts.some((a) => isProven(a.evidence))) return "succeeded";
  const own = payments.filter((p) => p.checkout_id === checkout.id);
  const paid = (p: Payment) => p.status === "matched" || (p.status === "refunded" && checkout.status === "succeeded");
  if (own.some((p) => p.attempt_id === null && paid(p))) return "succeeded";
  if (attempts.some((a) => (a.evidence & Evidence.mismatch) !== 0)) return "review";
  if (checkout.cancelled_at !== null) return "cancelled";
  if (attempts.some((a) => a.status === "pending")) return "pending";
  if (checkout.expired_at === null) return "open";
  const parts = own.some((p) => p.status === "partial");
  return parts || attempts.some((a) => a.status === "unknown") ? "review" : "expired";
}

function derive(told: Aggregate, now: number): Aggregate {
  const state = withSoundMatch(told, now);
  const attempts = state.attempts.map((attempt) => {
    const evidence = withSecond(attempt, ownOf(state, attempt.id));
    const status = statusOfAttempt(evidence);
    if (status === attempt.status) return evidence === attempt.evidence ? attempt : { ...attempt, evidence };
    return { ...attempt, evidence, status, ended_at: status === "pending" ? null : now };
  });
  const next = withParts({ ...state, attempts }, now);
  return { ...next, checkout: { ...state.checkout, status: statusOfCheckout(next) } };
}

/** A payment whose attempt is in doubt does not stand in the way of one that is sure: that one settles the checkout. */
function withSoundMatch(state: Aggregate, now: number): Aggregate {
  const doubted = new Set(state.attempts.filter((a) => !isProven(a.evidence)).map((a) => a.id));
  const theirs = state.payments.filter((p) => p.checkout_id === state.checkout.id);
  const match = theirs.find((p) => p.status === "matched");
  if (match === undefined || !doubted.has(match.attempt_id ?? "")) return state;
  const sound = theirs.find((p) =>
    p.status === "duplicate_payment" && p.amount === state.checkout.amount && !doubted.has(p.attempt_id ?? "")
  );
  if (sound === undefined) return state;
  const without = replacePayment(state, { ...match, status: "duplicate_payment" }, now);
  return replacePayment(without, { ...sound, status: "matched" }, now);
}

/** Whether a paid attempt's money was one too many; what was refunded since tells nothing of it. */
function withSecond({ evidence }: Attempt, own: readonly Payment[]): number {
  if ((evidence & (Evidence.exact | Evidence.claimed)) === 0) return evidence;
  if (own.some((p) => p.status === "matched")) return evidence & ~Evidence.second;
  return own.some((p) => p.status === "refunded") ? evidence : evidence | Evidence.second;
}

const withAttempt = (state: Aggregate, attempt: Attempt): Aggregate => ({
  ...state,
  attempts: state.attempts.map((a) => (a.id === attempt.id ? attempt : a)),
});

const replacePayment = (state: Aggregate, payment: Payment, now: number): Aggregate => ({
  ...state,
  payments: state.payments.map((
    p,
  ) => (p.id === payment.id && hasChanged(p, payment) ? { ...payment, updated_at: now } : p)),
});
