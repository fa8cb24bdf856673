import type { Database } from "../../src/db/database.ts";

/** Work that reads and writes by the database that it is given. */
export type Work = (db: Database) => Promise<unknown>;

/** Lets one of several works go on by one read or write. */
class Turns {
  readonly #waiting = new Map<number, () => void>();
  #running: number;
  #changed = Promise.withResolvers<void>();

  constructor(works: number) {
    this.#running = works;
  }

  /** A database whose every read and write waits for the turn of the work `index`. */
  gate(db: Database, index: number): Database {
    const turn = () =>
      new Promise<void>((resolve) => {
        this.#waiting.set(index, resolve);
        this.#tell();
      });
    return {
      read: async (statements) => (await turn(), await db.read(statements)),
      write: async (statements) => (await turn(), await db.write(statements)),
      close: () => db.close(),
    };
  }

  ended(): void {
    this.#running--;
    this.#tell();
  }

  /** Lets works go on until all have ended: `choose` takes one of those that wait, by its place among them. */
  async run(choose: (among: number) => number): Promise<void> {
    while (this.#running > 0) {
      while (this.#waiting.size < this.#running) {
        await this.#changed.promise;
        this.#changed = Promise.withResolvers();
      }
      const [...indexes] = this.#waiting.keys();
      const index = indexes.toSorted((a, b) => a - b)[indexes.length === 0 ? 0 : choose(indexes.length)];
      const go = index === undefined ? undefined : this.#waiting.get(index);
      if (index === undefined || go === undefined) continue;
      this.#waiting.delete(index);
      go();
    }
  }

  #tell(): void {
    this.#changed.resolve();
  }
}

async function runBy(db: Database, works: readonly Work[], choose: (among: number) => number): Promise<void> {
  const turns = new Turns(works.length);
  const all = Promise.allSettled(
    works.map(async (work, index) => {
      try {
        await work(turns.gate(db, index));
      } finally {
        turns.ended();
      }
    }),
  );
  await turns.run(choose);
  const failed = (await all).find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/**
 * Runs works at once, again and again, until their reads and writes have met in every order. `test` makes a new world,
 * passes its works to `atOnce`, and looks at what came of them. Gives how many orders there were.
 */
export async function inEveryOrder(
  db: Database,
  test: (atOnce: (...works: readonly Work[]) => Promise<void>, order: string) => Promise<void>,
  most = 1_000,
): Promise<number> {
  let next: number[] | undefined = [];
  let orders = 0;
  for (; next !== undefined; orders++) {
    if (orders === most) throw new Error(`there are more than ${most} orders`);
    const planned: readonly number[] = next;
    const taken: number[] = [];
    const among: number[] = [];
    const choose = (of: number): number => {
      const choice = planned[taken.length] ?? 0;
      taken.push(choice);
      among.push(of);
      return choice;
    };
    await test((...works) => runBy(db, works, choose), `order ${planned.join("")}`);
    const last = taken.findLastIndex((choice, i) => choice + 1 < (among[i] ?? 0));
    next = last === -1 ? undefined : [...taken.slice(0, last), (taken[last] ?? 0) + 1];
  }
  return orders;
}
