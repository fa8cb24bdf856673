import type { MiddlewareHandler } from "hono";
import { Problem } from "../problems/problem.ts";
import type { Env } from "./env.ts";

/** Requests that wait for another service (Daraja). A waiting request costs memory, but no CPU time. */
export interface UpstreamWaits {
  count(): number;
  readonly max: number;
}

/**
 * Lets `maxRunning` requests run at once and refuses the rest before their body is read: an answer that comes too late is
 * worth less than a quick refusal. Requests that wait for Daraja are counted apart, so a slow Daraja does not block
 * reads: past `upstream.max` only requests that may call Daraja (all but GET) are refused. Errors: `unavailable` with
 * Retry-After.
 */
export function limitConcurrency(
  maxRunning: number,
  upstream: UpstreamWaits = { count: () => 0, max: 1 },
): MiddlewareHandler<Env> {
  let running = 0;
  return async (c, next) => {
    const waiting = upstream.count();
    if (running - waiting >= maxRunning || (waiting >= upstream.max && c.req.method !== "GET")) {
      throw new Problem(
        "unavailable",
        "This process works on as many requests as it can. Nothing was done. Retry with the same Idempotency-Key.",
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
