import type { Database, Result, Statement } from "../../../src/db/database.ts";
import type { Batch, Outcome } from "../../../src/db/writer.ts";
import type { Faults } from "../faults.ts";
import type { Owner, Scheduler } from "../scheduler.ts";
import type * as Release from "./release.ts";

/** The one database of all processes: a real SQLite file that one connection opens, one batch at a time. */
export interface Store {
  connection: Release.Connection;
  /** Copies all that is stored at this moment. */
  backUp: () => void;
  /** Puts the copy in the place of what is stored; false: there is none. */
  restore: () => boolean;
  /** The names of the migrations that it has. */
  readonly migrations: readonly string[];
  /** Until then (true ms) it refuses everything. */
  downUntil: number;
  wentDown: () => void;
}

const DOWN_MS = 20_000;

/** The database as one process sees it: calls take time, and their answers come when the scheduler says so. */
export function createDatabase(
  release: typeof Release,
  store: Store,
  scheduler: Scheduler,
  owner: Owner,
  faults: Faults,
): Database {
  const { random } = scheduler.world;
  const refusal = (unapplied: boolean) => new release.DatabaseUnavailable("The database is not there.", unapplied);

  function latency(): number {
    if (faults.now("db_slow")) return 500 + random.below(6_000);
    return random.pick([0, 0, 0, 0, 1, 1, 2, 5]);
  }

  function refuses(): boolean {
    if (faults.now("db_down")) {
      store.downUntil = scheduler.time + random.below(DOWN_MS);
      store.wentDown();
    }
    return faults.isActive && (scheduler.time < store.downUntil || faults.now("db_refuses"));
  }

  /** Does something at the database, and answers later. What has begun may take effect though its process has died. */
  function call<T>(what: string, work: () => T, mayLoseAnswer: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const answer = (deliver: () => void, how: string) => scheduler.add(latency(), owner, `${what} ${how}`, deliver);
      scheduler.add(latency(), scheduler.world, `${owner.name} ${what}`, () => {
        if (refuses()) return void answer(() => reject(refusal(true)), "refused");
        try {
          const value = work();
          if (mayLoseAnswer && faults.now("db_answer_lost")) {
            return void answer(() => reject(refusal(false)), "answer lost");
          }
          answer(() => resolve(value), "done");
        } catch (error) {
          answer(() => reject(error), `failed ${error instanceof Error ? error.message : ""}`);
        }
      });
    });
  }

  const writer = new release.GroupQueue({
    commit: (group) => call(`commit ${group.map(nameOf).join(" + ")}`, () => commit(release, store, group), true),
    soon: (drain) => void scheduler.add(0, owner, "group", drain),
  });
  return {
    read(statements) {
      const read = () => {
        if (refuses()) throw refusal(true);
        return statements.map((statement) => store.connection.query(statement));
      };
      // What was read may be old by the time that it is looked at.
      if (random.chance(1 / 4)) return call(`read ${nameOf(statements)}`, read, false);
      return new Promise((resolve, reject) => {
        scheduler.add(latency(), owner, `read ${nameOf(statements)}`, () => {
          try {
            resolve(read());
          } catch (error) {
            reject(error);
          }
        });
      });
    },
    write: (statements) => writer.push(statements),
    close: () => Promise.resolve(),
  };
}

/** What a batch is about, for people: the first words of its statements. */
function nameOf(batch: Batch): string {
  const words = batch.map(({ sql }) => /(?:INTO|UPDATE|DELETE FROM|FROM) (\w+)/.exec(sql)?.[1] ?? "?");
  return [...new Set(words)].slice(0, 4).join(",");
}

function commit(release: typeof Release, { connection }: Store, group: readonly Batch[]): readonly Outcome[] {
  connection.exec("BEGIN IMMEDIATE");
  try {
    const outcomes = group.map((batch): readonly Result[] | Error =>
      group.length === 1 ? release.runBatch(connection, batch) : release.runInSavepoint(connection, batch)
    );
    connection.exec("COMMIT");
    return outcomes;
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw new release.GroupRefused(release.storeError(error, true));
  }
}

export type { Statement };
