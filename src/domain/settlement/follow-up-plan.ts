/** When a payout or a reversal that was sent is asked about (design.md section 7). `scale` multiplies these times. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const FIRST_QUERY_MS = 2 * MINUTE_MS;
const OVERDUE_MS = 10 * MINUTE_MS;
/** In doubt: at 30 s, 2, 5, 15 and 60 min, then each hour for a day. */
const IN_DOUBT_QUERIES_MS: readonly number[] = [
  30_000,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  ...Array.from({ length: 25 }, (_, hour) => (hour + 1) * HOUR_MS),
];
/** How long Daraja may take to answer the last query. */
const LAST_ANSWER_MS = 10 * MINUTE_MS;
const IN_DOUBT_PLAN_MS = (IN_DOUBT_QUERIES_MS.at(-1) ?? 0) + LAST_ANSWER_MS;
/** A request with a fresh token takes at most two token calls and two tries of 10 s each. */
const CALL_MS = 45_000;
const SHORTEST_CALL_MS = 4_000;

/** What the job of a payout or refund does next, and when (ms since the epoch; Infinity: never). */
export interface Step<Action extends string = FollowUp> {
  readonly action: Action;
  readonly at: number;
}

/**
 * - `mark_ambiguous`: the process that sent the request must have died; the request may have been taken.
 * - `ask`: sends a Transaction Status query.
 * - `mark_in_doubt`: no result came in time.
 * - `stop_polling`: nothing more is asked; a person decides.
 */
export type FollowUp = "mark_ambiguous" | "ask" | "mark_in_doubt" | "stop_polling";

/** The request left at `sentAt` (ms), and its answer is not stored. Tests may shorten the limit, nothing lengthens it. */
export const whileCalling = (sentAt: number, scale: number): Step => ({
  action: "mark_ambiguous",
  at: sentAt + Math.max(SHORTEST_CALL_MS, CALL_MS * Math.min(1, scale)),
});

/** Daraja took the request at `acceptedAt` (ms), and `polls` queries were sent since. `later` is the share of {@link jitter}. */
export const afterAcceptance = (acceptedAt: number, polls: number, scale: number, later = 0): Step =>
  polls === 0
    ? { action: "ask", at: acceptedAt + FIRST_QUERY_MS * scale * (1 + later) }
    : { action: "mark_in_doubt", at: acceptedAt + OVERDUE_MS * scale };

/** In doubt since `since` (ms): when a person has to decide, because no notice came until then. */
export const endOfPlan = (since: number, scale: number): Step => ({
  action: "stop_polling",
  at: since + IN_DOUBT_PLAN_MS * scale,
});

/** In doubt since `since` (ms), and `polls` queries were sent since. */
export function whileInDoubt(since: number, polls: number, scale: number, later = 0): Step {
  const queryMs = IN_DOUBT_QUERIES_MS[polls];
  return queryMs === undefined ? endOfPlan(since, scale) : { action: "ask", at: since + queryMs * scale * (1 + later) };
}
