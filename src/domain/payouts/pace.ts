import { createLru } from "../../lib/lru.ts";
import type { Clock } from "../../platform/ports.ts";

const MAX_TURNS = 20_000;

/**
 * Spreads a shortcode's requests over time. Each caller is given the time of its own turn, so a job that has to wait is
 * run once more, at that time, instead of trying again and again. Each process keeps its own turns.
 */
export class Pacer {
  readonly #next = new Map<string, number>();
  readonly #turns = createLru<string, number>(MAX_TURNS);
  constructor(readonly clock: Clock, readonly perSecond: number) {}

  /** When (ms) `id` may send. If that is now or earlier, its turn is used up by this call. */
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
