import type { MiddlewareHandler } from "hono";
import { Problem } from "../problems/problem.ts";
import type { Env } from "./env.ts";

/** Requests that wait for another service (Daraja). A waiting request costs memory, but no CPU time. */
export interface UpstreamWaits {
  count(): number;
  readonly max: number;
}

/**
 * Lets `maxRunning` requests run at once and refuses the rest: an answer that comes too late is worth less than a quick
 * refusal. It comes after the body was read, because a body may take its time, and then takes no place. Requests that wait
 * for Daraja are counted apart, so a slow Daraja does not block reads: past `upstream.max` only requests that may call
 * Daraja (all but GET) are refused. Errors: `unavailable` with Retry-After.
 */
export function limitConcurrency(
  maxRunning: number,
  upstream: UpstreamWaits = { count: () => 0, max: 1 },
): MiddlewareHandler<Env> {
  let running = 0;
  return async (c, next) => {
    const waiting = upstream.count();
    if (running - waiting >= maxRunning || (waiting >= upstream.max && c.req.method !== "GET")) {
      throw busy("This process works on as many requests as it can.");
    }
    running++;
    try {
      await next();
    } finally {
      running--;
    }
  };
}

/**
 * Lets one address have `max` requests under way at once, those whose body is still coming included. Errors: `unavailable`
 * with Retry-After.
 */
export function limitAddress(max: number): MiddlewareHandler<Env> {
  const running = new Map<string, number>(); // only of requests under way
  return async (c, next) => {
    const address = c.get("address");
    const before = running.get(address) ?? 0;
    if (before >= max) throw busy(`This address has ${max} requests under way, the most that one may.`);
    running.set(address, before + 1);
    try {
      await next();
    } finally {
      const left = (running.get(address) ?? 1) - 1;
      if (left === 0) running.delete(address);
      else running.set(address, left);
    }
  };
}

const busy = (why: string): Problem =>
  new Problem("unavailable", `${why} Nothing was done. Retry with the same Idempotency-Key.`, { retryAfterSeconds: 1 });
