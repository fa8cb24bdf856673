import { Evidence, isCalling, type Payout } from "./machine.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A payout that was taken is asked after, and then in doubt, this long after (design.md section 7). */
const ASKED_AFTER_MS = 2 * MINUTE_MS;
const OVERDUE_AFTER_MS = 10 * MINUTE_MS;
/** In doubt it is asked at 30 s, 2, 5, 15 and 60 min, then hourly for a day. */
const DOUBT_MS: readonly number[] = [
  30_000,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  ...Array.from({ length: 25 }, (_, hour) => (hour + 1) * HOUR_MS),
];
/** The last question gets this long for its answer. */
const LAST_ANSWER_MS = 10 * MINUTE_MS;
/** design.md section 5.7: Daraja knows an id at least this long. Not scaled, for Daraja's memory isn't. */
const ID_IS_YOUNG_MS = HOUR_MS;
/** A request with a fresh token takes at most two token calls and two tries of 10 s each. */
const CALL_MS = 45_000;
const SHORTEST_CALL_MS = 4_000;

/** What a payout's job does next, and when (ms). */
export interface Step {
  readonly what: "expire" | "send" | "lose" | "ask" | "doubt" | "end" | "nothing";
  readonly at: number;
}

/** How the plan is laid: `scale` multiplies its times, approvals excepted. */
export interface Plan {
  readonly scale: number;
  readonly approvalExpiresMs: number;
  /** Whether requests carry our id, so that Daraja refuses a second one (daraja.md section 6: v3). */
  readonly idempotent: boolean;
  /** The kill switch: nothing is sent, questions go on. */
  readonly paused?: boolean;
}

/** While paused, a queued payout looks again this late; the resumption calls it sooner. */
const PAUSED_LOOK_MS = 10 * MINUTE_MS;

const nothing: Step = { what: "nothing", at: Infinity };

/** What is to be done about a payout next, as seen at `now` (ms). */
export function nextStep(payout: Payout, plan: Plan, now: number): Step {
  switch (payout.status) {
    case "awaiting_approval":
      return { what: "expire", at: payout.created_at + plan.approvalExpiresMs };
    case "queued":
      return plan.paused ? { what: "send", at: now + PAUSED_LOOK_MS } : { what: "send", at: payout.send_after };
    case "submitted":
      return afterSubmission(payout, plan);
    case "in_doubt":
      return inDoubt(payout, plan, now);
    default:
      return nothing;
  }
}

/** How long (ms) a request may be under way before its process must have died. */
export const callLimit = (scale: number): number => Math.max(SHORTEST_CALL_MS, CALL_MS * Math.min(1, scale));

function afterSubmission(payout: Payout, { scale }: Plan): Step {
  if (isCalling(payout)) return { what: "lose", at: (payout.sent_at ?? 0) + callLimit(scale) };
  const accepted = payout.accepted_at ?? payout.updated_at;
  if (payout.polls === 0) return { what: "ask", at: accepted + ASKED_AFTER_MS * scale * late(payout) };
  return { what: "doubt", at: accepted + OVERDUE_AFTER_MS * scale };
}

function inDoubt(payout: Payout, plan: Plan, now: number): Step {
  if ((payout.evidence & Evidence.planEnded) !== 0) return nothing;
  const since = payout.in_doubt_at ?? payout.updated_at;
  const offset = DOUBT_MS[payout.polls];
  const next: Step = offset === undefined
    ? { what: "end", at: since + ((DOUBT_MS.at(-1) ?? 0) + LAST_ANSWER_MS) * plan.scale }
    : { what: "ask", at: since + offset * plan.scale * late(payout) };
  const resend = plan.paused ? Infinity : resendAt(payout, plan, now);
  return resend <= next.at ? { what: "send", at: resend } : next;
}

/**
 * When the same request may go out again, with the same id: Transaction Status could not find it since it was last
 * sent, nothing says that it was taken, and the id is young (design.md section 5.7). Infinity: not.
 */
function resendAt(payout: Payout, { idempotent }: Plan, now: number): number {
  if (payout.destination !== "phone") return Infinity; // no id of ours went with it: a second one would be a second payment
  const taken = Evidence.duplicate | Evidence.mismatch | Evidence.unclear;
  const missed = (payout.evidence & Evidence.notFound) !== 0 && payout.missed >= payout.sends;
  if (!idempotent || !missed || (payout.evidence & taken) !== 0) return Infinity;
  const at = Math.max(payout.send_after, payout.updated_at);
  return Math.max(at, now) < (payout.first_sent_at ?? 0) + ID_IS_YOUNG_MS ? at : Infinity;
}

/** Up to a tenth later, by the payout's id: a batch is not asked after all at once. */
function late({ id, polls }: Payout): number {
  let hash = polls + 1;
  for (let i = 0; i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) % 9973;
  return 1 + (hash / 9973) * 0.1;
}

/** ms until the next try after `n` requests that never left: doubling from 1 s to 5 min. */
export const sendBackoff = (n: number): number => Math.min(300_000, 1_000 * 2 ** Math.min(n - 1, 20));
