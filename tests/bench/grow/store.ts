import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Database, Result, Statement } from "../../../src/db/database.ts";
import { pathOf } from "../../../src/db/file.ts";
import { openDatabase } from "../../../src/db/open.ts";
import { Connection } from "../../../src/db/sqlite.ts";

/** Few enough for one request to a server. */
const STATEMENTS = 400;
/** Rows of one table that go in by one statement: the addon takes longer to be called than SQLite to store a row. */
const ROWS = 20;
/** Fillings to one commit: pages of the indexes change again and again. */
const FILLS = 10;
const FILLING =
  "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -1500000";

/** A database that much can be put into at once. */
export interface Store extends Database {
  /** Stores rows that nothing else refers to yet; all are durable once the store is closed. */
  fill(statements: readonly Statement[]): Promise<void>;
}

/**
 * Opens a store. A server is filled by batches as always; a file without log, without waiting for the disk and without
 * looking for the rows that others refer to: triggers and every other rule stay. Closing makes it an ordinary database
 * again; one that was cut off before is good for nothing.
 */
export async function openStore(url: string, authToken?: string): Promise<Store> {
  if (url.startsWith("file:")) return new FileStore(pathOf(url));
  const db = await openDatabase(url, authToken);
  return {
    read: (statements) => db.read(statements),
    write: (statements) => db.write(statements),
    async fill(statements) {
      for (let i = 0; i < statements.length; i += STATEMENTS) await db.write(statements.slice(i, i + STATEMENTS));
    },
    close: () => db.close(),
  };
}

/** All by one connection: the addon holds others' locks until they are collected as garbage. */
class FileStore implements Store {
  readonly #connection: Connection;
  #fills = 0;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#connection = new Connection(path);
  }

  read(statements: readonly Statement[]): Promise<readonly Result[]> {
    return Promise.resolve(statements.map((statement) => this.#connection.query(statement)));
  }

  write(statements: readonly Statement[]): Promise<readonly Result[]> {
    this.#connection.exec("BEGIN IMMEDIATE");
    const results = statements.map((statement) => this.#connection.run(statement));
    this.#connection.exec("COMMIT");
    return Promise.resolve(results);
  }

  fill(statements: readonly Statement[]): Promise<void> {
    if (this.#fills === 0) this.#connection.exec(FILLING);
    if (!this.#connection.inTransaction) this.#connection.exec("BEGIN IMMEDIATE");
    for (const statement of together(statements)) this.#connection.run(statement);
    if (++this.#fills % FILLS === 0) this.#connection.exec("COMMIT");
    return Promise.resolve();
  }

  close(): Promise<void> {
    if (this.#connection.inTransaction) this.#connection.exec("COMMIT");
    this.#connection.exec("PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL");
    this.#connection.close();
    return Promise.resolve();
  }
}

/** The same by fewer statements: rows of one table side by side, tables in the order that they come up in. */
function* together(statements: readonly Statement[]): Iterable<Statement> {
  for (const [sql, same] of Map.groupBy(statements, ({ sql }) => sql)) {
    const row = /^INSERT INTO \w+ \([\w, ]+\) VALUES (\([?, ]+\))$/.exec(sql)?.[1];
    if (row === undefined) {
      yield* same;
      continue;
    }
    for (let i = 0; i < same.length; i += ROWS) {
      const rows = same.slice(i, i + ROWS);
      yield { sql: sql + `, ${row}`.repeat(rows.length - 1), args: rows.flatMap(({ args }) => args) };
    }
  }
}
