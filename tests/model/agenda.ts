import type { InProcess } from "../support/in-process.ts";

interface Entry {
  readonly at: number;
  readonly run: () => Promise<void>;
}

/** What happens when, on the service's virtual time. Entries of one moment run one after the other, as they were added. */
export class Agenda {
  #entries: Entry[] = [];
  readonly #underWay = new Set<Promise<void>>();
  constructor(readonly service: InProcess) {}

  /** Adds something that happens at `at` (ms). */
  add(at: number, run: () => Promise<void>): void {
    this.#entries.push({ at, run });
    this.#entries.sort((a, b) => a.at - b.at); // stable: what was added first comes first
  }

  /** Runs something `ms` later on the service's own timers; waiting for the service waits for it. */
  later(ms: number, run: () => Promise<void>): void {
    this.service.time.after(ms, () => {
      const promise = run().finally(() => this.#underWay.delete(promise));
      this.#underWay.add(promise);
    });
  }

  /** Runs all entries, also those that entries add. */
  async run(): Promise<void> {
    for (let next = this.#entries.shift(); next !== undefined; next = this.#entries.shift()) {
      await this.pass(next.at - this.service.time.now());
      await next.run();
      await this.idle();
    }
  }

  /** Lets `ms` pass with all that falls due in it. */
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
