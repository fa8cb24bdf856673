import type { Failure } from "../settlement/failure.ts";
import { type CarryingPayout, Evidence, type Fact, type Paid, type Refund } from "./machine/facts.ts";
import { isReversedByUs, withAnswer, withResult } from "./machine/requests.ts";
import { hasEnded, statusOf } from "./machine/status.ts";

/*
 * The life of a refund. Each thing learnt is a fact. Facts lead to the same state in any order and any number, and
 * "given back" outranks all others (design.md section 5). A reversal carries no id of ours, so each request is kept with
 * what became of it. M-Pesa reverses a receipt only once: "already reversed" is our success only if another request of
 * ours has no clear answer. Nothing here does I/O.
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
      return displayedFailure(withAnswer(refund, fact.n, "refused"), fact);
    case "failed":
    case "already":
      return displayedFailure(withResult(refund, fact.conversation, fact.kind, now), fact);
    case "taken":
      return withResult(refund, fact.conversation, "accepted", now);
    case "paid":
      return paid(refund, fact.paid, now);
    case "unclear":
      return refund.result_code === null
        ? { ...withBit(Evidence.unclear), result_code: fact.resultCode, result_description: fact.description }
        : withBit(Evidence.unclear);
    case "polled":
      return { ...refund, polls: refund.polls + 1 };
    case "resolved":
      return {
        ...withBit(fact.resolution.outcome === "succeeded" ? Evidence.resolvedSucceeded : Evidence.resolvedFailed),
        resolution: refund.resolution ?? fact.resolution,
      };
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
} as const;

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

/** Replaces the failure that callers see by the newest one, unless the money went back. */
const displayedFailure = (refund: Refund, failure: Failure): Refund =>
  (refund.evidence & Evidence.paid) !== 0 ? refund : {
    ...refund,
    failure: failure.failure,
    result_code: failure.resultCode,
    result_description: failure.description,
  };

function withPayout(refund: Refund, { status, receipt, paid_at, failure }: CarryingPayout): Refund {
  const withBit = (bit: number): Refund => ({ ...refund, evidence: refund.evidence | bit });
  if (status === "succeeded") {
    return {
      ...withBit(Evidence.paid),
      receipt: refund.receipt ?? receipt,
      refunded_at: refund.refunded_at ?? paid_at,
      failure: null,
    };
  }
  if (status === "in_doubt") return withBit(Evidence.payoutInDoubt);
  if (status === "submitted") return withBit(Evidence.payoutSubmitted);
  const ended = status === "failed" || status === "rejected" || status === "cancelled";
  return ended ? { ...withBit(Evidence.payoutFailed), failure: failure ?? "payout_stopped" } : refund;
}

function withStatus(before: Refund, changed: Refund, now: number): Refund {
  const next = isReversedByUs(changed) ? { ...changed, evidence: changed.evidence | Evidence.reversedByUs } : changed;
  const status = statusOf(next);
  const failure = status === "succeeded" ? null : next.failure ?? (status === "failed" ? "unknown_failure" : null);
  const changes = status === before.status ? {} : {
    ended_at: hasEnded(status) ? now : null,
    ...(status === "in_doubt" ? { in_doubt_at: now, polls: 0 } : {}),
    ...(status === "succeeded" ? { refunded_at: next.refunded_at ?? now } : {}),
  };
  // A refund that failed releases its part of the payment, unless somebody else has given the payment back.
  const promised = status !== "failed" || failure === "already_reversed";
  return { ...next, ...changes, status, failure, promised };
}
