import type { Failure } from "../../settlement/failure.ts";
import type { Attempt } from "./state.ts";

/** What is known about an attempt, as bits of `attempts.evidence`. A bit that was set is never removed, except `second`. */
export const Evidence = {
  /** Paid, with the amount that was asked. */
  exact: 1,
  /** Paid, but the source names no amount: a query, or a callback without one. */
  claimed: 2,
  /** Paid, but with another amount, with one that can't be read, or with the receipt of another checkout: quarantined. */
  mismatch: 4,
  failedByCallback: 8,
  failedByQuery: 16,
  /** Daraja refused the push, or the push never left. */
  refused: 32,
  /** The plan of polls has ended: Daraja is not asked again automatically. */
  planEnded: 64,
  /** Paid, but another payment had settled the checkout before. */
  second: 128,
} as const;

/** What a paid result says. `amount` in cents, null where the source names none; `paidAt` in ms; `phone` encrypted. */
export interface PaidDetails {
  /** The id of the payment that this fact creates, if it creates one. */
  readonly paymentId: string;
  readonly amount: number | null;
  readonly receipt: string | null;
  readonly paidAt: number | null;
  readonly phone: Uint8Array | null;
}

/** One thing that became known about an attempt. */
export type Fact =
  | { readonly kind: "accepted"; readonly requestIds: Uint8Array }
  | { readonly kind: "refused" } & Failure
  | { readonly kind: "failed"; readonly via: "callback" | "query" } & Failure
  | { readonly kind: "paid"; readonly via: "callback" | "query"; readonly paid: PaidDetails }
  /** A callback says paid, but its amount or receipt can't be read: it counts as a mismatch. */
  | { readonly kind: "unreadable" }
  | { readonly kind: "polled" }
  | { readonly kind: "plan_ended" };

export const addEvidence = (attempt: Attempt, bit: number): Attempt => ({
  ...attempt,
  evidence: attempt.evidence | bit,
});

/** The attempt after a fact that moves no money. The status follows in `derive`. */
export function withFact(attempt: Attempt, fact: Exclude<Fact, { kind: "paid" }>, now: number): Attempt {
  switch (fact.kind) {
    case "accepted":
      return attempt.request_ids === null ? { ...attempt, request_ids: fact.requestIds, accepted_at: now } : attempt;
    case "polled":
      return { ...attempt, polls: attempt.polls + 1 };
    case "plan_ended":
      return addEvidence(attempt, Evidence.planEnded);
    case "unreadable":
      return addEvidence(attempt, Evidence.mismatch);
    case "refused":
      return withFailure(attempt, fact, Evidence.refused);
    case "failed":
      return withFailure(attempt, fact, fact.via === "callback" ? Evidence.failedByCallback : Evidence.failedByQuery);
  }
}

const withFailure = (attempt: Attempt, failure: Failure, bit: number): Attempt => ({
  ...addEvidence(attempt, bit),
  ...displayedFailure(attempt, failure, bit),
});

/**
 * The failure that is displayed for an attempt. A callback's failure outranks a query's, and that one a refusal. Of two
 * failures of the same rank the smaller code is displayed, so that the order of arrival does not matter.
 */
function displayedFailure(
  attempt: Attempt,
  next: Failure,
  bit: number,
): Pick<Attempt, "failure" | "result_code" | "result_description"> {
  const displayedRank = failureRank(attempt.evidence);
  const nextRank = failureRank(bit);
  const isSmallerCode = (next.resultCode ?? "") < (attempt.result_code ?? "");
  if (nextRank > displayedRank || (nextRank === displayedRank && isSmallerCode)) {
    return { failure: next.failure, result_code: next.resultCode, result_description: next.description };
  }
  const { failure, result_code, result_description } = attempt;
  return { failure, result_code, result_description };
}

function failureRank(evidence: number): number {
  if (has(evidence, Evidence.failedByCallback)) return 3;
  if (has(evidence, Evidence.failedByQuery)) return 2;
  return has(evidence, Evidence.refused) ? 1 : 0;
}

export const has = (evidence: number, bit: number): boolean => (evidence & bit) !== 0;

/** Whether an attempt was paid and nothing contradicts it. A mismatch contradicts only a source that names no amount. */
export const isProven = (evidence: number): boolean =>
  has(evidence, Evidence.exact) || (has(evidence, Evidence.claimed) && !has(evidence, Evidence.mismatch));

/** The status of an attempt. It depends on the set of its evidence only, not on the order in which it came. */
export function statusOfAttempt(evidence: number): Attempt["status"] {
  if (isProven(evidence)) return has(evidence, Evidence.second) ? "unknown" : "succeeded";
  if (has(evidence, Evidence.mismatch)) return "unknown";
  if (has(evidence, Evidence.failedByCallback | Evidence.failedByQuery | Evidence.refused)) return "failed";
  return has(evidence, Evidence.planEnded) ? "unknown" : "pending";
}
