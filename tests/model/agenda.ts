import type { InProcess } from "../support/in-process.ts";

interface Entry {
  readonly at: number;
  readonly run: () => Promise<void>;
}

/** What happens when, on the service's virtual time (ms). */
export interface Agenda {
  now(): number;
  /** Adds something that happens at `at`. */
  add(at: number, run: () => Promise<void>): void;
  /** Runs something `ms` later; whoever waits for the service waits for it too. */
  later(ms: number, run: () => Promise<void>): void;
  /** Resolves when all entries have happened, also those that entries add. */
  run(): Promise<void>;
  /** Lets `ms` pass with all that falls due in it. */
  pass(ms: number): Promise<void>;
}

/** Entries happen one after the other, in the order of their times, and each after all that the one before it began. */
export class QuietAgenda implements Agenda {
  #entries: Entry[] = [];
  readonly #underWay = new Set<Promise<void>>();
  constructor(readonly service: InProcess) {}

  now(): number {
    return this.service.time.now();
  }

  add(at: number, run: () => Promise<void>): void {
    this.#entries.push({ at, run });
    this.#entries.sort((a, b) => a.at - b.at); // stable: what was added first comes first
  }

  later(ms: number, run: () => Promise<void>): void {
    this.service.time.after(ms, () => {
      const promise = run().finally(() => this.#underWay.delete(promise));
      this.#underWay.add(promise);
    });
  }

  async run(): Promise<void> {
    for (let next = this.#entries.shift(); next !== undefined; next = this.#entries.shift()) {
      await this.pass(next.at - this.now());
      await next.run();
      await this.idle();
    }
  }

  async pass(ms: number): Promise<void> {
    await this.service.time.pass(Math.max(0, ms), () => this.idle());
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    await this.service.idle();
    while (this.#underWay.size > 0) {
      await Promise.all(this.#underWay);
      await this.service.idle();
    }
  }
}
