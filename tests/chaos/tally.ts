/** What was done to the product, by kind. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** How often one of these kinds was done. */
  of(...kinds: readonly string[]): number {
    return kinds.reduce((sum, kind) => sum + (this.#counts.get(kind) ?? 0), 0);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get kinds(): number {
    return this.#counts.size;
  }

  /** The most frequent first. */
  list(): readonly (readonly [kind: string, count: number])[] {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Says how far the run is, where somebody watches. */
export const progress = (text: string): void => {
  if (Deno.env.get("CHAOS_PROGRESS")) console.error(`${new Date().toISOString()} ${text}`);
};
