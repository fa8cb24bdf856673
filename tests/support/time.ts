import type { Clock } from "../../src/platform/ports.ts";

/** When virtual time starts, unless a test says otherwise: the same in each run, at half past twelve in Nairobi. */
export const VIRTUAL_START_MS = Date.parse("2026-11-24T09:30:00Z");
/** Two seconds before midnight in Nairobi, where the day of each limit ends. */
export const BEFORE_MIDNIGHT_MS = Date.parse("2026-11-24T23:59:58+03:00");

/** A limit of a day holds at any time of the day: its tests run at noon, and across the end of the day in Nairobi. */
export const timesOfDay: readonly (readonly [name: string, startMs: number])[] = [
  ["by day", VIRTUAL_START_MS],
  ["two seconds before midnight in Nairobi", BEFORE_MIDNIGHT_MS],
];

/** A clock that stands still until it is moved, and timers that go by it. */
export class VirtualTime implements Clock {
  #now: number;
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  /** Starts at `startMs` (ms since 1970). */
  constructor(startMs = VIRTUAL_START_MS) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  /** Runs something when `ms` have passed; answers how to cancel it. */
  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves the clock, and runs nothing that fell due meanwhile: the machine slept. */
  skip(ms: number): void {
    this.#now += ms;
  }

  /** Lets `ms` pass; after each timer that falls due, `settle` waits until what it began has ended. */
  async pass(ms: number, settle: () => Promise<void>): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  #next(end: number) {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** UUIDv7 (32 hex digits) by a clock that may stand still or go back: each is greater than the one before. */
export function virtualUuids(now: () => number, fill: (bytes: Uint8Array<ArrayBuffer>) => void): () => string {
  let [time, count] = [0, 0];
  return () => {
    time = Math.max(time, now());
    const order = (count++).toString(16).padStart(9, "0");
    const random = new Uint8Array(6);
    fill(random);
    return `${time.toString(16).padStart(12, "0")}7${order.slice(0, 3)}8${order.slice(3)}${random.toHex().slice(3)}`;
  };
}
