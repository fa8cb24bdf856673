import { getTableColumns, getTableName, type InferSelectModel } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Value } from "./database.ts";
import { type Decode, decoderOf, type Query, toObject } from "./query.ts";

type Key<T extends SQLiteTable> = keyof InferSelectModel<T> & string;

/** Some columns of a table, or all of them. */
export interface Columns<T extends SQLiteTable, K extends Key<T> = Key<T>> {
  readonly table: T;
  readonly keys: readonly K[];
}

/** Rows of another table that belong to each row. `where` may name columns of the first table, and have `?` marks. */
export interface Nested<T extends SQLiteTable, K extends Key<T>> extends Columns<T, K> {
  readonly where: string;
}

/** Every column of a table. */
export const allColumns = <T extends SQLiteTable>(table: T): Columns<T> => ({
  table,
  keys: Object.keys(getTableColumns(table)) as Key<T>[], // drizzle types the keys as string
});

type Row<T extends SQLiteTable, K extends Key<T>> = Pick<InferSelectModel<T>, K>;

/**
 * A SELECT of rows, each with the rows of two other tables that belong to it, ordered by their ids. A row comes as one JSON
 * text, because the drivers need much longer for fifty values than for one. `tail` follows the name of the first table.
 * The `?` marks of `first` and `second` come before those of `tail`.
 */
export function selectNested<
  A extends SQLiteTable,
  B extends SQLiteTable,
  C extends SQLiteTable,
  KA extends Key<A>,
  KB extends Key<B>,
  KC extends Key<C>,
>(
  own: Columns<A, KA>,
  first: Nested<B, KB>,
  second: Nested<C, KC>,
  tail: string,
): (...args: Value[]) => Query<readonly [Row<A, KA>, Row<B, KB>[], Row<C, KC>[]]> {
  const [ownFields, firstFields, secondFields] = [fieldsOf(own), fieldsOf(first), fieldsOf(second)];
  const name = getTableName(own.table);
  const sql =
    `SELECT json_array(${jsonOf(ownFields, name)}, ${listOf(firstFields, first)}, ${listOf(secondFields, second)}) ` +
    `FROM ${name} ${tail}`;
  const map = ([text]: readonly Value[]) => {
    const read: [Value[], Value[][], Value[][]] = JSON.parse(String(text));
    // Made column by column from the same tables.
    return [
      toObject(ownFields, read[0]) as Row<A, KA>,
      read[1].map((row) => toObject(firstFields, row) as Row<B, KB>),
      read[2].map((row) => toObject(secondFields, row) as Row<C, KC>),
    ] as const;
  };
  return (...args) => ({ sql, args, map });
}

interface Field {
  readonly key: string;
  readonly name: string;
  readonly bytes: boolean;
  readonly decode: Decode | null;
}

function fieldsOf({ table, keys }: { readonly table: SQLiteTable; readonly keys: readonly string[] }): Field[] {
  const columns = getTableColumns(table) as Record<string, SQLiteColumn>; // drizzle loses the key type
  return keys.map((key) => {
    const column = columns[key] as SQLiteColumn; // a key of the table
    const bytes = column.getSQLType() === "blob";
    return { key, name: column.name, bytes, decode: bytes ? ofHex : decoderOf(column) };
  });
}

/** SQL: a row as a JSON array, with bytes in hex. */
const jsonOf = (fields: readonly Field[], alias: string): string =>
  `json_array(${
    fields.map(({ name, bytes }) => bytes ? `nullif(hex(${alias}.${name}), '')` : `${alias}.${name}`).join(", ")
  })`;

const listOf = (
  fields: readonly Field[],
  { table, where }: { readonly table: SQLiteTable; readonly where: string },
): string =>
  `(SELECT json_group_array(${jsonOf(fields, "nested")}) FROM ` +
  `(SELECT ${fields.map(({ name }) => name).join(", ")} FROM ${
    getTableName(table)
  } WHERE ${where} ORDER BY id) AS nested)`;

const ofHex: Decode = (value) => (value === null ? null : Uint8Array.fromHex(String(value)));
