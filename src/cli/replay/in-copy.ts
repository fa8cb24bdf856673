import { createServices } from "../../app/services.ts";
import { formatProblems, loadConfig } from "../../config/config.ts";
import { environmentNames } from "../../config/config.ts";
import type { Log, Services } from "../../context/context.ts";
import type { Database } from "../../db/database.ts";
import { migrate } from "../../db/migrator.ts";
import { openDatabase } from "../../db/open.ts";
import { readEnvironment } from "../../platform/deno.ts";
import { loadMigrations } from "../../platform/deno/migrations.ts";
import { createMemoryStore } from "../../platform/memory.ts";
import { ReplayClock } from "./notices.ts";

const silentLog: Log = { write: () => {} };

/** A database, an empty one with the schema of this release, and the service on the latter. */
export interface Copy {
  readonly from: Database;
  readonly to: Database;
  readonly services: Services;
  readonly clock: ReplayClock;
}

/**
 * Gives `use` a temporary database beside that of `url`, which it only reads. The service on it asks nobody, tells nobody
 * and runs no jobs. Errors: `Error` if a setting is missing or wrong.
 */
export async function inCopy<T>(url: string, use: (copy: Copy) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-replay-" });
  const from = await openDatabase(url, Deno.env.get("DATABASE_AUTH_TOKEN"));
  const to = await openDatabase(`file:${folder}/replay.db`);
  try {
    await migrate(to, await loadMigrations());
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
    return await use({ from, to, services, clock });
  } finally {
    await Promise.all([from.close(), to.close()]);
    await Deno.remove(folder, { recursive: true });
  }
}
