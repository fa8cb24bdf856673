import type { Failure } from "../settlement/failure.ts";
import { type CarryingPayout, Evidence, type Fact, type Paid, type Refund } from "./machine/facts.ts";
import { isReversedBefore, isReversedByUs, withAnswer, withResult } from "./machine/requests.ts";
import { hasEnded, needsPerson, statusOf } from "./machine/status.ts";

/*
 * The life of a refund. Each thing known is a fact. Facts lead to the same state in any order and any number, and
 * "given back" outranks all others (design.md section 5). A reversal carries no id of ours, so each request is kept with
 * what became of it. M-Pesa reverses a receipt only once: "already reversed" is our success only if another request of
 * ours has no clear answer; otherwise a person decides. Nothing here does I/O.
 */

/** Adds one fact. The same fact again changes nothing. */
export const applyFact = (before: Refund, fact: Fact, now: number): Refund =>
  withStatus(before, addEvidence(before, fact, now), now);

function addEvidence(refund: Refund, fact: Fact, now: number): Refund {
  const withBit = (bit: number): Refund => ({ ...refund, evidence: refund.evidence | bit });
  switch (fact.kind) {
    case "started":
      return fact.n <= refund.requests.length
        ? refund
        : { ...refund, requests: [...refund.requests, { state: "calling", conversation: null, at: now }] };
    case "unsent":
      return { ...withAnswer(refund, fact.n, "unsent"), send_after: Math.max(refund.send_after, fact.retryAt) };
    case "ambiguous":
      return withAnswer(refund, fact.n, "unclear");
    case "accepted":
      return { ...withAnswer(refund, fact.n, "accepted", fact.conversation), accepted_at: refund.accepted_at ?? now };
    case "refused":
      return displayedFailure(withAnswer(refund, fact.n, "refused"), Evidence.refused, fact);
    case "failed":
    case "already":
      return displayedFailure(withResult(refund, fact.conversation, fact.kind, now), Evidence.failedByResult, fact);
    case "taken":
      return withResult(refund, fact.conversation, "accepted", now);
    case "paid":
      return paid(refund, fact.paid, now);
    case "unclear":
      return displayedFailure(refund, Evidence.unclear, { failure: null, ...fact });
    case "polled":
      return { ...refund, polls: refund.polls + 1 };
    case "resolved":
      return {
        ...withBit(fact.resolution.outcome === "succeeded" ? Evidence.resolvedSucceeded : Evidence.resolvedFailed),
        resolution: newer(refund.resolution, fact.resolution),
      };
    case "taken_back":
      return { ...withBit(Evidence.takenBack), failure: refund.failure ?? "already_reversed" };
    case "payout":
      return withPayout(refund, fact.payout);
    default:
      return withBit(evidenceBits[fact.kind]);
  }
}

const evidenceBits = {
  queue_timeout: Evidence.queueTimeout,
  overdue: Evidence.overdue,
  not_found: Evidence.notFound,
  plan_ended: Evidence.planEnded,
  mismatch: Evidence.mismatch,
  receipt_shared: Evidence.receiptShared,
} as const;

/** A person may decide again where M-Pesa contradicts the first decision. The last decision counts. */
const newer = (before: Refund["resolution"], next: NonNullable<Refund["resolution"]>): Refund["resolution"] =>
  before !== null && before.at > next.at ? before : next;

function paid(refund: Refund, report: Paid, now: number): Refund {
  if (report.foreign || (report.amount !== null && report.amount !== refund.amount)) {
    return { ...refund, evidence: refund.evidence | Evidence.mismatch };
  }
  const isSecondReceipt = refund.receipt !== null && report.receipt !== null && report.receipt !== refund.receipt;
  const receipts = [refund.receipt, report.receipt].filter((receipt) => receipt !== null).sort();
  return {
    ...withResult(refund, report.conversation, "paid", now),
    evidence: refund.evidence | Evidence.paid | (isSecondReceipt ? Evidence.twice : 0),
    receipt: receipts[0] ?? null,
    refunded_at: refund.refunded_at ?? report.at,
    result_code: "0",
    result_description: report.description,
    failure: null,
  };
}

/**
 * Replaces the failure that callers see, if it ranks higher: a result outranks a refusal, and that an unclear code. Of
 * two with the same rank the smaller code stays, so that the order of arrival does not matter. Where the money went
 * back, no failure is displayed.
 */
function displayedFailure(
  refund: Refund,
  source: number,
  report: Omit<Failure, "failure"> & { readonly failure: Failure["failure"] | null },
): Refund {
  const next = { ...refund, evidence: refund.evidence | source };
  const [rank, rankBefore] = [rankOf(source), rankOf(refund.evidence)];
  const key = (code: string | null, description: string | null) => `${code ?? ""}\n${description ?? ""}`;
  const isBetter = rank > rankBefore ||
    (rank === rankBefore &&
      key(report.resultCode, report.description) < key(refund.result_code, refund.result_description));
  return isBetter
    ? { ...next, failure: report.failure, result_code: report.resultCode, result_description: report.description }
    : next;
}

function rankOf(evidence: number): number {
  if (evidence & Evidence.paid) return 4;
  if (evidence & Evidence.failedByResult) return 3;
  if (evidence & Evidence.refused) return 2;
  return evidence & Evidence.unclear ? 1 : 0;
}

const BITS_OF_PAYOUT = Evidence.paid | Evidence.payoutFailed | Evidence.payoutInDoubt | Evidence.payoutSubmitted;

/** Copies the state of the payout that carries the refund. The newest state counts, also where a person changed it back. */
function withPayout(refund: Refund, { status, receipt, paid_at, failure }: CarryingPayout): Refund {
  const withBit = (bit: number): Refund => ({
    ...refund,
    evidence: (refund.evidence & ~BITS_OF_PAYOUT) | bit,
    receipt,
    refunded_at: status === "succeeded" ? refund.refunded_at ?? paid_at : null,
    failure: null,
  });
  switch (status) {
    case "succeeded":
      return withBit(Evidence.paid);
    case "in_doubt":
      return withBit(Evidence.payoutInDoubt);
    case "submitted":
      return withBit(Evidence.payoutSubmitted);
    case "failed":
    case "rejected":
    case "cancelled":
      return { ...withBit(Evidence.payoutFailed), failure: failure ?? "payout_stopped" };
    default:
      return refund;
  }
}

function withStatus(before: Refund, changed: Refund, now: number): Refund {
  const next = isReversedByUs(changed) ? { ...changed, evidence: changed.evidence | Evidence.reversedByUs } : changed;
  const status = statusOf(next);
  const failure = next.failure ?? (status === "failed" ? "unknown_failure" : null);
  const changes = status === before.status ? {} : {
    ended_at: hasEnded(status) ? now : null,
    ...(status === "in_doubt" ? { in_doubt_at: now, polls: 0 } : {}),
    ...(status === "succeeded" ? { refunded_at: next.refunded_at ?? now } : {}),
  };
  // A refund that failed releases its part of the payment, unless the payment has been given back otherwise.
  const isTakenBack = (next.evidence & Evidence.takenBack) !== 0;
  const promised = status !== "failed" || (isReversedBefore(next) && !isTakenBack);
  const stored = { ...next, ...changes, status, failure, promised };
  return { ...stored, needs_person: needsPerson(stored) };
}
