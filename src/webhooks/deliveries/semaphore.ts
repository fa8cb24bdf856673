/** How many may do something at once, first come first served. */
export class Slots {
  #free: number;
  #closed = false;
  readonly #waiting: ((got: boolean) => void)[] = [];
  constructor(most: number) {
    this.#free = most;
  }

  /** Resolves when it is one's turn; false when there will be none. */
  take(): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    if (this.#free === 0) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#free--;
    return Promise.resolve(true);
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next(true);
  }

  /** Sends away those who wait, and whoever comes. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting(false);
  }
}
