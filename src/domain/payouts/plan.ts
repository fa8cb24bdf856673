import { jitter } from "../settlement/delays.ts";
import {
  afterAcceptance,
  endOfPlan,
  type FollowUp,
  type Step as FollowUpStep,
  whileCalling,
  whileInDoubt,
} from "../settlement/follow-up-plan.ts";
import { pausedCheckAt } from "../money-out/send-money.ts";
import { Evidence, type Payout } from "./machine/facts.ts";
import { isCalling, isHeldForName, isUnanswered } from "./machine/status.ts";
import { conversationIdToAsk } from "./conversation.ts";

const MINUTE_MS = 60_000;
/** design.md section 5.7: Daraja remembers an id at least this long. `scale` does not shorten it, since Daraja's memory is real. */
const RESEND_WINDOW_MS = 60 * MINUTE_MS;

/** What a payout's job does: see {@link FollowUp}. `expire` rejects a payout that nobody approved in time. */
export type Action = FollowUp | "expire" | "send" | "nothing";
export type Step = FollowUpStep<Action>;

/** The settings of the plan. `scale` multiplies its times, but not the time for an approval. */
export interface Plan {
  readonly scale: number;
  readonly approvalExpiresMs: number;
  /** Whether requests carry our id, so that Daraja refuses a second one (daraja.md section 6: v3). */
  readonly idempotent: boolean;
  /** Whether payouts are paused: none is sent, but Daraja is still asked about those that were sent. */
  readonly paused?: boolean;
}

const NOTHING: Step = { action: "nothing", at: Infinity };

/** What a payout's job does next, as seen at `now` (ms). */
export function nextStep(payout: Payout, plan: Plan, now: number): Step {
  switch (payout.status) {
    case "awaiting_approval":
      return { action: "expire", at: payout.created_at + plan.approvalExpiresMs };
    case "queued":
      if ((payout.evidence & Evidence.altered) !== 0) return NOTHING;
      if (isHeldForName(payout)) return NOTHING;
      return { action: "send", at: plan.paused ? pausedCheckAt(now) : payout.send_after };
    case "submitted":
      return submittedStep(payout, plan);
    case "in_doubt":
      return inDoubtStep(payout, plan, now);
    default:
      return NOTHING;
  }
}

function submittedStep(payout: Payout, { scale }: Plan): Step {
  if (isCalling(payout)) return whileCalling(payout.sent_at ?? 0, scale);
  const acceptedAt = payout.accepted_at ?? payout.updated_at;
  return afterAcceptance(acceptedAt, payout.polls, scale, jitter(payout.id, payout.polls));
}

function inDoubtStep(payout: Payout, plan: Plan, now: number): Step {
  if ((payout.evidence & Evidence.planEnded) !== 0) return NOTHING;
  if (isUnanswered(payout)) return whileCalling(payout.sent_at ?? 0, plan.scale);
  const since = payout.in_doubt_at ?? payout.updated_at;
  const next = conversationIdToAsk(payout) === null
    ? endOfPlan(since, plan.scale)
    : whileInDoubt(since, payout.polls, plan.scale, jitter(payout.id, payout.polls));
  const resend = plan.paused ? Infinity : resendAt(payout, plan, now);
  return resend <= next.at ? { action: "send", at: resend } : next;
}

/**
 * When (ms) the same request may be sent again with the same id; Infinity: never. It may be where Transaction Status
 * has not found it since a request last left, nothing proves that it was taken, and Daraja still remembers the id
 * (design.md section 5.7). One that is cancelled would give back money that M-Pesa has taken back meanwhile.
 */
function resendAt(payout: Payout, { idempotent }: Plan, now: number): number {
  if (payout.destination !== "phone") return Infinity; // it carried no id of ours, so a second request would pay twice
  const forbids = Evidence.duplicate | Evidence.mismatch | Evidence.unclear | Evidence.altered | Evidence.cancelled;
  const notFoundSinceSent = (payout.evidence & Evidence.notFound) !== 0 && payout.missed >= payout.sends;
  if (!idempotent || !notFoundSinceSent || (payout.evidence & forbids) !== 0) return Infinity;
  const at = Math.max(payout.send_after, payout.updated_at);
  return Math.max(at, now) < (payout.first_sent_at ?? 0) + RESEND_WINDOW_MS ? at : Infinity;
}
