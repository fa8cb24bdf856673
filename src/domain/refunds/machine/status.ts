import { Evidence, type Refund, type RefundStatus } from "./facts.ts";
import { isOpen, isReversedBefore } from "./requests.ts";

/** The status that follows from all the evidence, and from what a person decided. Paid outranks a person's word. */
export function statusOf(refund: Refund): RefundStatus {
  const reported = reportedStatus(refund);
  return reported === "succeeded" ? reported : refund.resolution?.outcome ?? reported;
}

/**
 * The status that follows from what M-Pesa said, whatever a person decided. "Already reversed" is no failure: the money
 * has gone back, and before a backup was restored we may have asked for it. If M-Pesa lists the reversal and no request of
 * ours can have asked for it, then the refund has failed, and the payment is `taken_back`.
 */
function reportedStatus(refund: Refund): RefundStatus {
  const has = (bits: number) => (refund.evidence & bits) !== 0;
  if (has(Evidence.paid | Evidence.reversedByUs)) return "succeeded";
  if (has(Evidence.mismatch)) return "in_doubt";
  if (refund.method === "payout") return statusByPayout(has);
  const { requests } = refund;
  const doubtful = Evidence.queueTimeout | Evidence.unclear | Evidence.notFound | Evidence.overdue | Evidence.planEnded;
  const open = requests.filter(isOpen);
  if (open.length > 0) {
    return has(doubtful) || open.some(({ state }) => state === "unclear") ? "in_doubt" : "submitted";
  }
  if (has(Evidence.takenBack)) return "failed";
  if (isReversedBefore(refund)) return "in_doubt";
  return requests.some(({ state }) => state !== "unsent") ? "failed" : "queued";
}

/** How the refund ended by what M-Pesa said; null: it said nothing final. */
export function reportedOutcome(refund: Refund): "succeeded" | "failed" | null {
  const reported = reportedStatus(refund);
  return reported === "succeeded" || reported === "failed" ? reported : null;
}

function statusByPayout(has: (bits: number) => boolean): RefundStatus {
  if (has(Evidence.payoutFailed)) return "failed";
  if (has(Evidence.payoutInDoubt)) return "in_doubt";
  return has(Evidence.payoutSubmitted) ? "submitted" : "queued";
}

/** Whether nothing more is expected. A late notice that the money went back still counts. */
export const hasEnded = (status: RefundStatus): boolean => status === "succeeded" || status === "failed";

/**
 * Whether a person has to look at it: nothing more is asked, what M-Pesa said does not fit, or it contradicts what a
 * person decided without knowing it.
 */
export function needsPerson(refund: Refund): boolean {
  const { status, evidence, resolution } = refund;
  if (status === "in_doubt") {
    return (evidence & (Evidence.planEnded | Evidence.mismatch)) !== 0 ||
      (isReversedBefore(refund) && !refund.requests.some(isOpen));
  }
  const known = resolution === null ? 0 : resolution.known ?? Evidence.mismatch;
  const flags = Evidence.twice | Evidence.receiptShared | (resolution === null ? 0 : Evidence.mismatch);
  return (evidence & ~known & flags) !== 0 || isContradicted(refund);
}

function isContradicted(refund: Refund): boolean {
  const { resolution } = refund;
  const reported = reportedOutcome(refund);
  return resolution !== null && reported !== null && reported !== resolution.outcome &&
    reported !== (resolution.despite ?? null);
}
