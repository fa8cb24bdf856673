import { environmentNames, formatProblems, loadConfig } from "../config/config.ts";
import type { Log } from "../context/context.ts";
import { migrate } from "../db/migrator.ts";
import { openDatabase } from "../db/open.ts";
import { readEnvironment } from "../platform/deno.ts";
import { loadMigrations } from "../platform/deno/migrations.ts";
import { createMemoryStore } from "../platform/memory.ts";
import { createServices } from "../app/services.ts";
import { parseOptions, runCommand } from "./backup/arguments.ts";
import { compare, type Comparison } from "./replay/compare.ts";
import { copyRequests } from "./replay/copy.ts";
import { ReplayClock, replayNotices } from "./replay/notices.ts";

const USAGE = `replay --verify [--database URL]
Processes every notice of received money again, in a copy that holds the requests without their outcomes, and compares
the resulting payments with those recorded. Changes nothing. Needs ENCRYPTION_KEYS, to decrypt the notices.`;

const silentLog: Log = { write: () => {} };

/** Replays the inbox of a database in a temporary copy without settlements. Errors: `Error` if a setting is missing or wrong. */
export async function verify(url: string): Promise<Comparison> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-replay-" });
  const from = await openDatabase(url, Deno.env.get("DATABASE_AUTH_TOKEN"));
  const to = await openDatabase(`file:${folder}/replay.db`);
  try {
    await migrate(to, await loadMigrations());
    await copyRequests(from, to);
    const clock = new ReplayClock();
    const store = createMemoryStore(clock, silentLog);
    const env = readEnvironment(environmentNames);
    const loaded = loadConfig({ ...env, DATABASE_URL: url }, env["APP_ENV"] ? "start" : "development");
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    const services = await createServices({
      config: loaded.config,
      clock,
      db: to,
      kv: store.keyValue,
      queue: store.queue,
      log: silentLog,
      fetch: () => Promise.reject(new Error("A replay asks nobody.")),
    });
    const { texts, problems } = await replayNotices(from, services, clock);
    const comparison = await compare(from, to, texts);
    return { ...comparison, differences: [...problems, ...comparison.differences] };
  } finally {
    await Promise.all([from.close(), to.close()]);
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(args: readonly string[]): Promise<string[]> {
  const { database, flags } = parseOptions(args, [], ["verify"]);
  if (flags.has("help") || !flags.has("verify")) return [USAGE];
  const { same, elsewhere, differences } = await verify(database);
  if (differences.length > 0) throw new Error(`The inbox tells otherwise:\n${differences.join("\n")}`);
  return [`${same} payments are what their notices say; ${elsewhere} more were learnt by asking, and have no notice.`];
}

if (import.meta.main) await runCommand(USAGE, () => run(Deno.args));
