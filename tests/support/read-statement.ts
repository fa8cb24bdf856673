import { openStatement, type Statement } from "../../src/domain/reconciliations/parse-statement.ts";

/** After every time in the statements of the tests. */
export const STATEMENT_NOW = Date.parse("2026-11-30T12:00:00Z");

/** Reads a statement as the paybill 600000's. */
export function readStatement(file: string | Uint8Array, now: number = STATEMENT_NOW): Statement {
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
  return openStatement(bytes).read(["600000"], now);
}
