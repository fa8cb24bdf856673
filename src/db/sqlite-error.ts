import { constraintError } from "./constraint.ts";
import { DatabaseUnavailable } from "./database.ts";

// Primary result codes of SQLite.
const BUSY = 5;
const LOCKED = 6;
const CONSTRAINT = 19;
const UNAVAILABLE = new Set([3, 7, 8, 10, 11, 13, 14, 23, 26]); // PERM NOMEM READONLY IOERR CORRUPT FULL CANTOPEN AUTH NOTADB

/** The addon's result code without its extension, or null when the error isn't SQLite's. */
function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("rawCode" in error) || typeof error.rawCode !== "number") return null;
  return error.rawCode & 0xff;
}

/** Whether the cause is a lock of another connection. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === BUSY || code === LOCKED;
}

/** The error of the database port for an error of the addon. Errors about neither a constraint nor the state of the file stay as they are. */
export function storeError(error: unknown, unapplied: boolean): Error {
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = primaryCode(error);
  if (code === CONSTRAINT) return constraintError(cause.message);
  if (code !== null && (UNAVAILABLE.has(code) || isBusy(error))) {
    return new DatabaseUnavailable(cause.message, unapplied);
  }
  return cause;
}
