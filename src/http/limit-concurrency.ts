import type { MiddlewareHandler } from "hono";
import { Problem } from "../problems/problem.ts";
import type { Env } from "./env.ts";

/** Requests that wait for another service rather than for this process: they cost memory while they do, and no time. */
export interface UpstreamWaits {
  count(): number;
  readonly max: number;
}

/**
 * Lets `most` requests run at once and turns the rest away before anything is read: who waits in line for longer than
 * anybody waits for an answer is better told so at once. A slow Daraja takes no reader's place: what waits for it is
 * counted by itself, and only what could add to it is turned away. Errors: `unavailable` with Retry-After.
 */
export function limitConcurrency(
  most: number,
  away: UpstreamWaits = { count: () => 0, max: 1 },
): MiddlewareHandler<Env> {
  let running = 0;
  return async (c, next) => {
    const waiting = away.count();
    if (running - waiting >= most || (waiting >= away.max && c.req.method !== "GET")) {
      throw new Problem(
        "unavailable",
        "More requests are under way than this process can serve. Nothing was done; retry with the same Idempotency-Key.",
        { retryAfterSeconds: 1 },
      );
    }
    running++;
    try {
      await next();
    } finally {
      running--;
    }
  };
}
