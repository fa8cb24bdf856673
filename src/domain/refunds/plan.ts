import {
  afterAcceptance,
  type FollowUp,
  type Step as FollowUpStep,
  whileCalling,
  whileInDoubt,
} from "../settlement/follow-up-plan.ts";
import { Evidence, type Refund } from "./machine/facts.ts";
import { isCalling } from "./machine/requests.ts";

/** After so many requests with an unclear answer no more are sent; only a person can say what became of them. */
const MOST_UNCLEAR_REQUESTS = 3;

/** What a refund's job does: see {@link FollowUp}. */
export type Action = FollowUp | "send" | "nothing";
export type Step = FollowUpStep<Action>;

const NOTHING: Step = { action: "nothing", at: Infinity };

/** What a refund's job does next; `scale` multiplies the plan's times. A refund by payout follows its payout instead. */
export function nextStep(refund: Refund, scale: number): Step {
  if (refund.method === "payout") return NOTHING;
  if (refund.status === "queued") return { action: "send", at: refund.send_after };
  if (refund.status === "submitted") return submittedStep(refund, scale);
  return refund.status === "in_doubt" ? inDoubtStep(refund, scale) : NOTHING;
}

function submittedStep(refund: Refund, scale: number): Step {
  if (isCalling(refund)) return whileCalling(lastSentAt(refund), scale);
  return afterAcceptance(refund.accepted_at ?? refund.updated_at, refund.polls, scale);
}

function inDoubtStep(refund: Refund, scale: number): Step {
  if ((refund.evidence & (Evidence.planEnded | Evidence.mismatch)) !== 0) return NOTHING;
  if (isCalling(refund)) return whileCalling(lastSentAt(refund), scale);
  const next = whileInDoubt(refund.in_doubt_at ?? refund.updated_at, refund.polls, scale);
  return next.action === "ask" && maySendAgain(refund)
    ? { action: "send", at: Math.max(next.at, refund.send_after) }
    : next;
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
