import type { Database } from "../db/database.ts";
import {
  migrate as apply,
  type Migration,
  MigrationError,
  rollback as undo,
  status as statusOf,
} from "../db/migrator.ts";
import { claimTimeline } from "../db/timeline-owner.ts";
import { loadMigrations } from "../platform/deno/migrations.ts";
import { command, CommandFailed, type Group, UsageError } from "./frame/command.ts";
import { databaseOption, withDatabase } from "./frame/database.ts";
import { runTask } from "./frame/main.ts";

type Work<T> = (db: Database, migrations: readonly Migration[]) => Promise<T>;

/** Deno Deploy sets the timeline before it runs the new release; the database must be that timeline's. */
async function withMigrations<T>(url: string | undefined, work: Work<T>): Promise<T> {
  const migrations = await loadMigrations();
  return await withDatabase(async (db) => {
    try {
      const timeline = Deno.env.get("DENO_TIMELINE");
      if (timeline) await claimTimeline(db, timeline);
      return await work(db, migrations);
    } catch (error) {
      throw error instanceof MigrationError ? new CommandFailed(`${error.code}: ${error.message}`) : error;
    }
  }, url);
}

const report = (verb: string, names: readonly string[]): string =>
  names.length === 0 ? "Nothing to do." : names.map((name) => `${verb} ${name}`).join("\n");

const up = command({
  summary: "applies the migrations that wait",
  options: { to: { value: "NAME", help: "up to and including this one" }, ...databaseOption },
  async run({ options: { to, database }, out }) {
    const done = await withMigrations(database, (db, all) => apply(db, all, to === undefined ? {} : { to }));
    out.record({ applied: done }, report("Applied", done));
  },
});

function stepsOf(steps: string | undefined, all: boolean): number | "all" {
  if (all && steps === undefined) return "all";
  const count = Number(steps ?? "1");
  if (all || !Number.isInteger(count) || count < 1) {
    throw new UsageError("Give either --steps with a number from 1 up, or --all.");
  }
  return count;
}

const rollback = command({
  summary: "undoes the newest migrations: one, --steps N, or --all",
  options: {
    steps: { value: "N", help: "how many; 1 if left out" },
    all: { help: "all of them: the database is empty then" },
    ...databaseOption,
  },
  async run({ options: { steps, all, database }, out }) {
    const count = stepsOf(steps, all === true);
    const done = await withMigrations(database, (db, known) => undo(db, known, { steps: count }));
    out.record({ rolled_back: done }, report("Rolled back", done));
  },
});

const status = command({
  summary: "lists all migrations, and when each was applied",
  options: databaseOption,
  async run({ options: { database }, out }) {
    const found = await withMigrations(database, statusOf);
    const at = (ms: number | null) => ms === null ? null : new Date(ms).toISOString();
    const text = found.map(({ name, appliedAt }) =>
      `${name}  ${appliedAt === null ? "waits" : `applied ${at(appliedAt)}`}`
    );
    out.record(found.map(({ name, appliedAt }) => ({ name, applied_at: at(appliedAt) })), text.join("\n"));
  },
});

/** `migrate`: brings the schema of the database to this release, or back. */
export const migrate: Group = {
  summary: "brings the schema of the database to this release, or back",
  details: "Without a command it applies the migrations that wait.",
  commands: { up, rollback, status },
  default: "up",
  examples: ["", "status", "rollback --steps 2"],
};

if (import.meta.main) await runTask(migrate, "deno task migrate");
