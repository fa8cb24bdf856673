import { environmentNames, formatProblems, loadConfig } from "../config/config.ts";
import type { Log } from "../context/context.ts";
import { migrate } from "../db/migrator.ts";
import { openDatabase } from "../db/open.ts";
import { readEnvironment } from "../platform/deno.ts";
import { loadMigrations } from "../platform/deno/migrations.ts";
import { createMemoryStore } from "../platform/memory.ts";
import { createServices } from "../app/services.ts";
import { command, CommandFailed, UsageError } from "./frame/command.ts";
import { databaseOption, databaseUrl } from "./frame/database.ts";
import { runTask } from "./frame/main.ts";
import { compare, type Comparison } from "./replay/compare.ts";
import { copyRequests } from "./replay/copy.ts";
import { ReplayClock, replayNotices } from "./replay/notices.ts";

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

/** `replay --verify`: compares the recorded payments with what their notices say. */
export const replay = command({
  summary: "processes every notice of received money again, in a copy, and compares the payments",
  details: "Changes nothing. Needs ENCRYPTION_KEYS, to decrypt the notices.",
  options: { verify: { help: "required: says that nothing is to be changed" }, ...databaseOption },
  examples: ["--verify"],
  async run({ options, out }) {
    if (options.verify !== true) throw new UsageError("Give --verify; there is no other replay.");
    const { same, elsewhere, differences } = await verify(options.database ?? databaseUrl());
    if (differences.length > 0) throw new CommandFailed(`The inbox tells otherwise:\n${differences.join("\n")}`);
    const text =
      `${same} payments are what their notices say; ${elsewhere} more were learnt by asking, and have no notice.`;
    out.record({ same, elsewhere, differences: 0 }, text);
  },
});

if (import.meta.main) await runTask(replay, "deno task replay");
