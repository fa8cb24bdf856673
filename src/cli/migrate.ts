import { parseArgs } from "node:util";
import { type Database, DatabaseUnavailable } from "../db/database.ts";
import { migrate, type Migration, MigrationError, rollback, status } from "../db/migrator.ts";
import { openDatabase } from "../db/open.ts";
import { claimTimeline } from "../db/timeline-owner.ts";
import { makeFilesPrivate } from "../platform/deno/process.ts";
import { loadMigrations } from "../platform/deno/migrations.ts";

const USAGE =
  `migrate [--to NAME]                   applies the migrations that wait; with --to: up to and including NAME
migrate rollback [--steps N | --all]  undoes the newest N migrations (default: 1), or all of them
migrate status                        lists all migrations, and when each was applied
Each takes --database URL, else DATABASE_URL (and DATABASE_AUTH_TOKEN), else file:.data/malipo.db`;

class UsageError extends Error {}

function readArguments(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        database: { type: "string" },
        to: { type: "string" },
        steps: { type: "string" },
        all: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    return { ...values, command: positionals[0] ?? "migrate" };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function stepsOf(steps: string | undefined, all: boolean | undefined): number | "all" {
  if (all === true && steps === undefined) return "all";
  const count = Number(steps ?? "1");
  if (all === true || !Number.isInteger(count) || count < 1) {
    throw new UsageError("Give either --steps with a number from 1 up, or --all.");
  }
  return count;
}

type Action = (db: Database, migrations: readonly Migration[]) => Promise<string[]>;

function actionOf({ command, to, steps, all }: ReturnType<typeof readArguments>): Action {
  switch (command) {
    case "migrate":
      return async (db, migrations) => report("Applied", await migrate(db, migrations, to === undefined ? {} : { to }));
    case "rollback": {
      const count = stepsOf(steps, all);
      return async (db, migrations) => report("Rolled back", await rollback(db, migrations, { steps: count }));
    }
    case "status":
      return async (db, migrations) =>
        (await status(db, migrations)).map(({ name, appliedAt }) =>
          `${name}  ${appliedAt === null ? "waits" : `applied ${new Date(appliedAt).toISOString()}`}`
        );
    default:
      throw new UsageError(`There is no command ${command}.`);
  }
}

async function run(args: string[]): Promise<string[]> {
  const read = readArguments(args);
  if (read.help === true) return [USAGE];
  const action = actionOf(read);
  const migrations = await loadMigrations();
  const url = read.database ?? Deno.env.get("DATABASE_URL") ?? "file:.data/malipo.db";
  const db = await openDatabase(url, Deno.env.get("DATABASE_AUTH_TOKEN"));
  try {
    const timeline = Deno.env.get("DENO_TIMELINE");
    if (timeline) await claimTimeline(db, timeline); // set by Deno Deploy before it runs the new release
    return await action(db, migrations);
  } finally {
    await db.close();
  }
}

const report = (verb: string, names: readonly string[]): string[] =>
  names.length === 0 ? ["Nothing to do."] : names.map((name) => `${verb} ${name}`);

if (import.meta.main) {
  makeFilesPrivate();
  try {
    for (const line of await run(Deno.args)) console.log(line);
  } catch (error) {
    const known = error instanceof MigrationError || error instanceof DatabaseUnavailable || error instanceof TypeError;
    if (error instanceof UsageError) console.error(`${error.message}\n${USAGE}`);
    else if (known) console.error(`${"code" in error ? error.code : "unavailable"}: ${error.message}`);
    else console.error(String(error));
    Deno.exitCode = 1;
  }
}
