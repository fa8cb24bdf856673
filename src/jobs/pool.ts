import type { Job } from "./store.ts";

/** A job that was leased, and what saves its handler a read. */
export interface Leased {
  readonly job: Job;
  readonly hint: unknown;
}

/** Runs leased jobs, a bounded number at once, in the order they came. */
export class Pool {
  readonly #running = new Set<Promise<void>>();
  #waiting: Leased[] = [];
  #full = false;

  /** `perform` never rejects. `onRoom` is called when there is room again after {@link room} had found none. */
  constructor(
    readonly size: number,
    readonly perform: (leased: Leased) => Promise<void>,
    readonly onRoom: () => void,
  ) {}

  get waiting(): number {
    return this.#waiting.length;
  }

  get running(): readonly Promise<void>[] {
    return [...this.#running];
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
    while (this.#running.size < this.size) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const running: Promise<void> = this.perform(next).finally(() => {
        this.#running.delete(running);
        this.#fill();
        if (!this.#full) return;
        this.#full = false;
        this.onRoom();
      });
      this.#running.add(running);
    }
  }
}
