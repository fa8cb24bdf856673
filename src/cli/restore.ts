import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Database } from "../db/database.ts";
import { pathOf } from "../db/file.ts";
import { statement } from "../db/query.ts";
import { checkFile, copyFile, withFile } from "./backup/copy.ts";
import { command, CommandFailed, UsageError } from "./frame/command.ts";
import { databaseOption, databaseUrl, withDatabase } from "./frame/database.ts";
import { runTask } from "./frame/main.ts";

/** Payouts that were sent after the backup are unsent in it. Without the pause they would be sent again. */
const PAUSE_REASON = "restored from a backup: compare with M-Pesa first";
const NEXT_STEPS = [
  "Payouts and refunds are paused: some that are queued in the backup may have been sent since. Before POST /v1/payouts/resume:",
  "  1. deno task migrate, then start the service",
  "  2. POST /v1/reconciliations for the time since the backup, so that money which arrived is recorded",
  "  3. compare queued payouts with the M-Pesa portal, and cancel what was sent",
];

/** `restore`: puts a backup in the place of the database, and pauses what pays out. */
export const restore = command({
  summary: "replaces the database of a file: URL with a backup, and pauses payouts and refunds",
  details:
    `Stop the service first. The old file is kept next to the new one. For a libSQL server: point DATABASE_URL at the database
that was made from a backup, and leave out --from. Payouts and refunds are paused, because some that are unsent in the
backup may have been sent since.`,
  options: { from: { value: "FILE", help: "the backup" }, ...databaseOption },
  examples: ["--from /var/backups/malipo.db"],
  async run({ options: { from, database = databaseUrl() }, out }) {
    const isFile = database.startsWith("file:");
    if (isFile !== (from !== undefined)) {
      throw new UsageError(isFile ? "Name the backup: --from FILE." : "A libSQL server is restored where it runs.");
    }
    const lines = from === undefined ? [] : replaceFile(from, pathOf(database), (step) => out.json || out.warn(step));
    await withDatabase(pausePayouts, database);
    out.record({ database, from: from ?? null, paused: true }, [...lines, ...NEXT_STEPS].join("\n"));
  },
});

function replaceFile(from: string, to: string, say: (step: string) => void): string[] {
  say(`Checking ${from}.`);
  checkFile(from);
  mkdirSync(dirname(to), { recursive: true });
  const aside = `${to}.before-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  const before = moveAside(to, aside);
  copyFile(from, to, say);
  return [`Restored ${to} from ${from}.`, ...(before ? [`What was there is kept as ${aside}.`] : [])];
}

/** Renames the old database, with its WAL written into the file. Errors: `Error` if a process still uses it. */
function moveAside(path: string, aside: string): boolean {
  try {
    Deno.statSync(path);
  } catch {
    return false;
  }
  if (!isUnused(path)) throw new CommandFailed(`${path} is in use; stop the service first.`);
  Deno.renameSync(path, aside);
  return true;
}

/** Whether no other process uses the file. Leaving WAL mode needs exclusive access, and writes the WAL into the file. */
function isUnused(path: string): boolean {
  try {
    return withFile(path, (db) => db.prepare("PRAGMA journal_mode = DELETE").raw().all([])[0]?.[0] === "delete");
  } catch {
    return false;
  }
}

const pausePayouts = async (db: Database): Promise<void> => {
  await db.write([
    statement(
      "INSERT INTO payout_pauses (scope, reason, paused_by, paused_at) VALUES ('*', ?, 'restore', ?) " +
        "ON CONFLICT (scope) DO NOTHING",
      PAUSE_REASON,
      Date.now(),
    ),
  ]);
};

if (import.meta.main) await runTask(restore, "deno task restore");
