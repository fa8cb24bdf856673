/**
 * Token buckets per shortcode. For STK queries of size one: Safaricom's spike arrest allows no burst (daraja.md section
 * 3).
 */

import type { Clock } from "../platform/ports.ts";

export interface Bucket {
  /** Takes one turn: 0, or how many ms to wait before there is one. */
  take(key: string): number;
  /** Daraja said 429: no turn for a while. Longer with each in a row, unless Daraja says how long. Answers the pause in ms. */
  punish(key: string, retryAfterMs: number | null): number;
  /** Daraja answered; the next 429 starts from the shortest pause. */
  pardon(key: string): void;
}

interface Lane {
  nextAt: number;
  strikes: number;
}

const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** One turn each `intervalMs`, `burst` at once; 0 is unlimited until a 429. Known to this process only. */
export function createBucket(clock: Clock, intervalMs: number, burst = 1): Bucket {
  const slack = (burst - 1) * intervalMs;
  const lanes = new Map<string, Lane>();
  function lane(key: string): Lane {
    const known = lanes.get(key) ?? { nextAt: 0, strikes: 0 };
    lanes.set(key, known);
    return known;
  }
  return {
    take(key) {
      const own = lane(key);
      const now = clock.now();
      const wait = own.nextAt - slack - now;
      if (wait > 0) return wait;
      own.nextAt = Math.max(own.nextAt, now) + intervalMs;
      return 0;
    },
    punish(key, retryAfterMs) {
      const own = lane(key);
      const doubled = Math.max(intervalMs, SHORTEST_PAUSE_MS) * 2 ** Math.min(own.strikes, 10);
      const pause = Math.max(intervalMs, retryAfterMs ?? Math.min(doubled, LONGEST_PAUSE_MS));
      own.strikes += 1;
      own.nextAt = Math.max(own.nextAt, clock.now() + pause + slack);
      return pause;
    },
    pardon(key) {
      lane(key).strikes = 0;
    },
  };
}
