import { Evidence, isCalling, type Refund } from "./machine.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A reversal that was taken is asked after, and then in doubt, this long after: as a payout (design.md section 7). */
const ASKED_AFTER_MS = 2 * MINUTE_MS;
const OVERDUE_AFTER_MS = 10 * MINUTE_MS;
const DOUBT_MS: readonly number[] = [
  30_000,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  ...Array.from({ length: 25 }, (_, hour) => (hour + 1) * HOUR_MS),
];
/** The last question gets this long for its answer. */
const LAST_ANSWER_MS = 10 * MINUTE_MS;
/** Requests with an unclear answer, after which only a person can say. */
const MOST_UNCLEAR = 3;
/** A request with a fresh token takes at most two token calls and two tries of 10 s each. */
const CALL_MS = 45_000;
const SHORTEST_CALL_MS = 4_000;

/** What a refund's job does next, and when (ms). */
export interface Step {
  readonly what: "send" | "lose" | "ask" | "doubt" | "end" | "nothing";
  readonly at: number;
}

const nothing: Step = { what: "nothing", at: Infinity };

/** What is to be done about a refund next; `scale` multiplies the plan's times. One by payout follows its payout. */
export function nextStep(refund: Refund, scale: number): Step {
  if (refund.method === "payout") return nothing;
  if (refund.status === "queued") return { what: "send", at: refund.send_after };
  if (refund.status === "submitted") return afterSubmission(refund, scale);
  return refund.status === "in_doubt" ? inDoubt(refund, scale) : nothing;
}

/** How long (ms) a request may be under way before its process must have died. */
const callLimit = (scale: number): number => Math.max(SHORTEST_CALL_MS, CALL_MS * Math.min(1, scale));

function afterSubmission(refund: Refund, scale: number): Step {
  if (isCalling(refund)) return { what: "lose", at: (refund.requests.at(-1)?.at ?? 0) + callLimit(scale) };
  const accepted = refund.accepted_at ?? refund.updated_at;
  return refund.polls === 0
    ? { what: "ask", at: accepted + ASKED_AFTER_MS * scale }
    : { what: "doubt", at: accepted + OVERDUE_AFTER_MS * scale };
}

function inDoubt(refund: Refund, scale: number): Step {
  if ((refund.evidence & (Evidence.planEnded | Evidence.mismatch)) !== 0) return nothing;
  if (isCalling(refund)) return { what: "lose", at: (refund.requests.at(-1)?.at ?? 0) + callLimit(scale) };
  const since = refund.in_doubt_at ?? refund.updated_at;
  const offset = DOUBT_MS[refund.polls];
  if (offset === undefined) {
    return { what: "end", at: since + ((DOUBT_MS.at(-1) ?? 0) + LAST_ANSWER_MS) * scale };
  }
  const at = since + offset * scale;
  return maySendAgain(refund) ? { what: "send", at: Math.max(at, refund.send_after) } : { what: "ask", at };
}

/**
 * Whether the same reversal may be asked for once more: every request had an unclear answer, so there is no id to ask
 * Transaction Status with, and M-Pesa reverses a receipt only once.
 */
const maySendAgain = ({ requests }: Refund): boolean => {
  const unclear = requests.filter(({ state }) => state === "unclear").length;
  return unclear > 0 && unclear < MOST_UNCLEAR && requests.every(({ state }) => state !== "accepted");
};

/** ms until the next try after `n` requests that never left: doubling from 1 s to 5 min. */
export const sendBackoff = (n: number): number => Math.min(300_000, 1_000 * 2 ** Math.min(n - 1, 20));
