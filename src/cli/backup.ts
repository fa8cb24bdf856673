import { pathOf } from "../db/file.ts";
import { parseOptions, runCommand, UsageError } from "./backup/arguments.ts";
import { copyFile } from "./backup/copy.ts";

const USAGE = `backup --to FILE [--database URL]
Copies the database of a file: URL, as it is at one moment, while the service runs. Default: DATABASE_URL.`;

const SERVER_BACKUP_HELP = `A libSQL server is backed up where it runs, not through its clients:
  Turso      keeps a history of every database; to have a copy in hand:
             turso db shell NAME .dump > malipo.sql, later turso db create COPY --from-dump malipo.sql
             to go back to a moment: turso db create COPY --from-db NAME --timestamp 2026-11-22T09:30:00Z
  own sqld   copy its data folder from a snapshot of the disk, or start it with --enable-bottomless-replication
Then point DATABASE_URL at the copy and run restore --database URL, which stops payouts until you let them go.`;

/** `deno task backup`. */
function backup(args: readonly string[]): string[] {
  const { database, texts, flags } = parseOptions(args, ["to"]);
  if (flags.has("help")) return [USAGE];
  if (!database.startsWith("file:")) throw new Error(SERVER_BACKUP_HELP);
  if (texts.to === undefined) throw new UsageError("Name the file to write: --to FILE.");
  if (exists(texts.to)) throw new Error(`${texts.to} exists already. Name a file that does not exist.`);
  copyFile(pathOf(database), texts.to);
  const { size } = Deno.statSync(texts.to);
  return [`Copied ${database} to ${texts.to} (${size} bytes), and checked the copy.`, KEYS_REMINDER];
}

const KEYS_REMINDER =
  "Keep ENCRYPTION_KEYS with it, elsewhere: without them phones, credentials and notices can't be read.";

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) await runCommand(USAGE, () => Promise.resolve(backup(Deno.args)));
