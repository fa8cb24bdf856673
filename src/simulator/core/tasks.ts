/** Runs a function after `ms` and returns a function that cancels it. */
export type Timer = (ms: number, run: () => void) => () => void;

/** Work that continues after its request was answered: timers and what they start. `close()` ends all of it. */
export class Tasks {
  readonly #cancels = new Set<() => void>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(private readonly timer: Timer = realTimer) {}

  /** Runs `work` after `ms` and returns a function that cancels it. Errors are ignored: no caller waits for the work. */
  after(ms: number, work: () => Promise<void> | void): () => void {
    if (this.#closed) return () => {};
    const stop = this.timer(ms, () => {
      this.#cancels.delete(cancel);
      this.run(work);
    });
    const cancel = () => {
      this.#cancels.delete(cancel);
      stop();
    };
    this.#cancels.add(cancel);
    return cancel;
  }

  /** Starts `work` now, without waiting for it. */
  run(work: () => Promise<void> | void): void {
    if (this.#closed) return;
    const promise: Promise<void> = Promise.resolve().then(work).catch(() => {}).finally(() => {
      this.#running.delete(promise);
    });
    this.#running.add(promise);
  }

  /** Resolves when nothing runs. Timers may still start work later. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled([...this.#running]);
  }

  /** Cancels the timers, and resolves when the running work has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of [...this.#cancels]) cancel();
    await this.idle();
  }
}

function realTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
