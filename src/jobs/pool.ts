import type { Job } from "../context/jobs.ts";

/** A job that was leased, and what saves its handler a read. */
export interface Leased {
  readonly job: Job;
  readonly hint: unknown;
}

/** Runs leased jobs, a bounded number at once, in the order they came. */
export class Pool {
  readonly #running = new Map<Promise<void>, Job>();
  #waiting: Leased[] = [];
  #full = false;

  /**
   * `perform` never rejects. `onEnd` is called when a job has ended; `full`: {@link room} had found none since the last.
   * `limit` says how many may run at this moment, one at least: whenever a job ends it is asked anew.
   */
  constructor(
    readonly size: number,
    readonly perform: (leased: Leased) => Promise<void>,
    readonly onEnd: (full: boolean) => void,
    readonly limit: () => number = () => size,
  ) {}

  get waiting(): number {
    return this.#waiting.length;
  }

  get running(): readonly Promise<void>[] {
    return [...this.#running.keys()];
  }

  /** The jobs that run now. */
  get jobs(): readonly Job[] {
    return [...this.#running.values()];
  }

  /** How many jobs of each merchant run or wait here. */
  held(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const all = [...this.#running.values(), ...this.#waiting.map(({ job }) => job)];
    for (const { merchantId } of all) counts.set(merchantId ?? "", (counts.get(merchantId ?? "") ?? 0) + 1);
    return counts;
  }

  /** How many more it can take without making them wait. */
  room(): number {
    const room = Math.max(0, this.size - this.#running.size - this.#waiting.length);
    this.#full ||= room === 0;
    return room;
  }

  add(leased: Leased): void {
    this.#waiting.push(leased);
    this.#fill();
  }

  /** Takes out what has not begun. */
  drain(): readonly Leased[] {
    return this.#waiting.splice(0);
  }

  #fill(): void {
    while (this.#running.size < this.limit()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const running: Promise<void> = this.perform(next).finally(() => {
        this.#running.delete(running);
        this.#fill();
        const full = this.#full;
        this.#full = false;
        this.onEnd(full);
      });
      this.#running.set(running, next.job);
    }
  }
}
