import type { CallbackKind } from "../../src/crypto/capability.ts";
import type { Result, Statement, Value } from "../../src/db/database.ts";
import { type InProcess, publicUrl } from "../support/in-process.ts";

/** The service that a history is played on, as far as the model needs it. */
export interface World {
  /** The true time, in ms. */
  now(): number;
  /** Sends a request to the service, as a client does. */
  send(request: Request): Promise<Response>;
  /** Runs statements on the database, past the service. */
  write(statements: readonly Statement[]): Promise<unknown>;
  sql(sql: string, ...args: readonly Value[]): Promise<Result["rows"]>;
  /** The address to which M-Pesa posts messages of this kind about this row. */
  address(kind: CallbackKind, id: string): string;
  /**
   * How long (ms) after M-Pesa has said something, or a person has, the service may still not act on it: the requests that
   * are under way, and processes that are slow or dead.
   */
  readonly graceMs: number;
}

/** One service on virtual time, in which nothing takes any time. */
export const quietWorld = (run: InProcess): World => ({
  now: () => run.time.now(),
  send: async (request) => await run.app.fetch(request),
  write: (statements) => run.db.write(statements),
  sql: (sql, ...args) => run.sql(sql, ...args),
  address: (kind, id) => `${publicUrl}/notify/${run.services.capabilities.mint(kind, id)}`,
  graceMs: 5_000,
});
