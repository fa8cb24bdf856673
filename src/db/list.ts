import { and, desc, type InferSelectModel, type SQL } from "drizzle-orm";
import { QueryBuilder, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database, Value } from "./database.ts";
import { rows, select } from "./query.ts";

const builder = new QueryBuilder();

/** Rows under the given conditions, newest first: for lists, whose filters come and go. */
export async function list<T extends SQLiteTable>(
  db: Database,
  table: T,
  conditions: readonly (SQL | undefined | "" | false)[],
  newestBy: SQLiteColumn,
  limit: number,
): Promise<InferSelectModel<T>[]> {
  const given = conditions.filter((condition) => condition !== undefined && condition !== "" && condition !== false);
  const { sql, params } = builder.select().from(table as SQLiteTable).where(and(...given)).orderBy(desc(newestBy))
    .limit(limit).toSQL();
  const tail = sql.slice(sql.indexOf(" where ") + 1);
  const [found] = await rows(db, select(table, tail)(...params as Value[])); // encoded by drizzle's columns
  return found;
}
