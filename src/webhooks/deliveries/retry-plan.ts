const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** ms between a failed attempt and the next: ten attempts over 75 hours. */
const RETRY_DELAYS_MS = [
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
const MAX_PAUSE_MS = 24 * HOUR;
const DISABLE_AFTER_MS = 5 * 24 * HOUR;

/** Attempts in all, the first included. */
export const MAX_ATTEMPTS = RETRY_DELAYS_MS.length + 1;

/**
 * How long to wait (ms) after attempt number `retry` (0 is the first) has failed; null after the last attempt. A
 * `Retry-After` of the endpoint makes the delay longer, up to a day. `scale` is the setting `PLAN_SCALE`.
 */
export function retryDelayMs(retry: number, scale: number, retryAfterMs: number | null): number | null {
  const delayMs = RETRY_DELAYS_MS[retry];
  if (delayMs === undefined) return null;
  return Math.max(delayMs * scale, pauseMs(scale, retryAfterMs));
}

/** How long (ms) an endpoint must not be called after its `Retry-After`, at most a day; 0 without one. */
export const pauseMs = (scale: number, retryAfterMs: number | null): number =>
  Math.min(retryAfterMs ?? 0, MAX_PAUSE_MS * scale);

/** Whether an endpoint is to be disabled: no delivery has succeeded since `failingSince` (ms), which is 5 days ago or more. */
export const hasFailedTooLong = (failingSince: number | null, now: number, scale: number): boolean =>
  failingSince !== null && now - failingSince >= DISABLE_AFTER_MS * scale;
