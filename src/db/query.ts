import { Column, getTableColumns, getTableName, type InferInsertModel, type InferSelectModel } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database, Statement, Value } from "./database.ts";

/** A statement that returns rows, and the function that makes an object of a row. */
export interface Query<T> extends Statement {
  readonly map: (row: readonly Value[]) => T;
}

function columnsOf(table: SQLiteTable): readonly [string, SQLiteColumn][] {
  return Object.entries(getTableColumns(table)) as [string, SQLiteColumn][]; // drizzle loses the key type
}

type Encode = (value: unknown) => Value;
export type Decode = (value: Value) => unknown;

// The type of drizzle's encoders is `unknown`. For the columns of our schema they return a Value.
const encoderOf = (column: SQLiteColumn): Encode =>
  column.mapToDriverValue === Column.prototype.mapToDriverValue
    ? (value) => (value ?? null) as Value
    : (value) => (value === null || value === undefined ? null : column.mapToDriverValue(value) as Value);

/** The decoder of a column; null when its values are stored as they are, which is the usual case. */
export const decoderOf = (column: SQLiteColumn): Decode | null =>
  column.mapFromDriverValue === Column.prototype.mapFromDriverValue
    ? null
    : (value) => (value === null ? null : column.mapFromDriverValue(value));

/** A function that makes an object of the values of a row, which are in column order. */
function rowMaker<T extends SQLiteTable>(table: T): (row: readonly Value[]) => InferSelectModel<T> {
  const fields = columnsOf(table).map(([key, column]) => ({ key, decode: decoderOf(column) }));
  return (row) => toObject(fields, row) as InferSelectModel<T>; // made column by column from the same table
}

/** The values of a row as an object. */
export function toObject(
  fields: readonly { readonly key: string; readonly decode: Decode | null }[],
  row: readonly Value[],
): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  let i = 0;
  for (const { key, decode } of fields) {
    const value = row[i++] ?? null;
    made[key] = decode === null ? value : decode(value);
  }
  return made;
}

/**
 * An INSERT of whole rows, its text made once. `suffix` may add an ON CONFLICT clause. `computed` has SQL for a column, whose
 * value in the row does not count; `more` are the arguments of its `?` marks.
 */
export function insert<T extends SQLiteTable>(
  table: T,
  suffix = "",
  computed: Readonly<Record<string, string>> = {},
): (row: InferInsertModel<T>, more?: readonly Value[]) => Statement {
  const columns = columnsOf(table).map(([key, column]) => ({ key, name: column.name, encode: encoderOf(column) }));
  const placeholders = columns.map(({ key }) => computed[key] ?? "?").join(", ");
  const names = columns.map(({ name }) => name).join(", ");
  const sql = `INSERT INTO ${getTableName(table)} (${names}) VALUES (${placeholders}) ${suffix}`.trim();
  return (row, more = []) => {
    const values = row as Record<string, unknown>;
    return { sql, args: columns.flatMap(({ key, encode }) => key in computed ? more : [encode(values[key])]) };
  };
}

/**
 * An UPDATE of the given columns. `where` has `?` marks for the further arguments. `updated_at` is never set before
 * `created_at`, because the clock of the process that changes a row may be behind the clock of the one that inserted it.
 */
export function update<T extends SQLiteTable, K extends keyof InferSelectModel<T> & string>(
  table: T,
  keys: readonly K[],
  where: string,
): (values: Pick<InferSelectModel<T>, K>, ...args: Value[]) => Statement {
  const all = new Map(columnsOf(table));
  const columns = keys.map((key) => {
    const column = all.get(key) as SQLiteColumn; // K is a key of the table
    return { key, name: column.name, encode: encoderOf(column) };
  });
  const sets = columns.map(({ name }) => `${name} = ${name === "updated_at" ? "max(created_at, ?)" : "?"}`).join(
    ", ",
  );
  const sql = `UPDATE ${getTableName(table)} SET ${sets} ${where}`;
  return (values, ...args) => ({
    sql,
    args: [...columns.map(({ key, encode }) => encode(values[key])), ...args],
  });
}

/** A SELECT of whole rows. `tail` follows the name of the table, and has `?` marks for the arguments. */
export function select<T extends SQLiteTable>(
  table: T,
  tail: string,
): (...args: Value[]) => Query<InferSelectModel<T>> {
  const sql = `SELECT ${qualified(table)} FROM ${getTableName(table)} ${tail}`;
  const make = rowMaker(table);
  return (...args) => ({ sql, args, map: make });
}

const qualified = (table: SQLiteTable): string =>
  columnsOf(table).map(([, column]) => `${getTableName(table)}.${column.name}`).join(", ");

/** The columns of a table, in the order that {@link insert} and {@link select} use. */
export function columnNames(table: SQLiteTable): string {
  return columnsOf(table).map(([, column]) => column.name).join(", ");
}

/** Any other statement. */
export const statement = (sql: string, ...args: Value[]): Statement => ({ sql, args });

/**
 * Aborts the batch when the statement before it changed no row: the optimistic lock of every state change. `write` then
 * throws a `ConstraintError` with rule `conflict`.
 */
export const abortIfUnchanged: Statement = {
  sql: "INSERT INTO guards (failed) SELECT 'conflict' WHERE changes() = 0",
  args: [],
};

type Rows<Q extends readonly Query<unknown>[]> = { [I in keyof Q]: Q[I] extends Query<infer T> ? T[] : never };

/** Reads several queries in one round trip. */
export async function rows<const Q extends readonly Query<unknown>[]>(db: Database, ...queries: Q): Promise<Rows<Q>> {
  const results = await db.read(queries);
  return results.map((result, i) => result.rows.map((row) => (queries[i] as Query<unknown>).map(row))) as Rows<Q>;
}

/** The first row of one query, or null. */
export async function first<T>(db: Database, query: Query<T>): Promise<T | null> {
  const [result] = await db.read([{ sql: query.sql, args: query.args, one: true }]);
  const row = result?.rows[0];
  return row === undefined ? null : query.map(row);
}
