import type { Job } from "../context/jobs.ts";

/** A leased job, and a hint that saves its handler a read. */
export interface LeasedJob {
  readonly job: Job;
  readonly hint: unknown;
}

/** Runs leased jobs in the order in which they came, a limited number at a time. */
export class Pool {
  readonly #running = new Map<Promise<void>, Job>();
  #waiting: LeasedJob[] = [];
  #wasFull = false;

  /**
   * `perform` never rejects. `onEnd` is called when a job has ended; `wasFull`: {@link room} has found no room since the
   * last call. `limit` returns how many jobs may run at this moment, at least one. It is called when a job ends.
   */
  constructor(
    readonly size: number,
    readonly perform: (leased: LeasedJob) => Promise<void>,
    readonly onEnd: (wasFull: boolean) => void,
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
  countByMerchant(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const all = [...this.#running.values(), ...this.#waiting.map(({ job }) => job)];
    for (const { merchantId } of all) counts.set(merchantId ?? "", (counts.get(merchantId ?? "") ?? 0) + 1);
    return counts;
  }

  /** How many more jobs can run at once. */
  room(): number {
    const room = Math.max(0, this.size - this.#running.size - this.#waiting.length);
    this.#wasFull ||= room === 0;
    return room;
  }

  add(leased: LeasedJob): void {
    this.#waiting.push(leased);
    this.#fill();
  }

  /** Removes the jobs that have not started, and returns them. */
  takeWaiting(): readonly LeasedJob[] {
    return this.#waiting.splice(0);
  }

  #fill(): void {
    while (this.#running.size < this.limit()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const running: Promise<void> = this.perform(next).finally(() => {
        this.#running.delete(running);
        this.#fill();
        const wasFull = this.#wasFull;
        this.#wasFull = false;
        this.onEnd(wasFull);
      });
      this.#running.set(running, next.job);
    }
  }
}
