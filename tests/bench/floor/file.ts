// @ts-types="../../../src/db/libsql-addon.d.ts"
import Libsql, { type AddonStatement } from "libsql";
// @ts-types="../../../src/db/libsql-addon-async.d.ts"
import AsyncLibsql from "libsql/promise";
import type { Statement } from "../../../src/db/database.ts";
import type { Row, Store } from "./store.ts";

/** Durable at each commit and with as much cache as the product's; the log is copied once it has 4,000 pages. */
const settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; " +
  "PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -8192";

/** A connection whose statements are prepared once. */
class Connection {
  readonly addon: Libsql;
  readonly #prepared = new Map<string, AddonStatement>();

  constructor(path: string) {
    this.addon = new Libsql(path, { timeout: 5_000 });
    this.addon.exec(settings);
  }

  prepare(sql: string): AddonStatement {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.addon.prepare(sql);
    this.#prepared.set(sql, statement.reader ? statement.raw() : statement);
    return statement;
  }

  // numbers go as they are: where SQLite is given 5.0 for an INTEGER column it stores 5
  run({ sql, args }: Statement): void {
    this.prepare(sql).run(args as number[]);
  }

  rows({ sql, args, one }: Statement): readonly Row[] {
    if (one !== true) return this.prepare(sql).all(args as number[]);
    const row = this.prepare(sql).get(args as number[]);
    return row === undefined ? [] : [row];
  }
}

/**
 * A file by the native addon. A commit waits for the disk on the addon's thread, as the product's do: waited for here it
 * would hold up whatever else could be served, and the floor would be lower than it is. Each commit is of one batch,
 * and the next begins when it has ended. Reads have a connection of their own.
 */
export function openFile(path: string): Store {
  const [writing, reading] = [new Connection(path), new Connection(path)];
  let last: Promise<void> = Promise.resolve();
  const commit = async (statements: readonly Statement[]): Promise<void> => {
    const { addon } = writing;
    addon.exec("BEGIN IMMEDIATE");
    try {
      for (const statement of statements) writing.run(statement);
      await AsyncLibsql.prototype.exec.call(addon, "COMMIT");
    } catch (error) {
      if (addon.inTransaction) addon.exec("ROLLBACK");
      throw error;
    }
  };
  return {
    read(statements) {
      if (statements.length === 1) return Promise.resolve(statements.map((statement) => reading.rows(statement)));
      reading.addon.exec("BEGIN");
      const rows = statements.map((statement) => reading.rows(statement));
      reading.addon.exec("COMMIT");
      return Promise.resolve(rows);
    },
    commit(statements) {
      const mine = last.then(() => commit(statements));
      last = mine.catch(() => {});
      return mine;
    },
    close() {
      writing.addon.close();
      reading.addon.close();
    },
  };
}
