import type { Context as HonoContext } from "hono";
import { sha256 } from "../crypto/hash.ts";
import { createLru } from "../lib/lru.ts";
import type { Clock, KeyValue } from "../platform/ports.ts";
import { Problem } from "../problems/problem.ts";
import type { Env } from "./env.ts";

/** So many in a time: `name` stands in the headers, `limit` is at least 1, or Infinity for no limit. */
export interface Quota {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** Where a caller stands after a request. Seconds are whole and at least 1; `retryAfterSeconds` is null where it was let through. */
export interface Standing {
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly retryAfterSeconds: number | null;
}

interface Bucket {
  tokens: number;
  at: number;
  /** Taken here since the shared bucket was read last. */
  unshared: number;
  sharedAt: number;
  isSharing: boolean;
}

const MAX_BUCKETS = 20_000; // of 300 bytes or less: see `shortKey`
const MAX_KEY = 64;
const SHARE_EVERY_MS = 1_000;
const MAX_SHARING = 16;
const MAX_TRIES = 3;
/** A bucket is shared once this part of its quota was taken here, so that callers who ask little cost nothing. */
const SHARED_FROM = 1 / 20;
const text = { encode: new TextEncoder(), decode: new TextDecoder() };

/**
 * A token bucket for each caller. With a key-value store the processes share the buckets: each takes from its own copy,
 * and about once a second reconciles it with the shared one, so that no request waits for the store. Until then
 * processes may let through more than the quota together. A store that fails changes nothing for the caller.
 */
export class RateLimit {
  readonly #buckets = createLru<string, Bucket>(MAX_BUCKETS);
  #sharing = 0;
  constructor(readonly clock: Clock, readonly quota: Quota, readonly kv: KeyValue | null = null) {}

  /** Takes one token of a caller. A caller without a token is refused, and the refusal costs nothing. */
  take(caller: string): Standing {
    const key = shortKey(caller);
    const { limit, windowMs } = this.quota;
    if (limit === Infinity) return { remaining: Infinity, resetSeconds: 1, retryAfterSeconds: null };
    const bucket = this.#bucketOf(key);
    const perMs = limit / windowMs;
    const refused = bucket.tokens < 1;
    if (!refused) {
      bucket.tokens -= 1;
      bucket.unshared += 1;
    }
    this.#share(key, bucket);
    return {
      remaining: Math.max(0, Math.floor(bucket.tokens)),
      resetSeconds: seconds((limit - bucket.tokens) / perMs),
      retryAfterSeconds: refused ? seconds((1 - bucket.tokens) / perMs) : null,
    };
  }

  /** How long (s) a caller is refused now. Null: not. It takes no token. */
  waitOf(caller: string): number | null {
    const { limit, windowMs } = this.quota;
    if (limit === Infinity) return null;
    const { tokens } = this.#bucketOf(shortKey(caller));
    return tokens >= 1 ? null : seconds((1 - tokens) / (limit / windowMs));
  }

  #bucketOf(key: string): Bucket {
    const now = this.clock.now();
    const bucket = this.#buckets.get(key) ??
      { tokens: this.quota.limit, at: now, unshared: 0, sharedAt: 0, isSharing: false };
    bucket.tokens = this.#refilled(bucket.tokens, bucket.at, now);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #refilled(tokens: number, at: number, now: number): number {
    return Math.min(this.quota.limit, tokens + (Math.max(0, now - at) / this.quota.windowMs) * this.quota.limit);
  }

  #share(key: string, bucket: Bucket): void {
    const { kv, clock, quota } = this;
    if (kv === null || bucket.isSharing || this.#sharing >= MAX_SHARING) return;
    if (bucket.unshared < quota.limit * SHARED_FROM || clock.now() - bucket.sharedAt < SHARE_EVERY_MS) return;
    bucket.isSharing = true;
    this.#sharing++;
    void this.#reconcile(kv, key, bucket).catch(() => {}).finally(() => {
      bucket.isSharing = false;
      this.#sharing--;
    });
  }

  /** Takes from the shared bucket what was taken here, and continues with what it then holds. */
  async #reconcile(kv: KeyValue, key: string, bucket: Bucket): Promise<void> {
    const place = ["rate-limit", this.quota.name, key];
    bucket.sharedAt = this.clock.now();
    for (let tries = 0; tries < MAX_TRIES; tries++) if (await this.#reconcileOnce(kv, place, bucket)) return;
  }

  /** False when another process was faster: its count must not be lost. */
  async #reconcileOnce(kv: KeyValue, place: readonly string[], bucket: Bucket): Promise<boolean> {
    const taken = bucket.unshared;
    const entry = await kv.get(place);
    const now = this.clock.now();
    const [tokens = NaN, at = NaN] = text.decode.decode(entry.value ?? new Uint8Array()).split(" ").map(Number);
    const shared = Number.isFinite(tokens + at) ? this.#refilled(tokens, at, now) : this.quota.limit;
    const left = Math.max(0, shared - taken);
    const stored = text.encode.encode(`${left.toFixed(3)} ${now}`);
    const isStored = await kv.set(place, stored, { expiresInMs: this.quota.windowMs, ifVersion: entry.version });
    if (!isStored) return false;
    bucket.unshared -= taken;
    bucket.tokens = Math.max(0, Math.min(bucket.tokens, left - bucket.unshared));
    return true;
  }
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** Callers choose their names, so a long one is kept as its digest: no map grows by the length of what is sent. */
const shortKey = (caller: string): string => caller.length <= MAX_KEY ? caller : `#${sha256(caller).toBase64()}`;

/**
 * Counts a request of a caller, and says in the answer where the caller stands: `RateLimit-Policy` and `RateLimit` of
 * draft-ietf-httpapi-ratelimit-headers-10. Errors: `rate_limited` with Retry-After.
 */
export function countRequest(c: HonoContext<Env>, limit: RateLimit, caller: string): void {
  const { name, limit: most, windowMs } = limit.quota;
  const standing = limit.take(caller);
  if (most === Infinity) return;
  addToList(c, "ratelimit-policy", `"${name}";q=${most};w=${windowMs / 1000}`);
  addToList(c, "ratelimit", `"${name}";r=${standing.remaining};t=${standing.resetSeconds}`);
  const wait = standing.retryAfterSeconds;
  if (wait === null) return;
  throw new Problem(
    "rate_limited",
    `More than ${most} requests in ${windowMs / 1000} s (limit "${name}"). Wait ${wait} s and retry.`,
    { retryAfterSeconds: wait },
  );
}

function addToList(c: HonoContext<Env>, header: string, item: string): void {
  const headers = c.get("headers");
  if (headers !== null) headers[header] = headers[header] === undefined ? item : `${headers[header]}, ${item}`;
}
