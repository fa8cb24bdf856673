import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate } from "node:timers";
import { fileURLToPath } from "node:url";
import { ConstraintError, type Database, DatabaseUnavailable, type Result, type Statement } from "./database.ts";
import { isBusy, storeError } from "./sqlite-error.ts";
import { Connection } from "./sqlite.ts";
import { type Batch, GroupQueue, GroupRefused, type Outcome, scanning } from "./writer.ts";

const longestPauseMs = 50;

/** A batch writes some 15 to 40 pages. */
const batchesBetweenCopies = 64;
const batchesBetweenRestarts = 256;
const copiesInARow = 4;

/**
 * Opens the database of a `file:` URL (`file:.data/malipo.db`, `file:///var/lib/malipo.db`) and makes its folder.
 * Durable: WAL with synchronous=FULL. A lock of another process is waited for up to
 * `lockWaitMs` (5 s) without blocking the event loop.
 * Errors: {@link DatabaseUnavailable} when the file can't be opened.
 */
export async function openFile(url: string, options: { readonly lockWaitMs?: number } = {}): Promise<Database> {
  const path = pathOf(url);
  const file = new FileDatabase(path, options.lockWaitMs ?? 5_000);
  try {
    mkdirSync(dirname(path), { recursive: true });
    await file.open();
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable(`The database ${path} can't be opened: ${(error as Error).message}`, true);
  }
  return file;
}

