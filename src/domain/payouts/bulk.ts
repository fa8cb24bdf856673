import { getTableColumns, getTableName, type InferInsertModel, type InferSelectModel } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";

/**
 * One INSERT of some hundreds of rows: they travel as one JSON text, so that a large batch stays one atomic write of few
 * statements on a server too. `suffix` may add an ON CONFLICT clause.
 */
export function insertMany<T extends SQLiteTable>(
  table: T,
  suffix = "",
): (rows: readonly InferInsertModel<T>[]) => Statement {
  const columns = Object.entries(getTableColumns(table)) as [string, SQLiteColumn][]; // drizzle loses the key type
  const isBlob = columns.map(([, column]) => column.getSQLType() === "blob");
  const values = columns.map((_, i) => (isBlob[i] ? `unhex(value ->> ${i})` : `value ->> ${i}`)).join(", ");
  const names = columns.map(([, column]) => column.name).join(", ");
  const sql = `INSERT INTO ${getTableName(table)} (${names}) SELECT ${values} FROM json_each(?) WHERE true ${suffix}`
    .trimEnd();
  const encode = (row: Record<string, unknown>): unknown[] =>
    columns.map(([key, column], i) => {
      const value = row[key] ?? null;
      if (value === null) return null;
      return isBlob[i] ? (value as Uint8Array).toHex() : column.mapToDriverValue(value); // a blob's data type
    });
  return (rows) => ({
    sql,
    args: [toLatin1(JSON.stringify(rows.map((row) => encode(row as Record<string, unknown>))))],
  });
}

/** A row as it shall be, and the version that it must still have. */
interface Next<T> {
  readonly row: T;
  readonly version: number;
}

/**
 * Statements: an UPDATE of the given columns of some hundreds of rows, by `id`. The batch fails with `conflict` unless
 * each row is there with its version.
 */
export function updateMany<T extends SQLiteTable, K extends keyof InferSelectModel<T> & string>(
  table: T,
  keys: readonly K[],
): (rows: readonly Next<Pick<InferSelectModel<T>, K> & { readonly id: string }>[]) => Statement[] {
  const all = getTableColumns(table) as Record<string, SQLiteColumn>; // drizzle loses the key type
  const columns = keys.map((key) => ({ key, column: all[key] as SQLiteColumn })); // K is a key of the table
  const sets = columns.map(({ column }, i) => `${column.name} = line.value ->> ${i + 2}`).join(", ");
  const name = getTableName(table);
  const sql = `UPDATE ${name} SET ${sets} FROM json_each(?) line ` +
    `WHERE ${name}.id = line.value ->> 0 AND ${name}.version = line.value ->> 1`;
  const encode = ({ row, version }: Next<Pick<InferSelectModel<T>, K> & { readonly id: string }>): unknown[] => [
    row.id,
    version,
    ...columns.map(({ key, column }) => row[key] === null ? null : column.mapToDriverValue(row[key])),
  ];
  return (rows) => [
    { sql, args: [toLatin1(JSON.stringify(rows.map(encode)))] },
    statement("INSERT INTO guards (failed) SELECT 'conflict' WHERE changes() <> ?", rows.length),
  ];
}

/** Escapes what is not Latin-1. One such character, as in a masked phone, would double the memory that the text takes. */
const toLatin1 = (json: string): string =>
  json.replaceAll(/[\u0100-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
