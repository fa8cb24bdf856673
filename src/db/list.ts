import { and, desc, eq, type InferSelectModel, type SQL, sql } from "drizzle-orm";
import { type SQLiteColumn, SQLiteSyncDialect, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { LRUCache } from "lru-cache";
import type { Database, Value } from "./database.ts";
import { type Query, rows, select } from "./query.ts";
import type { Reach } from "./reach.ts";

const dialect = new SQLiteSyncDialect();
/** The most SQL texts that are kept for one table: each combination of filters has one. */
const MAX_TEXTS = 64;

/** A condition of a list; an empty one stands for a filter that the caller did not use. */
export type Condition = SQL | undefined | "" | false;

/** A table whose rows belong to merchants. */
export type MerchantTable = SQLiteTable & { readonly id: SQLiteColumn; readonly merchant_id: SQLiteColumn };

/** What a list is narrowed by. */
export interface Filter {
  readonly conditions: readonly Condition[];
  /** The conditions find few rows by an index of their own, so the merchant's index is not to be used. */
  readonly finds: boolean;
  /** No index serves all conditions, or they may find very many rows: the query may take long. */
  readonly scans: boolean;
}

/** The condition that the rows are within a reach. `finds`: the plus keeps SQLite off the merchant's index. */
export const inReach = (reach: Reach, merchant: SQLiteColumn, finds = false): Condition =>
  reach.kind === "own" && (finds ? sql`+${merchant} = ${reach.merchantId}` : eq(merchant, reach.merchantId));

/** The rows within a reach that the filter lets through, newest first. */
export const listBy = <T extends MerchantTable>(
  db: Database,
  reach: Reach,
  table: T,
  { conditions, finds, scans }: Filter,
  limit: number,
): Promise<InferSelectModel<T>[]> =>
  listRows(db, table, [inReach(reach, table.merchant_id, finds), ...conditions], table.id, limit, scans);

/**
 * The rows within a reach that meet all conditions, newest first: for lists with optional filters. `isScan` says that no
 * index serves the conditions, so that the query may read the whole table.
 */
export async function list<T extends MerchantTable>(
  db: Database,
  reach: Reach,
  table: T,
  conditions: readonly Condition[],
  limit: number,
  isScan = false,
): Promise<InferSelectModel<T>[]> {
  return await listRows(db, table, [inReach(reach, table.merchant_id), ...conditions], table.id, limit, isScan);
}

/** The same without a reach, for rows that belong to a row which was reached before. */
export async function listRows<T extends SQLiteTable>(
  db: Database,
  table: T,
  conditions: readonly Condition[],
  newestBy: SQLiteColumn,
  limit: number,
  isScan = false,
): Promise<InferSelectModel<T>[]> {
  const toQuery = listQueries.get(table) ?? listQueryOf((tail) => select(table, tail));
  listQueries.set(table, toQuery);
  const query = toQuery(conditions, newestBy, limit);
  const [found] = await rows(db, isScan ? { ...query, scan: true } : query);
  return found as InferSelectModel<T>[]; // `toQuery` was made for this table
}

type ListQuery<R> = (conditions: readonly Condition[], newestBy: SQLiteColumn, limit: number) => Query<R>;
const listQueries = new Map<SQLiteTable, ListQuery<unknown>>();

/**
 * Makes the query of a list. `selecting` gets what follows FROM, and is called once for each text that the filters
 * combine to.
 */
export function listQueryOf<R>(selecting: (tail: string) => (...args: Value[]) => Query<R>): ListQuery<R> {
  const byText = new LRUCache<string, (...args: Value[]) => Query<R>>({ max: MAX_TEXTS });
  return (conditions, newestBy, limit) => {
    const where = and(...conditions.filter((condition) => condition !== false && condition !== ""));
    const tail = dialect.sqlToQuery(
      sql`${where && sql`where ${where} `}order by ${desc(newestBy)} limit ${limit}`,
    );
    const query = byText.get(tail.sql) ?? selecting(tail.sql);
    byText.set(tail.sql, query);
    return query(...tail.params as Value[]); // the columns of drizzle have encoded them
  };
}

/** How many rows there are, and what an amount of them adds up to (cents). */
export interface Sums {
  readonly count: number;
  readonly amount: number;
  /** No: there are more rows than were counted. */
  readonly isAll: boolean;
}

/**
 * Counts the rows within a reach that the filter lets through, and adds up a column. `most`: stops there, so that it takes
 * the same short time in every table; null counts all, beside other queries. With `most`, null is the answer where even
 * that may take long, because no index serves the filter.
 */
export async function sumBy<T extends MerchantTable>(
  db: Database,
  reach: Reach,
  table: T,
  { conditions, finds, scans }: Filter,
  amount: SQLiteColumn,
  most: number | null,
): Promise<Sums | null> {
  if (most !== null && scans) return null;
  const where = and(
    ...[inReach(reach, table.merchant_id, finds), ...conditions].filter((one) => one !== false && one !== ""),
  );
  const limit = most === null ? sql`` : sql` limit ${most + 1}`;
  const { sql: text, params } = dialect.sqlToQuery(
    sql`select count(*), coalesce(sum(amount), 0) from (select ${amount} as amount from ${table}${
      where && sql` where ${where}`
    }${limit})`,
  );
  const args = params as Value[]; // the columns of drizzle have encoded them
  const [result] = await db.read([{ sql: text, args, one: true, ...most === null ? { scan: true as const } : {} }]);
  const [count, sum] = (result?.rows[0] ?? [0, 0]).map(Number);
  return { count: count ?? 0, amount: sum ?? 0, isAll: most === null || (count ?? 0) <= most };
}
