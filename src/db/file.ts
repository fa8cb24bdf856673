import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate } from "node:timers";
import { fileURLToPath } from "node:url";
import { ConstraintError, type Database, DatabaseUnavailable, type Result, type Statement } from "./database.ts";
import { isBusy, storeError } from "./sqlite-error.ts";
import { Connection } from "./sqlite.ts";
import { type Batch, GroupQueue, GroupRefused, type Outcome, scanning } from "./writer.ts";

const MAX_PAUSE_MS = 50;

/** A batch writes some 15 to 40 pages. */
const BATCHES_PER_CHECKPOINT = 64;
const BATCHES_PER_LOG_RESTART = 256;
const CHECKPOINTS_IN_A_ROW = 4;

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
 * has checkpointing the log into the file, or whoever commits behind it would wait.
 */
interface Sides {
  writing: Connection | null;
  reading: Connection | null;
  checkpointing: Connection | null;
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
  readonly #sides: Sides = { writing: null, reading: null, checkpointing: null };
  /** Batches since the log was last copied, and since it began anew. */
  #batchesSinceCheckpoint = 0;
  #batchesInLog = 0;
  #checkpointing: Promise<void> | null = null;
  #restartLog = false;
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
    await this.#checkpointing;
    this.#closed = true;
    try {
      this.#disconnect("reading");
      this.#disconnect("checkpointing");
      this.#sides.writing?.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // Whoever reads on keeps the log; the next to open it goes on from there.
    }
    this.#disconnect("writing");
  }

  /** Runs `work`, again while another process holds the lock; `work` leaves nothing behind when it meets one. */
  async #whenFree<T>(work: () => T | Promise<T>): Promise<T> {
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
    await this.#checkpointAfterCommit(connection, group.length);
    return outcomes;
  }

  /**
   * Starts a background checkpoint after every `BATCHES_PER_CHECKPOINT` batches. When the log has grown long, the commit
   * that follows a background checkpoint runs one more itself: no commit can come between, so that the whole log is
   * copied. SQLite writes a log again from its start only when all of it has been copied.
   */
  async #checkpointAfterCommit(connection: Connection, batches: number): Promise<void> {
    this.#batchesSinceCheckpoint += batches;
    this.#batchesInLog += batches;
    if (this.#restartLog) {
      this.#restartLog = false;
      this.#batchesInLog = 0;
      await connection.checkpoint().catch(() => {});
    } else if (this.#batchesSinceCheckpoint >= BATCHES_PER_CHECKPOINT && this.#checkpointing === null) {
      this.#batchesSinceCheckpoint = 0;
      this.#checkpointing = this.#checkpointInBackground();
    }
  }

  /**
   * Checkpoints on a connection of its own, while commits go on. Several times in a row, because SQLite syncs the
   * database file only when no commit was written during the checkpoint.
   */
  async #checkpointInBackground(): Promise<void> {
    try {
      const connection = this.#connect("checkpointing");
      for (let n = 0; n < CHECKPOINTS_IN_A_ROW; n++) await connection.checkpoint();
      this.#restartLog = this.#batchesInLog >= BATCHES_PER_LOG_RESTART;
    } catch {
      this.#disconnect("checkpointing");
    }
    this.#checkpointing = null;
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
