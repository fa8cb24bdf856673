import type { Agenda } from "../../model/agenda.ts";
import type { Scheduler } from "../scheduler.ts";

/** What happens when, beside all else that is under way: nothing waits for what came before it. */
export class LiveAgenda implements Agenda {
  #open = 0;
  #whenOver: { resolve: () => void; reject: (error: unknown) => void } | null = null;
  constructor(readonly scheduler: Scheduler) {}

  now(): number {
    return this.scheduler.time;
  }

  add(at: number, run: () => Promise<void>): void {
    this.#open++;
    this.scheduler.add(Math.max(0, at - this.now()), this.scheduler.world, "happens", () => {
      run().then(() => this.#end(), (error) => this.#whenOver?.reject(error));
    });
  }

  later(ms: number, run: () => Promise<void>): void {
    this.scheduler.add(ms, this.scheduler.world, "happens later", () => void run());
  }

  async run(): Promise<void> {
    this.#open++;
    const over = new Promise<void>((resolve, reject) => this.#whenOver = { resolve, reject });
    this.#end();
    await over;
  }

  pass(ms: number): Promise<void> {
    return new Promise((resolve) => void this.scheduler.add(ms, this.scheduler.world, "time passes", resolve));
  }

  #end(): void {
    this.#open--;
    if (this.#open === 0) this.#whenOver?.resolve();
  }
}