/** The path that a `file:` URL names. */
export function pathOf(url: string): string {
  if (url.startsWith("file:/")) return fileURLToPath(url);
  return decodeURIComponent(url.slice("file:".length).replace(/[?#].*$/, ""));
}

/**
 * Reads have a connection of their own, so that they neither wait for a commit nor see what is not committed; and so
 * has copying the log into the file, or whoever commits behind it would wait.
 */
interface Sides {
  writing: Connection | null;
  reading: Connection | null;
  copying: Connection | null;
}

class FileDatabase implements Database {
  readonly #path: string;
  readonly #lockWaitMs: number;
  readonly #writer = new GroupQueue({
    commit: (group) => this.#whenFree(() => this.#commit(group)),
    soon: (drain) => setImmediate(drain),
  });
  readonly #scanner = new GroupQueue({
    ...scanning,
    commit: async ([batch = []]) => [await this.#whenFree(() => this.#scan(batch))],
  });
  readonly #sides: Sides = { writing: null, reading: null, copying: null };
  /** Batches since the log was last copied, and since it began anew. */
  #uncopied = 0;
  #logged = 0;
  #copied: Promise<void> | null = null;
  #restart = false;
  #closed = false;

  constructor(path: string, lockWaitMs: number) {
    this.#path = path;
    this.#lockWaitMs = lockWaitMs;
  }

  async open(): Promise<void> {
    await this.#whenFree(() => this.#connect("writing"));
  }

  read(statements: readonly Statement[]): Promise<readonly Result[]> {
    return statements.some(isScan) ? this.#scanner.push(statements) : this.#whenFree(() => this.#read(statements));
  }

  write(statements: readonly Statement[]): Promise<readonly Result[]> {
    return this.#writer.push(statements);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#copied;
    this.#closed = true;
    try {
      this.#disconnect("reading");
      this.#disconnect("copying");
      this.#sides.writing?.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // Whoever reads on keeps the log; the next to open it goes on from there.
    }
    this.#disconnect("writing");
  }

  /** Runs `work`, again while another process holds the lock; `work` leaves nothing behind when it meets one. */
  async #whenFree<T>(work: () => T | Promise<T>): Promise<T> {
    const deadline = Date.now() + this.#lockWaitMs;
    for (let pauseMs = 1;; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error)) throw storeError(error, true);
        if (Date.now() > deadline) throw new DatabaseUnavailable("Another process keeps the database locked.", true);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())));
    }
  }

  #connect(side: keyof Sides): Connection {
    if (this.#closed) throw closed();
    return this.#sides[side] ??= new Connection(this.#path);
  }

  #disconnect(side: keyof Sides): void {
    this.#sides[side]?.close();
    this.#sides[side] = null;
  }

  #read(statements: readonly Statement[]): Result[] {
    const connection = this.#connect("reading");
    const alone = statements.length === 1;
    try {
      if (!alone) connection.exec("BEGIN");
      const results = statements.map((statement) => connection.query(statement));
      if (!alone) connection.exec("COMMIT");
      return results;
    } catch (error) {
      this.#disconnect("reading"); // a statement that failed would not take its next arguments
      throw error;
    }
  }

  /** Each on a connection of its own, which lives as long. Closing waits for none: the addon can't end one early. */
  async #scan(statements: readonly Statement[]): Promise<Result[]> {
    if (this.#closed) throw closed();
    const connection = new Connection(this.#path);
    try {
      return await connection.scan(statements);
    } finally {
      connection.close();
    }
  }

  async #commit(group: readonly Batch[]): Promise<readonly Outcome[]> {
    const connection = this.#connect("writing");
    connection.exec("BEGIN IMMEDIATE");
    let outcomes: readonly Outcome[];
    try {
      outcomes = group.map((batch) => group.length === 1 ? runAll(connection, batch) : runMember(connection, batch));
    } catch (error) {
      this.#abandon(error);
      if (isBusy(error)) throw error;
      throw new GroupRefused(storeError(error, true));
    }
    try {
      await connection.commit();
    } catch (error) {
      this.#abandon(error);
      if (isBusy(error)) throw error;
      const reason = storeError(error, false);
      throw reason instanceof ConstraintError ? new GroupRefused(reason) : reason;
    }
    await this.#keepLogShort(connection, group.length);
    return outcomes;
  }

  /**
   * Has the log copied into the file beside the commits, and now and then, right after that, copies the little that came
   * meanwhile before the next commit: only a log that is copied whole is written anew from its start.
   */
  async #keepLogShort(connection: Connection, batches: number): Promise<void> {
    this.#uncopied += batches;
    this.#logged += batches;
    if (this.#restart) {
      this.#restart = false;
      this.#logged = 0;
      await connection.copyLog().catch(() => {});
    } else if (this.#uncopied >= batchesBetweenCopies && this.#copied === null) {
      this.#uncopied = 0;
      this.#copied = this.#copyLog();
    }
  }

  /** Several times in a row: SQLite has the disk keep what was copied only when nobody wrote in the meantime. */
  async #copyLog(): Promise<void> {
    try {
      const connection = this.#connect("copying");
      for (let n = 0; n < copiesInARow; n++) await connection.copyLog();
      this.#restart = this.#logged >= batchesBetweenRestarts;
    } catch {
      this.#disconnect("copying");
    }
    this.#copied = null;
  }

  // A statement that met a lock stays unfinished inside the addon: it would fail every later COMMIT, and not take its next
  // arguments. So may others that failed, but for those that a rule of the schema refused.
  #abandon(error: unknown): void {
    try {
      const connection = this.#sides.writing;
      if (connection?.inTransaction) connection.exec("ROLLBACK");
      if (!(storeError(error, true) instanceof ConstraintError)) this.#disconnect("writing");
    } catch {
      this.#disconnect("writing");
    }
  }
}

const isScan = ({ scan }: Statement): boolean => scan === true;
const closed = (): DatabaseUnavailable => new DatabaseUnavailable("The store is closed.", true);

// A plain loop in one function: nothing may come between an UPDATE and the guard that reads changes().
function runAll(connection: Connection, batch: Batch): Result[] {
  return batch.map((statement) => connection.run(statement));
}

/** Runs one batch of a group; its failure undoes only its own. Rejects when the whole transaction is lost. */
function runMember(connection: Connection, batch: Batch): Outcome {
  connection.exec("SAVEPOINT member");
  try {
    const results = runAll(connection, batch);
    connection.exec("RELEASE member");
    return results;
  } catch (error) {
    if (isBusy(error) || !connection.inTransaction) throw error;
    connection.exec("ROLLBACK TO member");
    connection.exec("RELEASE member");
    return storeError(error, true);
  }
}
