/** What a database driver offers. There are two: for `file:` URLs and for a libSQL server. */

export type Value = string | number | null | Uint8Array;

/** One SQL statement with positional arguments. */
export interface Statement {
  readonly sql: string;
  readonly args: readonly Value[];
  /** For a read: only the first row is needed. A driver may get one row faster. */
  readonly one?: true;
  /** For a read: it reads whole tables. It runs beside the others, so that they do not wait, and may take 50 s instead of 5 s on a server. */
  readonly scan?: true;
}

/** The rows, as arrays in column order, and the number of rows that the statement changed. */
export interface Result {
  readonly rows: readonly (readonly Value[])[];
  readonly changes: number;
}

export interface Database {
  /** Runs the statements in one round trip and one snapshot; none may write. */
  read(statements: readonly Statement[]): Promise<readonly Result[]>;
  /**
   * Runs the statements as one atomic batch, durable when it resolves. The first that fails undoes all.
   * Errors: {@link ConstraintError} when a rule of the schema refused it, {@link DatabaseUnavailable} when the database
   * could not be reached or stayed locked. Then the batch may have been stored, unless `unapplied` is true.
   */
  write(statements: readonly Statement[]): Promise<readonly Result[]>;
  close(): Promise<void>;
}

export type ConstraintKind = "unique" | "check" | "foreign_key" | "not_null" | "trigger";

/** A rule of the schema refused the batch. Nothing of it was stored. */
export class ConstraintError extends Error {
  override readonly name = "ConstraintError";
  /** `rule`: the CHECK's name, the trigger's message, or for a unique index its columns as `table.column, table.column`. */
  constructor(readonly kind: ConstraintKind, readonly rule: string) {
    super(`${kind} constraint refused the batch: ${rule}`);
  }
}

/** The database could not be reached, or stayed locked for too long. `unapplied`: certainly nothing was stored. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
  /** `isTokenRefused`: the server answered that our token is no good, so waiting does not help. */
  constructor(message: string, readonly unapplied: boolean, readonly isTokenRefused: boolean = false) {
    super(message);
  }
}
