import type { Database } from "./database.ts";
import { MigrationError } from "./migration.ts";

const PRODUCTION = "production";
const NOW = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

const CREATE_OWNER = `CREATE TABLE IF NOT EXISTS schema_owner (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  timeline TEXT NOT NULL,
  claimed_at INTEGER NOT NULL
) STRICT`;

/**
 * Checks that the database belongs to a timeline of Deno Deploy, and claims it if nobody has. The production database
 * belongs to `production` only; all other timelines may share one. Only `production` may claim a database that already has
 * a schema, because such a database may be the real one.
 * Errors: MigrationError `wrong_timeline`.
 */
export async function claimTimeline(db: Database, timeline: string): Promise<void> {
  const owner = await timelineOwner(db);
  if (owner === null) {
    if (timeline !== PRODUCTION && await hasTable(db, "schema_migrations")) {
      throw wrongTimeline("was set up outside of Deno Deploy, so it may be the production database", timeline);
    }
    await db.write([
      { sql: CREATE_OWNER, args: [] },
      {
        sql: `INSERT INTO schema_owner (id, timeline, claimed_at) VALUES (1, ?, ${NOW}) ON CONFLICT (id) DO NOTHING`,
        args: [timeline],
      },
    ]);
  }
  await checkTimeline(db, timeline);
}

/**
 * Checks that the database does not belong to the other kind of timeline. Nobody's database passes.
 * Errors: MigrationError `wrong_timeline`.
 */
export async function checkTimeline(db: Database, timeline: string | null): Promise<void> {
  const owner = await timelineOwner(db);
  if (owner !== null && (owner === PRODUCTION) !== (timeline === PRODUCTION)) {
    throw wrongTimeline(`belongs to the timeline ${owner}`, timeline);
  }
}

async function timelineOwner(db: Database): Promise<string | null> {
  if (!await hasTable(db, "schema_owner")) return null;
  const [found] = await db.read([{ sql: "SELECT timeline FROM schema_owner", args: [] }]);
  const timeline = found?.rows[0]?.[0];
  return timeline === undefined ? null : String(timeline);
}

async function hasTable(db: Database, name: string): Promise<boolean> {
  const [found] = await db.read([{
    sql: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
    args: [name],
  }]);
  return found?.rows.length === 1;
}

const wrongTimeline = (why: string, timeline: string | null): MigrationError =>
  new MigrationError(
    "wrong_timeline",
    `The database ${why}. This is the timeline ${timeline ?? "(none)"}. ` +
      "Give each context of the app its own DATABASE_URL; nothing was changed.",
  );
