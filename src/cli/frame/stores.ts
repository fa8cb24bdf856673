import { type Config, environmentNames, formatProblems, loadConfig } from "../../config/config.ts";
import type { Database } from "../../db/database.ts";
import { openDatabase } from "../../db/open.ts";
import { openStore, readEnvironment, systemClock } from "../../platform/deno.ts";
import type { Clock, KeyValue } from "../../platform/ports.ts";
import { CommandFailed } from "./command.ts";

/** What the settings of the environment name: those of the service, or without `APP_ENV` those of `deno task dev`. */
export interface Stores {
  readonly config: Config;
  readonly db: Database;
  readonly kv: KeyValue;
  /** Whether the key-value store is the service's, and not one in the memory of this process. */
  readonly hasKv: boolean;
  readonly clock: Clock;
}

/** The settings of the environment. Errors: {@link CommandFailed}. */
export function readConfig(): Config {
  const env = readEnvironment(environmentNames);
  const loaded = loadConfig(env, env["APP_ENV"] ? "start" : "development");
  if (!loaded.ok) throw new CommandFailed(formatProblems(loaded.problems));
  return loaded.config;
}

/** Opens the service's stores for a command, and closes them after it. Errors: {@link CommandFailed} for wrong settings. */
export async function withStores<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
  const config = readConfig();
  const db = await openDatabase(config.database.url, config.database.authToken ?? undefined);
  const store = await openStore({ path: config.kv.path, hasQueue: false }, systemClock, { write: () => {} });
  try {
    return await work({ config, db, kv: store.keyValue, hasKv: store.durable, clock: systemClock });
  } finally {
    store.close();
    await db.close();
  }
}
