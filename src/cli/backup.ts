import { pathOf } from "../db/file.ts";
import { copyFile } from "./backup/copy.ts";
import { command, CommandFailed, UsageError } from "./frame/command.ts";
import { databaseOption, databaseUrl } from "./frame/database.ts";
import { runTask } from "./frame/main.ts";

const SERVER_BACKUP_HELP = `A libSQL server is backed up where it runs, not through its clients:
  Turso      keeps a history of every database; to have a copy in hand:
             turso db shell NAME .dump > malipo.sql, later turso db create COPY --from-dump malipo.sql
             to go back to a moment: turso db create COPY --from-db NAME --timestamp 2026-11-22T09:30:00Z
  own sqld   copy its data folder from a snapshot of the disk, or start it with --enable-bottomless-replication
Then point DATABASE_URL at the copy and run restore --database URL, which stops payouts until you let them go.`;

const KEYS_REMINDER =
  "Keep ENCRYPTION_KEYS with it, elsewhere: without them phones, credentials and notices can't be read.";

/** `backup`: copies a database file while the service runs. */
export const backup = command({
  summary: "copies the database of a file: URL, as it is at one moment, while the service runs",
  details: SERVER_BACKUP_HELP,
  options: { to: { value: "FILE", help: "the file to write; it must not exist" }, ...databaseOption },
  examples: ["--to /var/backups/malipo.db"],
  run: ({ options: { to, database = databaseUrl() }, out }) => {
    if (!database.startsWith("file:")) throw new CommandFailed(SERVER_BACKUP_HELP);
    if (to === undefined) throw new UsageError("Name the file to write: --to FILE.");
    if (exists(to)) throw new CommandFailed(`${to} exists already. Name a file that does not exist.`);
    copyFile(pathOf(database), to, (step) => out.json || out.warn(step));
    const { size } = Deno.statSync(to);
    const text = `Copied ${database} to ${to} (${size} bytes), and checked the copy.\n${KEYS_REMINDER}`;
    out.record({ from: database, to, bytes: size }, text);
    return Promise.resolve();
  },
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) await runTask(backup, "deno task backup");
