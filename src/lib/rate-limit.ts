import { LRUCache } from "lru-cache";
import type { Clock } from "../platform/ports.ts";
import { Problem } from "../problems/problem.ts";

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket per key, within this process: it protects the process, not a quota. */
export class RateLimit {
  readonly #buckets = new LRUCache<string, Bucket>({ max: 10_000 });
  constructor(readonly clock: Clock, readonly perMinute: number) {}

  /** Takes one token. Errors: `rate_limited` with the seconds until the next. */
  take(key: string): void {
    const now = this.clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.perMinute, at: now };
    bucket.tokens = Math.min(this.perMinute, bucket.tokens + ((now - bucket.at) / 60_000) * this.perMinute);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) {
      const seconds = Math.max(1, Math.ceil(((1 - bucket.tokens) * 60) / this.perMinute));
      throw new Problem("rate_limited", `More than ${this.perMinute} requests a minute. Wait ${seconds} s and retry.`, {
        retryAfterSeconds: seconds,
      });
    }
    bucket.tokens -= 1;
  }
}
