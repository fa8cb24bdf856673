import { getTableColumns, getTableName, type InferInsertModel } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Statement } from "../../db/database.ts";

/**
 * One INSERT of some hundreds of rows: they travel as one JSON text, so that a large batch stays one atomic write of few
 * statements on a server too.
 */
export function insertMany<T extends SQLiteTable>(table: T): (rows: readonly InferInsertModel<T>[]) => Statement {
  const columns = Object.entries(getTableColumns(table)) as [string, SQLiteColumn][]; // drizzle loses the key type
  const isBlob = columns.map(([, column]) => column.getSQLType() === "blob");
  const values = columns.map((_, i) => (isBlob[i] ? `unhex(value ->> ${i})` : `value ->> ${i}`)).join(", ");
  const names = columns.map(([, column]) => column.name).join(", ");
  const sql = `INSERT INTO ${getTableName(table)} (${names}) SELECT ${values} FROM json_each(?)`;
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

/** Escapes what is not Latin-1. One such character, as in a masked phone, would double the memory that the text takes. */
const toLatin1 = (json: string): string =>
  json.replaceAll(/[\u0100-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
