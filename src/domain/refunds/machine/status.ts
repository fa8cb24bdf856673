import { Evidence, type Refund, type RefundStatus } from "./facts.ts";
import { isOpen } from "./requests.ts";

/** The status that follows from all the evidence. */
export function statusOf(refund: Refund): RefundStatus {
  const has = (bits: number) => (refund.evidence & bits) !== 0;
  if (has(Evidence.paid | Evidence.reversedByUs | Evidence.resolvedSucceeded)) return "succeeded";
  if (has(Evidence.resolvedFailed)) return "failed";
  if (has(Evidence.mismatch)) return "in_doubt";
  if (refund.method === "payout") return statusByPayout(has);
  const { requests } = refund;
  const doubtful = Evidence.queueTimeout | Evidence.unclear | Evidence.notFound | Evidence.overdue | Evidence.planEnded;
  const open = requests.filter(isOpen);
  if (open.length > 0) {
    return has(doubtful) || open.some(({ state }) => state === "unclear") ? "in_doubt" : "submitted";
  }
  return requests.some(({ state }) => state !== "unsent") ? "failed" : "queued";
}

function statusByPayout(has: (bits: number) => boolean): RefundStatus {
  if (has(Evidence.payoutFailed)) return "failed";
  if (has(Evidence.payoutInDoubt)) return "in_doubt";
  return has(Evidence.payoutSubmitted) ? "submitted" : "queued";
}

/** Whether nothing more is expected. A late notice that the money went back still counts. */
export const hasEnded = (status: RefundStatus): boolean => status === "succeeded" || status === "failed";

/** Whether a person has to look at it. */
export const needsPerson = ({ status, evidence }: Pick<Refund, "status" | "evidence">): boolean =>
  (status === "in_doubt" && (evidence & (Evidence.planEnded | Evidence.mismatch)) !== 0) ||
  (evidence & Evidence.twice) !== 0;
