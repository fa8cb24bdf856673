import type { Connection } from "./sqlite.ts";

/** A batch writes about 15 to 40 pages. */
const BATCHES_PER_CHECKPOINT = 64;
const BATCHES_PER_LOG_RESTART = 256;
const CHECKPOINTS_IN_A_ROW = 4;

/**
 * Copies the write-ahead log into the database file while commits go on, so that no commit has to do it. `connect` opens
 * a connection for this alone: on the writing one, each commit would wait for the copy.
 */
export class Checkpointer {
  #batchesSinceCheckpoint = 0;
  #batchesInLog = 0;
  #running: Promise<void> | null = null;
  #restartLog = false;

  constructor(readonly connect: () => Connection, readonly disconnect: () => void) {}

  /** The checkpoint that runs now, or null. It never rejects. */
  get running(): Promise<void> | null {
    return this.#running;
  }

  /**
   * Starts a background checkpoint after every `BATCHES_PER_CHECKPOINT` batches. When the log has grown long, the commit
   * that follows a background checkpoint runs one more itself, on `writing`: no other commit can come between, so that
   * the whole log is copied. SQLite writes a log again from its start only when all of it has been copied.
   */
  async afterCommit(writing: Connection, batches: number): Promise<void> {
    this.#batchesSinceCheckpoint += batches;
    this.#batchesInLog += batches;
    if (this.#restartLog) {
      this.#restartLog = false;
      this.#batchesInLog = 0;
      await writing.checkpoint().catch(() => {});
    } else if (this.#batchesSinceCheckpoint >= BATCHES_PER_CHECKPOINT && this.#running === null) {
      this.#batchesSinceCheckpoint = 0;
      this.#running = this.#checkpoint();
    }
  }

  /** Several times in a row, because SQLite syncs the database file only when no commit was written meanwhile. */
  async #checkpoint(): Promise<void> {
    try {
      const connection = this.connect();
      for (let n = 0; n < CHECKPOINTS_IN_A_ROW; n++) await connection.checkpoint();
      this.#restartLog = this.#batchesInLog >= BATCHES_PER_LOG_RESTART;
    } catch {
      this.disconnect(); // the next checkpoint opens a new connection
    }
    this.#running = null;
  }
}
