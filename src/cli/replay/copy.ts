import type { Database, Statement, Value } from "../../db/database.ts";
import { statement } from "../../db/query.ts";

const PAGE = 500;

/** The tables that a replay starts from, with the columns that are reset. Settlements are not copied. */
const tables: readonly { readonly name: string; readonly reset: Readonly<Record<string, Value>> }[] = [
  { name: "merchants", reset: {} },
  { name: "shortcodes", reset: {} },
  { name: "checkouts", reset: { status: "open", cancelled_at: null, expired_at: null, version: 1 } },
  {
    name: "attempts",
    reset: {
      status: "pending",
      evidence: 0,
      request_ids: null,
      failure: null,
      result_code: null,
      result_description: null,
      polls: 0,
      accepted_at: null,
      ended_at: null,
    },
  },
];

/** Copies the requests, without their outcomes, to another database, which is migrated and empty. */
export async function copyRequests(from: Database, to: Database): Promise<void> {
  for (const { name, reset } of tables) {
    const columns = await sharedColumns(name, from, to);
    await copyTable(from, to, name, columns, reset);
  }
}

async function sharedColumns(table: string, from: Database, to: Database): Promise<string[]> {
  const query = statement("SELECT name FROM pragma_table_info(?)", table);
  const [[there], [here]] = await Promise.all([from.read([query]), to.read([query])]);
  const known = new Set((there?.rows ?? []).map(([name]) => String(name)));
  return (here?.rows ?? []).map(([name]) => String(name)).filter((name) => known.has(name));
}

async function copyTable(
  from: Database,
  to: Database,
  table: string,
  columns: readonly string[],
  reset: Readonly<Record<string, Value>>,
): Promise<void> {
  const insert = `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
  for (let after = "";;) {
    const page = statement(
      `SELECT ${columns.join(", ")}, id FROM ${table} WHERE id > ? ORDER BY id LIMIT ${PAGE}`,
      after,
    );
    const [result] = await from.read([page]);
    const rows = result?.rows ?? [];
    const statements: Statement[] = rows.map((row) => ({
      sql: insert,
      args: columns.map((column, i) => column in reset ? reset[column] ?? null : row[i] ?? null),
    }));
    await to.write(statements);
    if (rows.length < PAGE) return;
    after = String(rows.at(-1)?.at(-1));
  }
}
