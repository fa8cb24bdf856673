import type { RateLimit } from "../lib/rate-limit.ts";
import { Problem } from "../problems/problem.ts";

/** Counts one request of `key`. Errors: `rate_limited` with Retry-After, when the limit is reached. */
export function countRequest(limit: RateLimit, key: string): void {
  const seconds = limit.take(key);
  if (seconds === null) return;
  throw new Problem("rate_limited", `More than ${limit.perMinute} requests a minute. Wait ${seconds} s and retry.`, {
    retryAfterSeconds: seconds,
  });
}
