const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** ms between a try that failed and the next: ten tries over 75 hours. */
const DELAYS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
const LONGEST_MS = 24 * HOUR;
const FAILING_MS = 5 * 24 * HOUR;

/** Tries in all, the first included. */
export const TRIES = DELAYS_MS.length + 1;

/**
 * ms until the try after the `retry`th (0 is the first) has failed, or null after the last. A `Retry-After` of the
 * endpoint puts it off, to a day at most. `scale` is `PLAN_SCALE`.
 */
export function delayAfter(retry: number, scale: number, retryAfterMs: number | null): number | null {
  const delay = DELAYS_MS[retry];
  if (delay === undefined) return null;
  return Math.max(delay * scale, pauseOf(scale, retryAfterMs));
}

/** ms for which an endpoint wants to be left alone. */
export const pauseOf = (scale: number, retryAfterMs: number | null): number =>
  Math.min(retryAfterMs ?? 0, LONGEST_MS * scale);

/** Whether an endpoint that has answered nothing well since `failingSince` (ms) is given up. */
export const isGivenUp = (failingSince: number | null, now: number, scale: number): boolean =>
  failingSince !== null && now - failingSince >= FAILING_MS * scale;
