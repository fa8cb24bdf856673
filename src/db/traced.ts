import type { Telemetry, Tracing } from "../telemetry/tracing.ts";
import type { Clock } from "../platform/ports.ts";
import type { Database, Statement } from "./database.ts";

/** Tables whose rows are later work, or what later news is about: their first column is the id. */
const REMEMBERED = new Set(["attempts", "payouts", "refunds", "jobs", "events"]);
const MAX_SUMMARY = 255; // characters, as the convention says
const MAX_KNOWN = 4_000;

/** What a statement does, such as INSERT into jobs. Its text has marks in the place of values. */
interface Shape {
  readonly operation: string;
  readonly table: string;
  readonly summary: string;
  readonly isRemembered: boolean;
}

const known = new Map<string, Shape>();

function shapeOf(sql: string): Shape {
  const cached = known.get(sql);
  if (cached !== undefined) return cached;
  const operation = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? "";
  const table = /\b(?:FROM|INTO|UPDATE(?: OR \w+)?)\s+(\w+)/i.exec(sql)?.[1] ?? "";
  const isRemembered = operation === "INSERT" && REMEMBERED.has(table);
  const shape = { operation, table, summary: `${operation} ${table}`.trim(), isRemembered };
  if (known.size < MAX_KNOWN) known.set(sql, shape);
  return shape;
}

/** By the stable conventions of OpenTelemetry for databases. No text of a statement, and no value. */
function describe(statements: readonly Statement[]) {
  const shapes = statements.map(({ sql }) => shapeOf(sql));
  const [first] = shapes;
  const common = { "db.system.name": "sqlite", "db.namespace": "malipo" };
  if (shapes.length === 1 && first !== undefined) {
    const attributes = { "db.operation.name": first.operation, "db.collection.name": first.table };
    return { name: first.summary, attributes: { ...common, ...attributes, "db.query.summary": first.summary } };
  }
  const summary = [...new Set(shapes.map(({ summary }) => summary))].join("; ").slice(0, MAX_SUMMARY);
  const attributes = { "db.operation.name": "BATCH", "db.operation.batch.size": shapes.length };
  return { name: "BATCH", attributes: { ...common, ...attributes, "db.query.summary": summary } };
}

/** Statement: keeps the running span for the rows that the batch inserts; null where it inserts none of them. */
function remember(statements: readonly Statement[], context: string, now: number): Statement | null {
  const ids = statements.filter(({ sql }) => shapeOf(sql).isRemembered).map(({ args: [id] }) => id ?? null);
  if (ids.length === 0) return null;
  const rows = ids.map(() => "(?, ?, ?)").join(", ");
  return {
    sql: `INSERT OR REPLACE INTO trace_contexts (subject_id, context, created_at) VALUES ${rows}`,
    args: ids.flatMap((id) => [id, context, now]),
  };
}

/** A database that records a span for each round trip within a span, and stores which span asked for later work. */
export function tracedDatabase(db: Database, tracing: Tracing, clock: Clock): Database {
  return {
    read(statements) {
      if (tracing.current() === null) return db.read(statements);
      const { name, attributes } = describe(statements);
      return tracing.span(name, { kind: "client", attributes }, () => db.read(statements));
    },
    write(statements) {
      const current = tracing.current();
      if (current === null) return db.write(statements);
      const { name, attributes } = describe(statements);
      const more = remember(statements, current, clock.now());
      return tracing.span(name, { kind: "client", attributes }, async () => {
        if (more === null) return await db.write(statements);
        return (await db.write([...statements, more])).slice(0, statements.length);
      });
    },
    close: () => db.close(),
  };
}

/** Tracing with what the database keeps of it. `db` is the database without spans. */
export const withStoredContexts = (tracing: Tracing, db: Database): Telemetry => ({
  ...tracing,
  async stored(subjectId) {
    try {
      const sql = "SELECT context FROM trace_contexts WHERE subject_id = ?";
      const [found] = await tracing.apart(() => db.read([{ sql, args: [subjectId] }]));
      const [context] = found?.rows[0] ?? [];
      return typeof context === "string" ? context : null;
    } catch {
      return null; // a trace must not fail the work that it is about
    }
  },
});
