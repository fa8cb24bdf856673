import type { Database, Result, Statement } from "../db/database.ts";

const MOST = 250;
const LINGER_MS = 20; // a commit costs far more than a statement

interface Waiting {
  readonly statements: readonly Statement[];
  readonly resolve: (results: readonly Result[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes small batches that stand alone as one: those that come while another is under way share the next. One that
 * fails is none of the others' business, so then each is written by itself.
 */
export class Batcher {
  #waiting: Waiting[] = [];
  #writing = false;
  constructor(readonly db: Database) {}

  /** Resolves when the statements are stored. */
  write(statements: readonly Statement[]): Promise<readonly Result[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ statements, resolve, reject });
      if (!this.#writing) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
      await this.#together(this.#waiting.splice(0, MOST));
    }
    this.#writing = false;
  }

  async #together(group: readonly Waiting[]): Promise<void> {
    try {
      const results = [...await this.db.write(group.flatMap(({ statements }) => statements))];
      for (const { statements, resolve } of group) resolve(results.splice(0, statements.length));
    } catch (error) {
      if (group.length === 1) return group[0]?.reject(error);
      for (const one of group) await this.#together([one]);
    }
  }
}
