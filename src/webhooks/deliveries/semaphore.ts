/** Limits how many tasks run at once. Tasks that wait get their turn in the order in which they came. */
export class Semaphore {
  #free: number;
  #isClosed = false;
  readonly #waiting: ((acquired: boolean) => void)[] = [];
  constructor(permits: number) {
    this.#free = permits;
  }

  /** Resolves to true when the caller may go on, and to false when the semaphore is closed. */
  acquire(): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    if (this.#free === 0) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#free--;
    return Promise.resolve(true);
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next(true);
  }

  /** Refuses those who wait and all who come later. */
  close(): void {
    this.#isClosed = true;
    for (const refuse of this.#waiting.splice(0)) refuse(false);
  }
}
