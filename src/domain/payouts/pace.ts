import { LRUCache } from "lru-cache";
import type { Clock } from "../../platform/ports.ts";

const HELD = 20_000;

/**
 * Spreads requests over time, a token a turn and shortcode: each caller gets a turn of its own, so that whoever waits
 * asks once more and not again and again. Known to this process only.
 */
export class Pacer {
  readonly #next = new Map<string, number>();
  readonly #turns = new LRUCache<string, number>({ max: HELD });
  constructor(readonly clock: Clock, readonly perSecond: number) {}

  /** The time (ms) of the turn of `id`: at most now when it may go, which uses the turn up. */
  turnAt(shortcode: string, id: string): number {
    const now = this.clock.now();
    if (this.perSecond === Infinity) return now;
    const held = this.#turns.get(id);
    const at = held ?? Math.max(now, this.#next.get(shortcode) ?? 0);
    if (held === undefined) this.#next.set(shortcode, at + 1_000 / this.perSecond);
    if (at <= now) this.#turns.delete(id);
    else this.#turns.set(id, at);
    return at;
  }
}
