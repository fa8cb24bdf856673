import { and, gte, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { idAt, type IdPrefix } from "../crypto/ids.ts";
import type { Condition, Filter } from "../db/list.ts";
import { Problem } from "../problems/problem.ts";
import { idBeforeCursor } from "./pagination.ts";

/** The filters that every list takes, as `listQuery`, `amountQuery` and `phoneQuery` have read them. */
export interface ListInput {
  readonly cursor?: string | undefined;
  readonly created_from?: number | undefined;
  readonly created_to?: number | undefined;
  readonly amount_min?: number | undefined;
  readonly amount_max?: number | undefined;
  readonly phone?: string | undefined;
  readonly q?: string | undefined;
}

/** Where a list finds what the filters ask for. A list of rows without TypeIDs has no `prefix`. */
export interface ListColumns {
  readonly id: SQLiteColumn;
  readonly prefix?: IdPrefix;
  readonly at: SQLiteColumn;
  readonly amount?: SQLiteColumn;
  /** The ids of the rows that have this phone (12 digits), found by an index. */
  readonly phone?: (digits: string) => SQL;
  /** Whether `q` finds a row. With `searchFinds`, by an index; otherwise row by row. */
  readonly search: (text: string) => SQL;
  readonly searchFinds?: true;
  /** The list does not grow with the number of payments, so reading all of it takes no time. */
  readonly small?: true;
}

/**
 * An id and `created_at` are made by the same process within moments. Where its clock is set back, ids keep their order
 * and may be ahead of `created_at` for some seconds.
 */
export const CLOCK_MARGIN_MS = 600_000;

/**
 * The conditions of a list for its cursor and the filters of every list. A time bounds the ids, so that every index that
 * ends in an id finds it. Errors: `invalid_query` for a cursor that is none, and a range that ends before it begins.
 */
export function listFilter(input: ListInput, columns: ListColumns, more: readonly Condition[] = []): Filter {
  checkRanges(input);
  const { id, at, amount, prefix } = columns;
  const { created_from: from, created_to: to, amount_min: min, amount_max: max, phone, q } = input;
  const hasAmount = amount !== undefined && (min !== undefined || max !== undefined);
  return {
    conditions: [
      lt(id, idBeforeCursor(input.cursor)),
      from !== undefined && and(gte(at, from), prefix && gte(id, idAt(prefix, from - CLOCK_MARGIN_MS))),
      to !== undefined && and(lt(at, to), prefix && lt(id, idAt(prefix, to + CLOCK_MARGIN_MS))),
      amount !== undefined && min !== undefined && gte(amount, min),
      amount !== undefined && max !== undefined && lte(amount, max),
      phone !== undefined && columns.phone?.(phone),
      q !== undefined && columns.search(q),
      ...more,
    ],
    finds: phone !== undefined || (q !== undefined && columns.searchFinds === true),
    // A beginning may be that of very many rows.
    scans: columns.small !== true &&
      (hasAmount || q !== undefined || (prefix === undefined && (from !== undefined || to !== undefined))),
  };
}

/** Errors: `invalid_query` for a range that ends before it begins. */
export function checkRanges(input: ListInput): void {
  checkRange(input.created_from, input.created_to, "created_to", "must not be before created_from");
  checkRange(input.amount_min, input.amount_max, "amount_max", "must not be less than amount_min");
}

function checkRange(low: number | undefined, high: number | undefined, pointer: string, detail: string): void {
  if (low === undefined || high === undefined || low <= high) return;
  throw new Problem("invalid_query", `${pointer}: ${detail}.`, { errors: [{ pointer, detail }] });
}

/** SQL: the text is the whole column or its beginning. As a range, so that an index serves it. */
export const begins = (column: SQLiteColumn, text: string): SQL =>
  sql`(${column} >= ${text} and ${column} < ${endOfBeginning(text)})`;

/** What sorts after every text that begins with this one. */
export const endOfBeginning = (text: string): string => text + "\u{10ffff}";

/** SQL: the id is one of those that any of the queries finds. */
export const either = (id: SQLiteColumn, queries: readonly (SQL | false)[]): SQL =>
  sql`${id} in (${sql.join(queries.filter((query) => query !== false), sql` union all `)})`;

/** A receipt as M-Pesa writes it. */
export const receiptText = (text: string): string => text.replaceAll(/\s/g, "").toUpperCase();

/** SQL: `q` is the whole or the beginning of one of the columns, row by row. */
export const beginsAny = (columns: readonly SQLiteColumn[], text: string): SQL =>
  or(...columns.map((column) => begins(column, text))) ?? sql`false`;
