/** An append-only list that keeps its last `keep` entries. */
export class RecentList<T> {
  #entries: T[] = [];

  constructor(private readonly keep: number) {}

  add(entry: T): void {
    this.#entries.push(entry);
    // Removing many entries at once keeps the average cost of an append constant.
    if (this.#entries.length > this.keep * 1.25 + 16) this.#entries = this.#entries.slice(-this.keep);
  }

  /** The kept entries, oldest first. */
  list(): readonly T[] {
    return this.#entries.length > this.keep ? this.#entries.slice(-this.keep) : this.#entries;
  }
}

/** A map that removes its oldest entry when it has more than `keep`. */
export class RecentMap<V> {
  readonly #entries = new Map<string, V>();

  constructor(private readonly keep: number) {}

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.keep) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}
