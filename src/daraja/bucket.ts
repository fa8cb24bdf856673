/**
 * Token buckets per shortcode: each call takes one turn. For STK queries the bucket has size one, because Safaricom's
 * spike arrest allows no burst (daraja.md section 3).
 */

import type { Clock } from "../platform/ports.ts";

export interface Bucket {
  /** Takes one turn and returns 0, or returns how many ms to wait until the next turn. */
  take(key: string): number;
  /**
   * Gives no turns for a while, because Daraja answered 429. The pause doubles with each 429 in a row, unless Daraja says
   * how long to wait. Returns the pause in ms.
   */
  pause(key: string, retryAfterMs: number | null): number;
  /** Daraja answered: the next 429 starts with the shortest pause. */
  resetPauses(key: string): void;
}

interface BucketState {
  /** ms since the epoch. */
  nextTurnAt: number;
  refusalsInARow: number;
}

const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Gives one turn each `intervalMs`, and up to `burst` at once. 0 means no limit until a 429. The turns are counted in
 * this process only.
 */
export function createBucket(clock: Clock, intervalMs: number, burst = 1): Bucket {
  const burstAllowanceMs = (burst - 1) * intervalMs;
  const states = new Map<string, BucketState>();
  function stateOf(key: string): BucketState {
    const state = states.get(key) ?? { nextTurnAt: 0, refusalsInARow: 0 };
    states.set(key, state);
    return state;
  }
  return {
    take(key) {
      const state = stateOf(key);
      const now = clock.now();
      const waitMs = state.nextTurnAt - burstAllowanceMs - now;
      if (waitMs > 0) return waitMs;
      state.nextTurnAt = Math.max(state.nextTurnAt, now) + intervalMs;
      return 0;
    },
    pause(key, retryAfterMs) {
      const state = stateOf(key);
      const doubledMs = Math.max(intervalMs, SHORTEST_PAUSE_MS) * 2 ** Math.min(state.refusalsInARow, 10);
      const pauseMs = Math.max(intervalMs, retryAfterMs ?? Math.min(doubledMs, LONGEST_PAUSE_MS));
      state.refusalsInARow += 1;
      state.nextTurnAt = Math.max(state.nextTurnAt, clock.now() + pauseMs + burstAllowanceMs);
      return pauseMs;
    },
    resetPauses(key) {
      stateOf(key).refusalsInARow = 0;
    },
  };
}
