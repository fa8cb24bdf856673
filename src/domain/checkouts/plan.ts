import { jitter, MAX_JITTER } from "../settlement/delays.ts";
import { type Aggregate, type Attempt, Evidence } from "./machine.ts";

/** Seconds after the push at which Daraja is asked (design.md section 7). */
const POLLS_S = [20, 50, 110, 240, 540, 1140, 2940] as const;
/** Daraja can't be asked about an attempt without request ids. After this time its plan ends. */
const WITHOUT_IDS_S = 120;

/** How long (ms) after its push the last poll of an attempt comes at the latest. */
export const planLengthMs = (scale: number): number => Math.max(...POLLS_S) * 1000 * scale * (1 + MAX_JITTER);

const FINAL_WORD = Evidence.exact | Evidence.claimed | Evidence.failedByCallback | Evidence.failedByQuery |
  Evidence.planEnded;

/**
 * Whether the plan of polls still applies: nothing final is known about the attempt. A callback with another amount ends no
 * plan. A query before it was asked, so one after it is asked too: else the order would decide what is known (ADR 0004).
 */
export const isPolled = ({ status, evidence }: Attempt): boolean =>
  status === "pending" || ((evidence & Evidence.mismatch) !== 0 && (evidence & FINAL_WORD) === 0);

/** Whether a refresh asks Daraja: the push was accepted, and nobody has said that it was paid. */
export const canQuery = ({ request_ids, status, evidence }: Attempt): boolean =>
  request_ids !== null && (status === "pending" || status === "unknown") &&
  (evidence & (Evidence.exact | Evidence.claimed | Evidence.second)) === 0;

/** When the attempt is polled next (ms), and whether that is the last poll of its plan. `scale` multiplies the times. */
export function nextPoll(attempt: Attempt, scale: number): { readonly at: number; readonly last: boolean } {
  if (attempt.request_ids === null) return { at: attempt.created_at + WITHOUT_IDS_S * 1000 * scale, last: true };
  const step = Math.min(attempt.polls, POLLS_S.length - 1);
  const seconds = POLLS_S[step] ?? 0;
  return {
    at: Math.round(attempt.created_at + seconds * 1000 * scale * (1 + jitter(attempt.id, step))),
    last: step === POLLS_S.length - 1,
  };
}

/**
 * How many polls of the plan are due now (ms). After an outage several are; Daraja is asked once for all of them, since
 * asking again at once would bring the same answer.
 */
export function duePolls(attempt: Attempt, scale: number, now: number): number {
  const remaining = POLLS_S.length - attempt.polls;
  let due = 1;
  while (due < remaining && nextPoll({ ...attempt, polls: attempt.polls + due }, scale).at <= now) due++;
  return due;
}

/** When the job of the checkout runs next (ms): at a poll or at its expiry. Infinity when nothing is left to wait for. */
export function nextCheckAt({ checkout, attempts }: Aggregate, scale: number): number {
  const polls = attempts.filter(isPolled).map((attempt) => nextPoll(attempt, scale).at);
  const ended = checkout.expired_at !== null || !["open", "pending"].includes(checkout.status);
  return Math.min(Infinity, ...polls, ...(ended ? [] : [checkout.expires_at]));
}

/** The same for a new checkout, as if its push were accepted already: then the acceptance need not schedule the job again. */
export const firstCheckAt = (state: Aggregate, scale: number): number =>
  nextCheckAt({
    ...state,
    attempts: state.attempts.map((a) => ({ ...a, request_ids: a.request_ids ?? new Uint8Array() })),
  }, scale);
