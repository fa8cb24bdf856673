import {
  afterAcceptance,
  endOfPlan,
  type FollowUp,
  type Step as FollowUpStep,
  whileCalling,
  whileInDoubt,
} from "../settlement/follow-up-plan.ts";
import { Evidence, type Refund } from "./machine/facts.ts";
import { conversationIdToAsk } from "./conversation.ts";
import { isCalling, isOpen } from "./machine/requests.ts";

/** After so many requests with an unclear answer no more are sent; only a person can say what became of them. */
const MOST_UNCLEAR_REQUESTS = 3;
/** At least so long after the last one, so that its result can come first. */
const RESEND_GAP_MS = 30_000;

/** What a refund's job does: see {@link FollowUp}. */
export type Action = FollowUp | "send" | "nothing";
export type Step = FollowUpStep<Action>;

const NOTHING: Step = { action: "nothing", at: Infinity };

/**
 * What a refund's job does next; `scale` multiplies the plan's times. Nothing is sent before `pausedUntil` (ms), but
 * Daraja is still asked about what was sent. A refund by payout follows its payout instead.
 */
export function nextStep(refund: Refund, scale: number, pausedUntil = 0): Step {
  if (refund.method === "payout") return NOTHING;
  if (refund.status === "queued") return { action: "send", at: Math.max(refund.send_after, pausedUntil) };
  if (refund.status === "submitted") return submittedStep(refund, scale);
  return refund.status === "in_doubt" ? inDoubtStep(refund, scale, pausedUntil) : NOTHING;
}

function submittedStep(refund: Refund, scale: number): Step {
  if (isCalling(refund)) return whileCalling(lastSentAt(refund), scale);
  const acceptedAt = refund.accepted_at ?? refund.updated_at;
  return afterAcceptance(acceptedAt, conversationIdToAsk(refund) === null ? 1 : refund.polls, scale);
}

function inDoubtStep(refund: Refund, scale: number, pausedUntil: number): Step {
  if ((refund.evidence & (Evidence.planEnded | Evidence.mismatch)) !== 0) return NOTHING;
  if (isCalling(refund)) return whileCalling(lastSentAt(refund), scale);
  if (!refund.requests.some(isOpen)) return NOTHING; // M-Pesa has answered all: only a person can decide
  const since = refund.in_doubt_at ?? refund.updated_at;
  const next = whileInDoubt(since, refund.polls, scale);
  if (next.action === "ask" && maySendAgain(refund)) {
    const earliest = lastSentAt(refund) + RESEND_GAP_MS * scale;
    return { action: "send", at: Math.max(next.at, earliest, refund.send_after, pausedUntil) };
  }
  return conversationIdToAsk(refund) === null ? endOfPlan(since, scale) : next;
}

const lastSentAt = ({ requests }: Refund): number => requests.at(-1)?.at ?? 0;

/**
 * Whether the same reversal may be sent again. It may be where every request had an unclear answer: then no id is known
 * to ask Transaction Status with, and a second request does no harm, because M-Pesa reverses a receipt only once.
 */
const maySendAgain = ({ requests }: Refund): boolean => {
  const unclear = requests.filter(({ state }) => state === "unclear").length;
  return unclear > 0 && unclear < MOST_UNCLEAR_REQUESTS && requests.every(({ state }) => state !== "accepted");
};
