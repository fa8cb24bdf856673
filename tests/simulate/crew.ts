import type { Outcome } from "./run.ts";
import type { Hunt } from "./sabotage/hunt.ts";
import type { Report, Task } from "./worker.ts";

/** How seeds are run: for so many days, beside another release. */
export type How = Pick<Task & { kind: "seed" }, "days" | "beside">;

/** Several isolates that run seeds and hunt planted bugs at once. A seed is one history, whoever runs it. */
export class Crew {
  readonly #workers: readonly Worker[];

  constructor(size: number) {
    this.#workers = Array.from(
      { length: size },
      () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
    );
  }

  /** Runs seeds; `each` hears of every one, in the order of their ends. Errors: when a worker fails. */
  async seeds(seeds: Iterable<number>, how: How, each: (outcome: Outcome) => void): Promise<void> {
    await this.#all(map(seeds, (seed) => ({ kind: "seed", seed, ...how })), (report) => {
      if (report.kind === "seed") each(report.outcome);
    });
  }

  /** Hunts planted bugs, with the seeds that showed them last where `startsLikely`. Errors: when a worker fails. */
  async hunts(names: Iterable<string>, startsLikely: boolean, each: (found: Hunt) => void): Promise<void> {
    await this.#all(map(names, (name) => ({ kind: "hunt", name, startsLikely })), (report) => {
      if (report.kind === "hunt") each(report.found);
    });
  }

  /** Ends the workers, and what they have started. */
  async end(): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => {
      await ask(worker, null);
      worker.terminate();
    }));
  }

  async #all(tasks: IterableIterator<Task>, each: (report: Report) => void): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => {
      for (const task of tasks) each(await ask(worker, task)); // one iterator: each task goes to one worker
    }));
  }
}

function* map<T>(all: Iterable<T>, task: (value: T) => Task): Generator<Task> {
  for (const each of all) yield task(each);
}

async function ask(worker: Worker, task: Task | null): Promise<Report> {
  const report = await new Promise<Report>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Report>) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(task);
  });
  if (report.kind === "error") throw new Error(report.error);
  return report;
}
