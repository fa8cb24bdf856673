// @ts-types="./libsql-addon.d.ts"
import Libsql, { type AddonStatement } from "libsql";
// @ts-types="./libsql-addon-async.d.ts"
import AsyncLibsql from "libsql/promise";
import { LRUCache } from "lru-cache";
import { bindAll, type Bound } from "./bind.ts";
import type { Result, Statement, Value } from "./database.ts";

interface Prepared {
  readonly statement: AddonStatement;
  readonly reader: boolean;
  /** It has a RETURNING clause. */
  readonly returning: boolean;
  /** The number of its `?`; null when they are numbered. */
  readonly marks: number | null;
}

/**
 * The owner of a file calls {@link Connection.checkpoint} often. SQLite's own checkpoint, which would delay a commit,
 * runs only when the log grows past 20,000 pages all the same. A connection caches 8 MiB of pages.
 */
const PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; " +
  "PRAGMA wal_autocheckpoint = 20000; PRAGMA cache_size = -8192";
const MAX_PREPARED = 256;

/**
 * One connection to a database file. Calls without a promise block the event loop while SQLite works. A call that meets
 * the lock of another connection fails at once.
 */
export class Connection {
  readonly #addon: Libsql;
  readonly #prepared = new LRUCache<string, Prepared>({ max: MAX_PREPARED });
  /** Separate, because the addon's `get()` returns rows of the previous arguments after an `all()` of the same statement. */
  readonly #preparedForOne = new LRUCache<string, Prepared>({ max: MAX_PREPARED });

  /** Errors: those of the addon, such as SQLITE_BUSY while another process changes the journal mode. */
  constructor(path: string) {
    this.#addon = new Libsql(path, { timeout: 0 });
    try {
      this.#addon.exec(PRAGMAS);
    } catch (error) {
      this.#addon.close();
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#addon.inTransaction;
  }

  /** Runs a statement of transaction control. */
  exec(sql: string): void {
    this.#addon.exec(sql);
  }

  /**
   * Commits on a thread of the addon. Writing the pages and waiting for the disk is most of the time of a write, and the
   * event loop is free meanwhile. The connection must not be used before the promise resolves.
   */
  commit(): Promise<void> {
    return AsyncLibsql.prototype.exec.call(this.#addon, "COMMIT");
  }

  /**
   * Copies the write-ahead log into the database file, on a thread of the addon. Passive: it copies as much as readers
   * and writers allow, and waits for none of them.
   */
  checkpoint(): Promise<void> {
    return AsyncLibsql.prototype.exec.call(this.#addon, "PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** Runs a statement that may write. */
  run(statement: Statement): Result {
    const prepared = this.#prepare(statement);
    const args = bindAll(statement.args);
    if (!prepared.reader) return { rows: [], changes: prepared.statement.run(args).changes };
    const rows = prepared.statement.all(args).map(plain);
    return { rows, changes: prepared.returning ? rows.length : 0 };
  }

  /** Runs a statement that only reads; after an error, close the connection. Errors: TypeError when it would write. */
  query(statement: Statement): Result {
    const one = statement.one === true;
    const prepared = this.#prepare(statement, one ? this.#preparedForOne : this.#prepared);
    if (!prepared.reader || prepared.returning) throw new TypeError("A statement of a read would write.");
    const args = bindAll(statement.args);
    if (!one) return { rows: prepared.statement.all(args).map(plain), changes: 0 };
    const row = prepared.statement.get(args); // takes half the time of all()
    return { rows: row === undefined ? [] : [plain(row)], changes: 0 };
  }

  /**
   * Runs long statements in one snapshot, on a thread of the addon. That thread can't return rows, so it puts them into
   * temporary tables. The connection must not be used before the promise resolves.
   */
  async scan(statements: readonly Statement[]): Promise<Result[]> {
    const answers = statements.map((statement, i) => `CREATE TEMP TABLE answer_${i} AS ${withLiterals(statement)};`);
    await AsyncLibsql.prototype.exec.call(this.#addon, `BEGIN; ${answers.join(" ")} COMMIT`);
    return answers.map((_, i) => this.query({ sql: `SELECT * FROM answer_${i}`, args: [] }));
  }

  close(): void {
    this.#prepared.clear();
    this.#preparedForOne.clear();
    this.#addon.close();
  }

  #prepare({ sql, args }: Statement, kept = this.#prepared): Prepared {
    let prepared = kept.get(sql);
    if (prepared === undefined) {
      const statement = this.#addon.prepare(sql);
      const reader = statement.reader;
      if (reader) statement.raw();
      prepared = { statement, reader, returning: reader && returns(sql), marks: countMarks(sql) };
      kept.set(sql, prepared);
    }
    if (prepared.marks !== null && prepared.marks !== args.length) {
      throw new TypeError(`A statement with ${prepared.marks} marks was given ${args.length} arguments.`);
    }
    return prepared;
  }
}

const withoutLiterals = (sql: string): string => sql.replace(/'[^']*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\//g, " ");

function returns(sql: string): boolean {
  return /\bRETURNING\b/i.test(withoutLiterals(sql));
}

// The addon binds NULL for a missing argument, which would hide a mistake.
function countMarks(sql: string): number | null {
  const marks = withoutLiterals(sql).match(/\?\d*|[:@$]\w+/g) ?? [];
  return marks.every((mark) => mark === "?") ? marks.length : null;
}

/** The SQL with the arguments written into it. It must have no `?` but those of the arguments. */
function withLiterals({ sql, args }: Statement): string {
  const literals = bindAll(args).map(literal);
  let next = 0;
  return sql.replace(/\?(\d*)/g, (mark, number) => {
    const found = literals[number === "" ? next++ : Number(number) - 1];
    if (found === undefined) throw new TypeError(`The mark ${mark} of a statement has no argument.`);
    return found;
  });
}

function literal(value: Bound): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (value instanceof Uint8Array) return `x'${value.toHex()}'`;
  return `(${value ?? "NULL"})`; // in parentheses, because `-` and a negative number would begin a comment
}

// The addon returns blobs as Node's Buffer.
function plain(row: Value[]): Value[] {
  for (let i = 0; i < row.length; i++) {
    const value = row[i];
    if (value instanceof Uint8Array) row[i] = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return row;
}
