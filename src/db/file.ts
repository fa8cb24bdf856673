import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate } from "node:timers";
import { fileURLToPath } from "node:url";
import { ConstraintError, type Database, DatabaseUnavailable, type Result, type Statement } from "./database.ts";
import { isBusy, storeError } from "./sqlite-error.ts";
import { Checkpointer } from "./checkpointer.ts";
import { runBatch, runInSavepoint } from "./run-batch.ts";
import { Connection } from "./sqlite.ts";
import { type Batch, GroupQueue, GroupRefused, type Outcome, scanning } from "./writer.ts";

const MAX_PAUSE_MS = 50;

/**
 * Opens the database of a `file:` URL (`file:.data/malipo.db`, `file:///var/lib/malipo.db`) and makes its folder.
 * A commit is durable (WAL with synchronous=FULL). When another process holds a lock, a call waits up to `lockWaitMs`
 * (5 s), without blocking the event loop.
 * Errors: {@link DatabaseUnavailable} when the file can't be opened.
 */
export async function openFile(url: string, options: { readonly lockWaitMs?: number } = {}): Promise<Database> {
  const path = pathOf(url);
  const file = new FileDatabase(path, options.lockWaitMs ?? 5_000);
  try {
    mkdirSync(dirname(path), { recursive: true });
    makePrivate(path);
    await file.open();
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable(`The database ${path} can't be opened: ${(error as Error).message}`, true);
  }
  return file;
}

/** The modes of a database file and of the files beside it: only its user reads phones and credentials. SQLite copies the mode of the first. */
const PRIVATE = 0o600;
const BESIDE = ["-wal", "-shm"];

/** Makes a file, and those beside it, readable by its user only. Another user's files are left as they are: they can't be changed. */
function makePrivate(path: string): void {
  closeSync(openSync(path, "a", PRIVATE));
  for (const each of [path, ...BESIDE.map((suffix) => path + suffix)]) {
    try {
      chmodSync(each, PRIVATE);
    } catch {
      // it does not exist, or belongs to somebody else
    }
  }
}

/** The path that a `file:` URL names. */
export function pathOf(url: string): string {
  if (url.startsWith("file:/")) return fileURLToPath(url);
  return decodeURIComponent(url.slice("file:".length).replace(/[?#].*$/, ""));
}

/**
 * One connection each, opened when it is first needed. Reads have their own, so that they neither wait for a commit nor
 * see what is not committed.
 */
interface Connections {
  writing: Connection | null;
  reading: Connection | null;
  checkpointing: Connection | null;
}

class FileDatabase implements Database {
  readonly #path: string;
  readonly #lockWaitMs: number;
  readonly #writer = new GroupQueue({
    commit: (group) => this.#retryWhileLocked(() => this.#commit(group)),
    soon: (drain) => setImmediate(drain),
  });
  readonly #scanner = new GroupQueue({
    ...scanning,
    commit: async ([batch = []]) => [await this.#retryWhileLocked(() => this.#scan(batch))],
  });
  readonly #connections: Connections = { writing: null, reading: null, checkpointing: null };
  readonly #checkpointer = new Checkpointer(
    () => this.#connect("checkpointing"),
    () => this.#disconnect("checkpointing"),
  );
  #closed = false;

  constructor(path: string, lockWaitMs: number) {
    this.#path = path;
    this.#lockWaitMs = lockWaitMs;
  }

  async open(): Promise<void> {
    await this.#retryWhileLocked(() => this.#connect("writing"));
  }

  read(statements: readonly Statement[]): Promise<readonly Result[]> {
    return statements.some(isScan)
      ? this.#scanner.push(statements)
      : this.#retryWhileLocked(() => this.#read(statements));
  }

  write(statements: readonly Statement[]): Promise<readonly Result[]> {
    return this.#writer.push(statements);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#checkpointer.running;
    this.#closed = true;
    try {
      this.#disconnect("reading");
      this.#disconnect("checkpointing");
      this.#connections.writing?.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // A reader in another process keeps the log. The next process that opens the file reads it.
    }
    this.#disconnect("writing");
  }

  /** Runs `work`, and runs it again while another process holds a lock. `work` must change nothing when it meets a lock. */
  async #retryWhileLocked<T>(work: () => T | Promise<T>): Promise<T> {
    const deadline = Date.now() + this.#lockWaitMs;
    for (let pauseMs = 1;; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error)) throw storeError(error, true);
        if (Date.now() > deadline) throw new DatabaseUnavailable("Another process keeps the database locked.", true);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())));
    }
  }

  #connect(use: keyof Connections): Connection {
    if (this.#closed) throw closedError();
    return this.#connections[use] ??= new Connection(this.#path);
  }

  #disconnect(use: keyof Connections): void {
    this.#connections[use]?.close();
    this.#connections[use] = null;
  }

  #read(statements: readonly Statement[]): Result[] {
    const connection = this.#connect("reading");
    const isSingle = statements.length === 1;
    try {
      if (!isSingle) connection.exec("BEGIN");
      const results = statements.map((statement) => connection.query(statement));
      if (!isSingle) connection.exec("COMMIT");
      return results;
    } catch (error) {
      this.#disconnect("reading"); // in the addon, a statement that has failed does not take new arguments
      throw error;
    }
  }

  /** Opens a connection for each scan. `close()` does not wait for scans, because the addon can't end one early. */
  async #scan(statements: readonly Statement[]): Promise<Result[]> {
    if (this.#closed) throw closedError();
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
      outcomes = group.map((batch) =>
        group.length === 1 ? runBatch(connection, batch) : runInSavepoint(connection, batch)
      );
    } catch (error) {
      this.#rollBack(error);
      if (isBusy(error)) throw error;
      throw new GroupRefused(storeError(error, true));
    }
    try {
      await connection.commit();
    } catch (error) {
      this.#rollBack(error);
      if (isBusy(error)) throw error;
      const reason = storeError(error, false);
      throw reason instanceof ConstraintError ? new GroupRefused(reason) : reason;
    }
    await this.#checkpointer.afterCommit(connection, group.length);
    return outcomes;
  }

  // In the addon, a statement that met a lock stays unfinished: every later COMMIT would fail, and the statement would not
  // take new arguments. Other errors can have the same effect, so the connection is closed, except after a constraint.
  #rollBack(error: unknown): void {
    try {
      const connection = this.#connections.writing;
      if (connection?.inTransaction) connection.exec("ROLLBACK");
      if (!(storeError(error, true) instanceof ConstraintError)) this.#disconnect("writing");
    } catch {
      this.#disconnect("writing");
    }
  }
}

const isScan = ({ scan }: Statement): boolean => scan === true;
const closedError = (): DatabaseUnavailable => new DatabaseUnavailable("The database is closed.", true);
