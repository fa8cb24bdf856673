import { and, desc, type InferSelectModel, type SQL } from "drizzle-orm";
import { QueryBuilder, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { LRUCache } from "lru-cache";
import type { Database, Value } from "./database.ts";
import { type Query, rows, select } from "./query.ts";

const builder = new QueryBuilder();
/** Texts by filter: a list has as many as its filters combine to. */
const TEXTS_KEPT = 64;

export type Condition = SQL | undefined | "" | false;

/**
 * Rows under the given conditions, newest first: for lists, whose filters come and go. `walks` says that no index serves
 * them, so that it may have to walk all there is.
 */
export async function list<T extends SQLiteTable>(
  db: Database,
  table: T,
  conditions: readonly Condition[],
  newestBy: SQLiteColumn,
  limit: number,
  walks = false,
): Promise<InferSelectModel<T>[]> {
  const listing = listings.get(table) ?? lister(table, (tail) => select(table, tail));
  listings.set(table, listing);
  const query = listing(conditions, newestBy, limit);
  const [found] = await rows(db, walks ? { ...query, scan: true } : query);
  return found as InferSelectModel<T>[]; // of this table, as it was made
}

const listings = new Map<SQLiteTable, Listing<unknown>>();
type Listing<R> = (conditions: readonly Condition[], newestBy: SQLiteColumn, limit: number) => Query<R>;

/** Makes the queries of a list out of what its filters come to; `selecting` is asked once for each such text. */
export function lister<R>(table: SQLiteTable, selecting: (tail: string) => (...args: Value[]) => Query<R>): Listing<R> {
  const made = new LRUCache<string, (...args: Value[]) => Query<R>>({ max: TEXTS_KEPT });
  return (conditions, newestBy, limit) => {
    const given = conditions.filter((condition) => condition !== undefined && condition !== "" && condition !== false);
    const { sql, params } = builder.select({ newestBy }).from(table).where(and(...given)).orderBy(desc(newestBy))
      .limit(limit).toSQL();
    const tail = sql.slice(sql.indexOf(" where ") + 1);
    const query = made.get(tail) ?? selecting(tail);
    made.set(tail, query);
    return query(...params as Value[]); // encoded by drizzle's columns
  };
}
