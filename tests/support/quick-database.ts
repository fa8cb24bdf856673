import { setImmediate } from "node:timers";
import type { Database, Result, Statement } from "../../src/db/database.ts";
import { runBatch, runInSavepoint } from "../../src/db/run-batch.ts";
import { Connection } from "../../src/db/sqlite.ts";
import { storeError } from "../../src/db/sqlite-error.ts";
import { type Batch, GroupQueue, GroupRefused, type Outcome } from "../../src/db/writer.ts";

/** Nothing here is kept after the test, and nobody else opens the file. */
const PRAGMAS = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF";

/**
 * A SQLite file that waits for no disk and no other thread, for tests that play thousands of requests. It groups and orders
 * writes as the service's own does (`src/db/file.ts`); what differs is only what a power cut would leave.
 */
export class QuickDatabase implements Database {
  readonly #connection: Connection;
  readonly #writer = new GroupQueue({
    commit: (group) => Promise.resolve(this.#commit(group)),
    soon: (drain) => setImmediate(drain),
  });

  constructor(path: string) {
    this.#connection = new Connection(path);
    this.#connection.exec(PRAGMAS);
  }

  read(statements: readonly Statement[]): Promise<readonly Result[]> {
    return new Promise((resolve) => resolve(statements.map((statement) => this.#connection.query(statement))));
  }

  write(statements: readonly Statement[]): Promise<readonly Result[]> {
    return this.#writer.push(statements);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    this.#connection.close();
  }

  #commit(group: readonly Batch[]): readonly Outcome[] {
    const connection = this.#connection;
    try {
      connection.exec("BEGIN IMMEDIATE");
      const outcomes = group.map((batch) =>
        group.length === 1 ? runBatch(connection, batch) : runInSavepoint(connection, batch)
      );
      connection.exec("COMMIT");
      return outcomes;
    } catch (error) {
      if (connection.inTransaction) connection.exec("ROLLBACK");
      throw new GroupRefused(storeError(error, true));
    }
  }
}
