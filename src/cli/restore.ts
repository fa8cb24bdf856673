import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Database } from "../db/database.ts";
import { pathOf } from "../db/file.ts";
import { openDatabase } from "../db/open.ts";
import { statement } from "../db/query.ts";
import { parseOptions, runCommand, UsageError } from "./backup/arguments.ts";
import { checkFile, copyFile, withFile } from "./backup/copy.ts";

const USAGE = `restore --from FILE [--database URL]
Puts a backup in the place of the database of a file: URL, and keeps what was there beside it. Stop the service first.
For a libSQL server: point DATABASE_URL at the database that was made from a backup, and leave --from out.
Either way payouts are paused: what the backup calls unsent may have been sent since.`;

/** What was sent after the backup was made would be sent again by whoever trusts it. */
const PAUSE_REASON = "restored from a backup: compare with M-Pesa first";
const NEXT_STEPS = [
  "Payouts are paused: some that the backup calls queued may have been sent since. Before POST /v1/payouts/resume:",
  "  1. deno task migrate, then start the service",
  "  2. POST /v1/reconciliations for the time since the backup, so that money which arrived is recorded",
  "  3. compare queued payouts with the M-Pesa portal, and cancel what was sent",
];

/** `deno task restore`. */
async function restore(args: readonly string[]): Promise<string[]> {
  const { database, texts, flags } = parseOptions(args, ["from"]);
  if (flags.has("help")) return [USAGE];
  const isFile = database.startsWith("file:");
  if (isFile !== (texts.from !== undefined)) {
    throw new UsageError(isFile ? "Say what from: --from FILE." : "A libSQL server is restored where it runs.");
  }
  const said = texts.from === undefined ? [] : replaceFile(texts.from, pathOf(database));
  const db = await openDatabase(database, Deno.env.get("DATABASE_AUTH_TOKEN"));
  try {
    await pausePayouts(db);
  } finally {
    await db.close();
  }
  return [...said, ...NEXT_STEPS];
}

function replaceFile(from: string, to: string): string[] {
  checkFile(from);
  mkdirSync(dirname(to), { recursive: true });
  const aside = `${to}.before-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  const before = moveAside(to, aside);
  copyFile(from, to);
  return [`Restored ${to} from ${from}.`, ...(before ? [`What was there is kept as ${aside}.`] : [])];
}

/** The old database, its log folded in. Errors: when a process still uses it. */
function moveAside(path: string, aside: string): boolean {
  try {
    Deno.statSync(path);
  } catch {
    return false;
  }
  if (!isUnused(path)) throw new Error(`${path} is in use; stop the service first.`);
  Deno.renameSync(path, aside);
  return true;
}

/** Folds the log into the file, which needs it for itself alone. */
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

if (import.meta.main) await runCommand(USAGE, () => restore(Deno.args));
