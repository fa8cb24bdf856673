import assert from "node:assert/strict";
import { getTableColumns, getTableName, is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "../../src/db/database.ts";
import { statement } from "../../src/db/query.ts";
import * as schema from "../../src/db/schema.ts";
import { withDatabase } from "../support/database.ts";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly primary: boolean;
}

const tables = Object.values<unknown>(schema).filter((value): value is SQLiteTable => is(value, SQLiteTable));

function declared(table: SQLiteTable): Column[] {
  const keys = new Set(getTableConfig(table).primaryKeys.flatMap((key) => key.columns.map(({ name }) => name)));
  return Object.values(getTableColumns(table)).map((column) => {
    const primary = column.primary || keys.has(column.name);
    const type = column.getSQLType().toUpperCase();
    return { name: column.name, type, notNull: column.notNull || primary, primary };
  });
}

async function migrated(db: Database, table: string): Promise<Column[]> {
  const [result] = await db.read([statement(`PRAGMA table_info(${table})`)]);
  return (result?.rows ?? []).map(([, name, type, notNull, , key]) => ({
    name: String(name),
    type: String(type),
    notNull: notNull === 1 || key !== 0,
    primary: key !== 0,
  }));
}

Deno.test("the schema in code and the migrated one agree on every column of every table", () =>
  withDatabase("file", async (db) => {
    const [result] = await db.read([
      statement(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name",
      ),
    ]);
    const own = new Set(["schema_lock", "schema_migrations"]);
    const names = (result?.rows ?? []).map(([name]) => String(name)).filter((name) => !own.has(name));
    assert.deepEqual(names, tables.map(getTableName).sort());
    for (const table of tables) {
      assert.deepEqual(await migrated(db, getTableName(table)), declared(table), getTableName(table));
    }
  }));
