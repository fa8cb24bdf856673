import { DatabaseUnavailable, type Result, type Statement } from "./database.ts";

/** The statements of one call of `write`: all of them are stored, or none. */
export type Batch<S = Statement> = readonly S[];

/** The result of one batch of a group. */
export type Outcome = readonly Result[] | Error;

/**
 * Commits a group of batches in one transaction, and returns one outcome for each, in the same order, when all is
 * durable. Rejects when the outcome of no batch is known; with {@link GroupRefused} when nothing was stored and each batch
 * may be tried alone.
 */
export type Commit<S = Statement> = (group: readonly Batch<S>[]) => Promise<readonly Outcome[]>;

/** The whole group failed, for a reason that may lie in one batch. */
export class GroupRefused extends Error {
  override readonly name = "GroupRefused";
  constructor(readonly reason: Error) {
    super(reason.message);
  }
}

interface Member<S> {
  readonly statements: Batch<S>;
  readonly resolve: (results: readonly Result[]) => void;
  readonly reject: (error: Error) => void;
}

export interface GroupQueueOptions<S> {
  readonly commit: Commit<S>;
  /** Schedules the start of a drain. With a macrotask, the batches of one turn of the event loop share a commit. */
  readonly soon: (drain: () => void) => void;
  /** Most batches in a group. */
  readonly members?: number;
  /** Most statements in a group of more than one. */
  readonly statements?: number;
  /** Most batches that wait. When there are more, further ones are refused at once. */
  readonly waiting?: number;
  /** How many groups run at the same time. Writes need 1, to keep their order. */
  readonly lanes?: number;
}

/** The options for scans. Few run at the same time, because they need much processor time. */
export const scanning = { soon: queueMicrotask, members: 1, waiting: 64, lanes: 2 };

/**
 * Groups batches: those that arrive while others are written wait, and are then written together, in the order of
 * arrival, by one commit or one round trip.
 */
export class GroupQueue<S = Statement> {
  readonly #options: Required<GroupQueueOptions<S>>;
  #waiting: Member<S>[] = [];
  #lanes = 0;
  #opening = false;
  readonly #whenIdle: (() => void)[] = [];
  #closed = false;

  constructor(options: GroupQueueOptions<S>) {
    this.#options = { members: 64, statements: 1000, waiting: 4096, lanes: 1, ...options };
  }

  /** Resolves when the group of the batch has been committed. Errors: as `Database.write`. */
  push(statements: Batch<S>): Promise<readonly Result[]> {
    if (statements.length === 0) return Promise.resolve([]);
    if (this.#closed) return Promise.reject(new DatabaseUnavailable("The database is closed.", true));
    if (this.#waiting.length >= this.#options.waiting) {
      return Promise.reject(new DatabaseUnavailable("Too many calls wait for the database.", true));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ statements, resolve, reject });
      this.#open();
    });
  }

  /** Refuses further batches, and waits for those that were accepted. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#lanes > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #open(): void {
    if (this.#waiting.length === 0 || this.#opening || this.#lanes === this.#options.lanes) return;
    this.#lanes++;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    do {
      this.#opening = true;
      await new Promise<void>((resolve) => this.#options.soon(resolve));
      this.#opening = false;
      const group = this.#take();
      this.#open(); // another lane takes the batches that are left
      await this.#run(group);
    } while (this.#waiting.length > 0 && !this.#opening);
    this.#lanes--;
    if (this.#lanes === 0) this.#whenIdle.splice(0).forEach((resolve) => resolve());
  }

  #take(): Member<S>[] {
    let count = 0;
    let statements = 0;
    for (const member of this.#waiting) {
      statements += member.statements.length;
      if (count === this.#options.members || (count > 0 && statements > this.#options.statements)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #run(group: readonly Member<S>[]): Promise<void> {
    try {
      const outcomes = await this.#options.commit(group.map((member) => member.statements));
      group.forEach((member, i) => settle(member, outcomes[i]));
    } catch (error) {
      if (error instanceof GroupRefused && group.length > 1) {
        for (const member of group) await this.#run([member]);
        return;
      }
      const reason = error instanceof GroupRefused ? error.reason : error;
      for (const member of group) settle(member, reason instanceof Error ? reason : new Error(String(reason)));
    }
  }
}

function settle<S>(member: Member<S>, outcome: Outcome | undefined): void {
  if (outcome === undefined) member.reject(new Error("The driver gave no outcome for a batch."));
  else if (outcome instanceof Error) member.reject(outcome);
  else member.resolve(outcome);
}
