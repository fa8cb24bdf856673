import { constraintError } from "./constraint.ts";
import { DatabaseUnavailable } from "./database.ts";

// Primary result codes of SQLite.
const busy = 5;
const locked = 6;
const constraint = 19;
const unavailable = new Set([3, 7, 8, 10, 11, 13, 14, 23, 26]); // PERM NOMEM READONLY IOERR CORRUPT FULL CANTOPEN AUTH NOTADB

/** The addon's result code without its extension, or null when the error isn't SQLite's. */
function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("rawCode" in error) || typeof error.rawCode !== "number") return null;
  return error.rawCode & 0xff;
}

/** Whether a lock held by another connection was the cause. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === busy || code === locked;
}

/** The addon's error as the store's; what is neither a constraint nor the state of the store is left as it is. */
export function storeError(error: unknown, unapplied: boolean): Error {
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = primaryCode(error);
  if (code === constraint) return constraintError(cause.message);
  if (code !== null && (unavailable.has(code) || isBusy(error))) {
    return new DatabaseUnavailable(cause.message, unapplied);
  }
  return cause;
}
