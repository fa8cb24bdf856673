import type { Database, Statement, Value } from "../../db/database.ts";
import { Evidence as OfPayout } from "../../domain/payouts/machine/facts.ts";
import { statement } from "../../db/query.ts";

const PAGE = 500;

/** A column's value in the copy: the same for all rows, or made of what the row had, by column. */
type Reset = Value | ((row: ReadonlyMap<string, Value>) => Value);

/** A table that a replay starts from, with the columns that are reset. */
interface Table {
  readonly name: string;
  readonly reset: Readonly<Record<string, Reset>>;
}

/** For money that came in. Settlements are not copied. */
const requests: readonly Table[] = [
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

/** What is known of a payout from elsewhere than from notices. */
const OWN_KNOWLEDGE = OfPayout.approved | OfPayout.rejected | OfPayout.cancelled | OfPayout.accepted |
  OfPayout.refused | OfPayout.ambiguous | OfPayout.duplicate | OfPayout.altered | OfPayout.nameMismatch |
  OfPayout.nameConfirmed | OfPayout.nameChecked;

/** Sent, and without an end. */
const submitted: Reset = (row) => Number(row.get("sends") ?? 1) > 0 ? "submitted" : row.get("status") ?? null;
const noResult: Readonly<Record<string, Reset>> = {
  receipt: null,
  failure: null,
  result_code: null,
  result_description: null,
  resolution: null,
  in_doubt_at: null,
  ended_at: null,
  needs_person: 0,
};

/** For money that went out: what came in stays as it is. Only what was sent has a result. */
const outgoing: readonly Table[] = [
  ...["merchants", "shortcodes", "checkouts", "attempts", "payments"].map((name) => ({ name, reset: {} })),
  {
    name: "payouts",
    reset: {
      ...noResult,
      status: submitted,
      paid_at: null,
      evidence: (row) => Number(row.get("evidence")) & OWN_KNOWLEDGE,
    },
  },
  {
    name: "refunds",
    reset: {
      ...noResult,
      status: submitted,
      refunded_at: null,
      evidence: 0,
      requests: (row) =>
        String(row.get("requests")).replaceAll(/"state":"(paid|failed|already)"/g, '"state":"accepted"'),
    },
  },
];

/** Copies the requests for money, without their outcomes, to another database, which is migrated and empty. */
export const copyRequests = (from: Database, to: Database): Promise<void> => copyTables(from, to, requests);

/** Copies payouts and refunds, without the results that M-Pesa told, with all that they are about. */
export const copyOutgoing = (from: Database, to: Database): Promise<void> => copyTables(from, to, outgoing);

async function copyTables(from: Database, to: Database, tables: readonly Table[]): Promise<void> {
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
  reset: Readonly<Record<string, Reset>>,
): Promise<void> {
  const insert = `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
  for (let after = "";;) {
    const page = statement(
      `SELECT ${columns.join(", ")}, id FROM ${table} WHERE id > ? ORDER BY id LIMIT ${PAGE}`,
      after,
    );
    const [result] = await from.read([page]);
    const rows = result?.rows ?? [];
    const statements: Statement[] = rows.map((row) => {
      const known = new Map(columns.map((column, i) => [column, row[i] ?? null]));
      const valueOf = (column: string): Value => {
        const made = column in reset ? reset[column] : known.get(column);
        return (typeof made === "function" ? made(known) : made) ?? null;
      };
      return { sql: insert, args: columns.map(valueOf) };
    });
    await to.write(statements);
    if (rows.length < PAGE) return;
    after = String(rows.at(-1)?.at(-1));
  }
}
