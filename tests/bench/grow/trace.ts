import type { Database, Value } from "../../../src/db/database.ts";

/** Columns that say what happened; of all others only the kind of value is told. */
const TOLD = new Set([
  ...["status", "evidence", "polls", "version", "channel", "kind", "copies", "problem", "type", "actor", "action"],
  ...["cause", "debit", "credit", "currency", "description"],
]);
const OWN =
  "(SELECT id FROM attempts WHERE checkout_id = ?1 UNION SELECT id FROM payments WHERE checkout_id = ?1 UNION SELECT ?1)";
/** Where rows of a checkout are, and how they are found. */
const tables: readonly (readonly [string, string])[] = [
  ["checkouts", "id = ?1"],
  ["attempts", "checkout_id = ?1"],
  ["payments", "checkout_id = ?1"],
  ["notices", `subject_id IN ${OWN}`],
  ["jobs", `subject_id IN ${OWN}`],
  ["events", `subject_id IN ${OWN} ORDER BY id`],
  ["audit", `subject_id IN ${OWN} ORDER BY seq`],
  ["idempotency_keys", "subject_id = ?1"],
  ["ledger_entries", `subject_id IN ${OWN}`],
  [
    "counters",
    "name LIKE 'checkout/' || (SELECT lower(hex(phone_index)) FROM attempts WHERE checkout_id = ?1) || '/%'",
  ],
];

/** What a checkout has left behind, as far as two checkouts that ended alike have it in common. */
export async function leftBy(db: Database, checkoutId: string): Promise<Record<string, unknown[]>> {
  const left: Record<string, unknown[]> = {};
  for (const [table, where] of tables) {
    const [columns, found] = await db.read([
      { sql: `SELECT name FROM pragma_table_info('${table}')`, args: [] },
      { sql: `SELECT * FROM ${table} WHERE ${where}`, args: [checkoutId] },
    ]);
    const names = (columns?.rows ?? []).map(([name]) => String(name));
    left[table] = (found?.rows ?? []).map((row) =>
      Object.fromEntries(names.map((name, i) => [name, TOLD.has(name) ? row[i] : kindOf(row[i] ?? null)]))
    );
  }
  return left;
}

function kindOf(value: Value): unknown {
  if (value === null) return null;
  if (value instanceof Uint8Array) return "bytes";
  return typeof value === "string" && value.startsWith("{") ? shapeOf(JSON.parse(value)) : typeof value;
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (value === null || typeof value !== "object") return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}
