import { Evidence, type Payout, type PayoutStatus } from "./facts.ts";

const MAY_BE_TAKEN = Evidence.accepted | Evidence.ambiguous | Evidence.duplicate | Evidence.unclear |
  Evidence.queueTimeout | Evidence.notFound;
const DOUBTFUL = (MAY_BE_TAKEN & ~Evidence.accepted) | Evidence.overdue | Evidence.planEnded;

/** Whether a request is out whose answer is not stored: a call under way, or one that died with its process. */
export const isCalling = (payout: Payout): boolean =>
  payout.sends > payout.unsent && (payout.evidence & (MAY_BE_TAKEN | Evidence.refused)) === 0;

/** Whether the answer to the last request is not stored: it may still leave. */
export const isUnanswered = ({ sends, answered }: Pick<Payout, "sends" | "answered">): boolean => sends > answered;

/** The status that follows from all the evidence, and from what a person decided. Paid outranks a person's word. */
export function statusOf(payout: Payout): PayoutStatus {
  const reported = reportedStatus(payout);
  return reported === "succeeded" ? reported : payout.resolution?.outcome ?? reported;
}

/** The status that follows from what M-Pesa said, whatever a person decided. */
function reportedStatus(payout: Payout): PayoutStatus {
  const has = (bits: number) => (payout.evidence & bits) !== 0;
  if (has(Evidence.paid)) return "succeeded";
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

/** How the payout ended by what M-Pesa said; null: it said nothing final. */
export function reportedOutcome(payout: Payout): "succeeded" | "failed" | null {
  const reported = reportedStatus(payout);
  return reported === "succeeded" || reported === "failed" ? reported : null;
}

const ENDED: readonly PayoutStatus[] = ["succeeded", "failed", "rejected", "cancelled"];

/** Whether nothing more is expected. A late notice that the payout was paid still counts. */
export const hasEnded = (status: PayoutStatus): boolean => ENDED.includes(status);

/** Whether it waits for a person to confirm the name of its payee. */
export const isHeldForName = ({ status, evidence }: Pick<Payout, "status" | "evidence">): boolean =>
  status === "queued" && (evidence & Evidence.nameMismatch) !== 0 && (evidence & Evidence.nameConfirmed) === 0;

/**
 * Whether a person has to look at it: nothing more is asked, what M-Pesa said does not fit, or it contradicts what a
 * person decided without knowing it.
 */
export function needsPerson(payout: Payout): boolean {
  const { status, evidence, resolution } = payout;
  if (isHeldForName(payout)) return true;
  if (status === "queued") return (evidence & Evidence.altered) !== 0;
  if (status === "in_doubt") return (evidence & (Evidence.planEnded | Evidence.mismatch | Evidence.altered)) !== 0;
  const known = resolution === null ? 0 : resolution.known ?? Evidence.mismatch;
  const flags = Evidence.twice | Evidence.receiptShared | (resolution === null ? 0 : Evidence.mismatch);
  return (evidence & ~known & flags) !== 0 || isContradicted(payout);
}

function isContradicted(payout: Payout): boolean {
  const { resolution } = payout;
  const reported = reportedOutcome(payout);
  return resolution !== null && reported !== null && reported !== resolution.outcome &&
    reported !== (resolution.despite ?? null);
}
