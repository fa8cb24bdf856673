import { createServices } from "../../app/services.ts";
import type { Config } from "../../config/config.ts";
import type { Log } from "../../context/context.ts";
import type { Database } from "../../db/database.ts";
import type { Migration } from "../../db/migrator.ts";
import type { Clock, Store } from "../../platform/ports.ts";
import { checkAddress, checkPath, type Outside } from "./address.ts";
import { checkFiles, type Machine } from "./host.ts";
import { type DoctorCheck, failed, isWrong, passed } from "./report.ts";
import { checkShortcodes } from "./shortcodes.ts";
import { checkDaraja, checkDatabase, checkKv } from "./surroundings.ts";
import { checkWork } from "./work.ts";

/** All that an installation stands on. */
export interface Surroundings {
  readonly config: Config;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly outside: Outside;
  readonly machine: Machine;
  readonly store: Store;
  /** Null: it could not be opened. */
  readonly db: Database | null;
  readonly migrations: readonly Migration[];
}

/** What is examined of the shortcodes. */
export interface Wanted {
  /** Numbers; all, if there are none. */
  readonly numbers: readonly string[];
  /** Lists the C2B addresses, which are secret. */
  readonly urls: boolean;
}

const quiet: Log = { write: () => {} };

/** Runs all checks: everything that can be wrong with an installation. It moves no money and rings no phone. */
export async function examine(of: Surroundings, { numbers, urls }: Wanted): Promise<DoctorCheck[]> {
  const { config, clock, fetch: send, store, db } = of;
  const checks: DoctorCheck[] = [
    passed("settings", `Complete, for ${config.environment}.`),
    checkAddress(config),
    ...await checkPath(config, of.outside),
    ...await checkDaraja(config, clock, send),
    ...checkFiles(config, of.machine),
    await checkKv(config, store),
  ];
  if (db === null) {
    return [...checks, failed("database", "Can't be opened.", "Check DATABASE_URL and DATABASE_AUTH_TOKEN.")];
  }
  const stored = await checkDatabase(db, of.migrations);
  checks.push(...stored);
  if (stored.some(isWrong)) return checks;
  checks.push(...await checkWork(db, clock.now()));
  const { keyValue: kv, queue } = store;
  const services = await createServices({ config, clock, db, kv, queue, log: quiet, fetch: send });
  try {
    return [...checks, ...await checkShortcodes(services, numbers, urls)];
  } finally {
    services.daraja.close?.();
  }
}
