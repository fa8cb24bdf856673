import type { Approval } from "../../db/schema.ts";
import type { Failure } from "../settlement/failure.ts";
import { Evidence, type Fact, type Paid, type Payout } from "./machine/facts.ts";
import { hasEnded, needsPerson, statusOf } from "./machine/status.ts";

/*
 * The life of a payout. Each thing known is a fact. Facts lead to the same state in any order and any number, and
 * paid outranks all others (design.md section 5). Nothing here does I/O.
 */

/** Adds one fact. The same fact again changes nothing. */
export const applyFact = (before: Payout, fact: Fact, now: number): Payout =>
  withStatus(before, addEvidence(before, fact, now), now);

function addEvidence(payout: Payout, fact: Fact, now: number): Payout {
  const withBit = (bit: number): Payout => ({ ...payout, evidence: payout.evidence | bit });
  switch (fact.kind) {
    case "approved":
      return approved(decided(withBit(Evidence.approved), fact.approval.by, null, now), fact.approval);
    case "rejected":
      return decided(withBit(Evidence.rejected), fact.by, fact.reason, now);
    case "started":
      return started(payout, fact.n, now);
    case "unsent":
      return {
        ...payout,
        unsent: Math.max(payout.unsent, fact.n),
        missed: missedAfter(payout, fact.n),
        answered: Math.max(payout.answered, fact.n),
        send_after: Math.max(payout.send_after, fact.retryAt),
      };
    case "accepted":
      return {
        ...withBit(Evidence.accepted),
        answered: Math.max(payout.answered, fact.n ?? 0),
        conversation_id: smaller(payout.conversation_id, fact.conversationId),
        daraja_originator_id: smaller(payout.daraja_originator_id, fact.originatorId),
        accepted_at: payout.accepted_at ?? now,
      };
    case "refused":
      return displayedFailure(answered(withBit(Evidence.refused)), payout, 2, fact);
    case "failed":
      return fact.via === "result"
        ? displayedFailure(withBit(Evidence.failedByResult), payout, 4, fact)
        : displayedFailure(withBit(Evidence.failedByStatus), payout, 3, fact);
    case "unclear":
      return displayedFailure(withBit(Evidence.unclear), payout, 1, { failure: null, ...fact });
    case "paid":
      return paid(payout, fact.paid);
    case "not_found":
      return { ...withBit(Evidence.notFound), missed: payout.sends };
    case "resolved":
      return {
        ...withBit(fact.resolution.outcome === "succeeded" ? Evidence.resolvedSucceeded : Evidence.resolvedFailed),
        resolution: newer(payout.resolution, fact.resolution),
      };
    case "name_confirmed":
      return {
        ...withBit(Evidence.nameConfirmed),
        name_confirmed_by: smaller(payout.name_confirmed_by, fact.by),
        name_confirmed_at: payout.name_confirmed_at ?? now,
      };
    case "polled":
      return { ...payout, polls: payout.polls + 1 };
    case "ambiguous":
    case "duplicate":
      return answered(withBit(evidenceBits[fact.kind]));
    default:
      return withBit(evidenceBits[fact.kind]);
  }
}

const evidenceBits = {
  cancelled: Evidence.cancelled,
  ambiguous: Evidence.ambiguous,
  duplicate: Evidence.duplicate,
  queue_timeout: Evidence.queueTimeout,
  overdue: Evidence.overdue,
  plan_ended: Evidence.planEnded,
  mismatch: Evidence.mismatch,
  receipt_shared: Evidence.receiptShared,
  altered: Evidence.altered,
  name_mismatch: Evidence.nameMismatch,
  name_checked: Evidence.nameChecked,
} as const;

/** Request `n` never left: where Transaction Status had found none of those before it, there is none that it has not missed. */
const missedAfter = ({ evidence, missed }: Payout, n: number): number =>
  (evidence & Evidence.notFound) !== 0 && missed === n - 1 ? n : missed;

/** The last request that was sent has its answer, or was given up: none is under way. */
const answered = (payout: Payout): Payout => ({ ...payout, answered: payout.sends });

