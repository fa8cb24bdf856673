import { LRUCache } from "lru-cache";

interface Bucket {
  tokens: number;
  at: number;
}

/** One token bucket for each key, in this process only. It protects the process from overload; it is not a quota. */
export class RateLimit {
  readonly #buckets = new LRUCache<string, Bucket>({ max: 10_000 });
  constructor(readonly clock: { now(): number }, readonly perMinute: number) {}

  /** Takes one token. Returns null, or the seconds until the next token when there is none. */
  take(key: string): number | null {
    const now = this.clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.perMinute, at: now };
    bucket.tokens = Math.min(this.perMinute, bucket.tokens + ((now - bucket.at) / 60_000) * this.perMinute);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil(((1 - bucket.tokens) * 60) / this.perMinute));
    bucket.tokens -= 1;
    return null;
  }
}
