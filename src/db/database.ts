/** The one way to the store, the same for a `file:` database and a libSQL server. */

export type Value = string | number | null | Uint8Array;

/** One SQL statement with positional arguments. */
export interface Statement {
  readonly sql: string;
  readonly args: readonly Value[];
  /** Of a read: only the first row is wanted, which a driver may get quicker. */
  readonly one?: true;
  /** Of a read: it walks whole tables. It holds nobody else up, and on a server has 50 s, not 5. */
  readonly scan?: true;
}

/** Rows as arrays in column order, and how many rows the statement changed. */
export interface Result {
  readonly rows: readonly (readonly Value[])[];
  readonly changes: number;
}

export interface Database {
  /** Runs the statements in one round trip and one snapshot; none may write. */
  read(statements: readonly Statement[]): Promise<readonly Result[]>;
  /**
   * Runs the statements as one atomic batch, durable when it resolves. The first that fails undoes all.
   * Errors: {@link ConstraintError} when a rule of the schema refused it, {@link DatabaseUnavailable} when the store
   * could not be reached or stayed locked (then the batch may have been applied, unless `unapplied`).
   */
  write(statements: readonly Statement[]): Promise<readonly Result[]>;
  close(): Promise<void>;
}

export type ConstraintKind = "unique" | "check" | "foreign_key" | "not_null" | "trigger";

/** A rule of the schema refused the batch; nothing of it was stored. */
export class ConstraintError extends Error {
  override readonly name = "ConstraintError";
  /** `rule`: the CHECK's name, the trigger's message, or for a unique index its columns as `table.column, table.column`. */
  constructor(readonly kind: ConstraintKind, readonly rule: string) {
    super(`${kind} constraint refused the batch: ${rule}`);
  }
}

/** The store could not be reached, or stayed locked past the deadline. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
  constructor(message: string, readonly unapplied: boolean) {
    super(message);
  }
}