/** A person may decide again where M-Pesa contradicts the first decision. The last decision counts. */
const newer = (before: Payout["resolution"], next: NonNullable<Payout["resolution"]>): Payout["resolution"] =>
  before !== null && before.at > next.at ? before : next;

/** Who decided, and why. The verbs let only one person decide; the smaller value keeps the result independent of order. */
const decided = (payout: Payout, by: string, reason: string | null, now: number): Payout => ({
  ...payout,
  decided_by: smaller(payout.decided_by, by),
  decided_at: payout.decided_at ?? now,
  reason: smaller(payout.reason, reason),
});

/** Each approver once. Of two approvals of one client the earlier one stays. */
function approved(payout: Payout, approval: Approval): Payout {
  const order = (a: Approval) => `${a.by}/${String(a.at).padStart(15, "0")}/${a.digest}`;
  const all = [...payout.approvals, approval].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return { ...payout, approvals: all.filter(({ by }, i) => by !== all[i - 1]?.by) };
}

function started(payout: Payout, n: number, now: number): Payout {
  if (n <= payout.sends) return payout;
  return { ...payout, sends: n, sent_at: now, first_sent_at: payout.first_sent_at ?? now };
}

const smaller = (a: string | null, b: string | null): string | null => a === null || (b !== null && b < a) ? b : a;

function paid(payout: Payout, report: Paid): Payout {
  if (report.foreign || (report.amount !== null && report.amount !== payout.amount)) {
    return { ...payout, evidence: payout.evidence | Evidence.mismatch };
  }
  const isSecondReceipt = payout.receipt !== null && report.receipt !== null && report.receipt !== payout.receipt;
  const description = payout.evidence & Evidence.paid ? payout.result_description : null;
  return {
    ...payout,
    evidence: payout.evidence | Evidence.paid | (isSecondReceipt ? Evidence.twice : 0),
    receipt: smaller(payout.receipt, report.receipt),
    fee: payout.fee ?? report.fee ?? null,
    paid_at: payout.paid_at === null ? report.paidAt : Math.min(payout.paid_at, report.paidAt ?? Infinity),
    result_code: "0",
    result_description: smaller(description, report.description),
    failure: null,
  };
}

/**
 * Replaces the failure that callers see, if `rank` is higher: a result outranks a status query, that a refusal, that an
 * unclear code. Of two with the same rank the smaller code stays, so that the order of arrival does not matter. Where the
 * payout was paid, no failure is displayed.
 */
function displayedFailure(
  next: Payout,
  before: Payout,
  rank: number,
  report: Omit<Failure, "failure"> & { readonly failure: Failure["failure"] | null },
): Payout {
  const rankBefore = rankOf(before.evidence);
  const key = (code: string | null, description: string | null) => `${code ?? ""}\n${description ?? ""}`;
  const better = rank > rankBefore ||
    (rank === rankBefore &&
      key(report.resultCode, report.description) < key(before.result_code, before.result_description));
  if (!better) return next;
  return { ...next, failure: report.failure, result_code: report.resultCode, result_description: report.description };
}

function rankOf(evidence: number): number {
  if (evidence & Evidence.paid) return 5;
  if (evidence & Evidence.failedByResult) return 4;
  if (evidence & Evidence.failedByStatus) return 3;
  if (evidence & Evidence.refused) return 2;
  return evidence & Evidence.unclear ? 1 : 0;
}

function withStatus(before: Payout, next: Payout, now: number): Payout {
  const status = statusOf(next);
  const failure = next.failure ?? (status === "failed" ? "unknown_failure" : null);
  const times = status === before.status ? {} : {
    ended_at: hasEnded(status) ? now : null,
    ...(status === "in_doubt" ? { in_doubt_at: now, polls: 0 } : {}),
  };
  // Money that certainly did not leave does not count towards the limits.
  const held = status !== "failed" && status !== "rejected" && status !== "cancelled";
  const changed = { ...next, ...times, status, failure, held };
  return { ...changed, needs_person: needsPerson(changed) };
}
