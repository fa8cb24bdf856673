// @ts-types="./libsql-client.d.ts"
import { LibsqlBatchError, LibsqlError } from "@libsql/client/web";
import { constraintError } from "./constraint.ts";
import { DatabaseUnavailable } from "./database.ts";

/** The meaning of a failed batch. */
export interface RemoteFailure {
  readonly error: Error;
  /** The index of the statement that failed; null when the server names none. */
  readonly statement: number | null;
  /** A statement is wrong, not the database or the connection to it. Then nothing was stored. */
  readonly refused: boolean;
}

/** Reads an error of the client. Over HTTP there are no extended result codes, so the message says which constraint failed. */
export function remoteFailure(thrown: unknown): RemoteFailure {
  const statement = thrown instanceof LibsqlBatchError ? thrown.statementIndex : null;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (thrown instanceof LibsqlError) {
    if (thrown.code.startsWith("SQLITE_CONSTRAINT")) {
      return { error: constraintError(thrown.message), statement, refused: true };
    }
    if (/^(SQL_|ARGS_|SQLITE_(UNKNOWN|ERROR|MISMATCH|RANGE|TOOBIG)$)/.test(thrown.code)) {
      return { error, statement, refused: true };
    }
  }
  // When a statement fails, the server does not run the COMMIT.
  const unapplied = statement !== null || neverApplied(thrown);
  const isRefused = isTokenRefused(thrown);
  const reason = isRefused ? TOKEN_REFUSED : reasonOf(error);
  return { error: new DatabaseUnavailable(reason, unapplied, isRefused), statement: null, refused: false };
}

const TOKEN_REFUSED =
  "The libSQL server refused our token (401 or 403). Check DATABASE_AUTH_TOKEN: it may be wrong, have " +
  "expired, or belong to another database.";

const statuses = (thrown: unknown): number[] =>
  thrown instanceof Error
    ? [...("status" in thrown && typeof thrown.status === "number" ? [thrown.status] : []), ...statuses(thrown.cause)]
    : [];

const isTokenRefused = (thrown: unknown): boolean =>
  statuses(thrown).some((status) => status === 401 || status === 403) ||
  (thrown instanceof LibsqlError && thrown.code.startsWith("AUTH"));

function neverApplied(thrown: unknown): boolean {
  if (thrown instanceof LibsqlError && /^(AUTH|BLOCKED|SQLITE_BUSY|SQLITE_LOCKED)/.test(thrown.code)) return true;
  if (statuses(thrown).some((status) => status >= 400 && status < 500)) return true;
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (/\(Connect\)|connection refused|dns error|ECONNREFUSED|ENOTFOUND/i.test(error.message)) return true;
  }
  return false;
}

// The innermost message says what happened. The URL in it is removed.
function reasonOf(error: Error): string {
  const causes = [error.message];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(cause.message);
  return `The libSQL server could not be used: ${
    (causes.at(-1) ?? "").slice(0, 1_000).replace(/\bhttps?:\/\/\S+/g, "it")
  }`;
}
