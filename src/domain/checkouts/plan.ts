import { jitter } from "../settlement/delays.ts";
import { type Aggregate, type Attempt, Evidence } from "./machine.ts";

/** Seconds after the push at which Daraja is asked (design.md section 7). */
const POLLS_S = [20, 50, 110, 240, 540, 1140, 2940] as const;
/** An attempt without ids can't be asked about: after this it is unknown. */
const UNANSWERED_S = 120;

/** Whether the plan has an attempt under watch: nothing final is known and nothing contradicts. */
export const isPolled = (attempt: Attempt): boolean => attempt.status === "pending";

/** Whether Daraja may be asked: the push was taken, it is not settled, and no quarantined notice waits for a person. */
export const canQuery = (attempt: Attempt): boolean =>
  attempt.request_ids !== null && (attempt.status === "pending" || attempt.status === "unknown") &&
  (attempt.evidence & (Evidence.mismatch | Evidence.second)) === 0;

/** When (ms) the attempt is looked at next, and whether that is the end of its plan. `scale` shrinks the plan for tests. */
export function nextPoll(attempt: Attempt, scale: number): { readonly at: number; readonly last: boolean } {
  if (attempt.request_ids === null) return { at: attempt.created_at + UNANSWERED_S * 1000 * scale, last: true };
  const step = Math.min(attempt.polls, POLLS_S.length - 1);
  const seconds = POLLS_S[step] ?? 0;
  return {
    at: Math.round(attempt.created_at + seconds * 1000 * scale * (1 + jitter(attempt.id, step))),
    last: step === POLLS_S.length - 1,
  };
}

/** When (ms) the checkout is looked at next: a poll or its expiry; Infinity when nothing is waited for. */
export function nextCheckAt({ checkout, attempts }: Aggregate, scale: number): number {
  const polls = attempts.filter(isPolled).map((attempt) => nextPoll(attempt, scale).at);
  const ended = checkout.expired_at !== null || !["open", "pending"].includes(checkout.status);
  return Math.min(Infinity, ...polls, ...(ended ? [] : [checkout.expires_at]));
}

/** The same for a checkout about to be prompted, as if the push were accepted already. */
export const firstCheckAt = (state: Aggregate, scale: number): number =>
  nextCheckAt({
    ...state,
    attempts: state.attempts.map((a) => ({ ...a, request_ids: a.request_ids ?? new Uint8Array() })),
  }, scale);
