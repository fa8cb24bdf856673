import { Evidence, type Payout, type PayoutStatus } from "./facts.ts";

const MAY_BE_TAKEN = Evidence.accepted | Evidence.ambiguous | Evidence.duplicate | Evidence.unclear |
  Evidence.queueTimeout | Evidence.notFound;
const DOUBTFUL = (MAY_BE_TAKEN & ~Evidence.accepted) | Evidence.overdue | Evidence.planEnded;

/** Whether a request is out whose answer is not stored: a call under way, or one that died with its process. */
export const isCalling = (payout: Payout): boolean =>
  payout.sends > payout.unsent && (payout.evidence & (MAY_BE_TAKEN | Evidence.refused)) === 0;

/** The status that follows from all the evidence. */
export function statusOf(payout: Payout): PayoutStatus {
  const has = (bits: number) => (payout.evidence & bits) !== 0;
  if (has(Evidence.paid | Evidence.resolvedSucceeded)) return "succeeded";
  if (has(Evidence.resolvedFailed)) return "failed";
  if (has(Evidence.mismatch)) return "in_doubt";
  if (has(Evidence.failedByResult | Evidence.failedByStatus)) return "failed";
  // A refusal is about one request: where another one may have been taken, it proves nothing about that one.
  if (has(Evidence.refused) && !has(MAY_BE_TAKEN)) return "failed";
  if (has(DOUBTFUL)) return "in_doubt";
  if (has(Evidence.accepted) || payout.sends > payout.unsent) return "submitted";
  if (has(Evidence.cancelled)) return "cancelled";
  if (has(Evidence.rejected)) return "rejected";
  return payout.approval_required && !has(Evidence.approved) ? "awaiting_approval" : "queued";
}

const ENDED: readonly PayoutStatus[] = ["succeeded", "failed", "rejected", "cancelled"];

/** Whether nothing more is expected. A late notice that the payout was paid still counts. */
export const hasEnded = (status: PayoutStatus): boolean => ENDED.includes(status);

/** Whether a person has to look at it. */
export const needsPerson = (payout: Pick<Payout, "status" | "evidence">): boolean =>
  (payout.status === "in_doubt" && (payout.evidence & (Evidence.planEnded | Evidence.mismatch)) !== 0) ||
  (payout.evidence & Evidence.twice) !== 0;
