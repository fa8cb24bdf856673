import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import { seed } from "../../src/cli/seed.ts";
import { formatProblems, loadConfig, settingNames } from "../../src/config/config.ts";
import { createVault } from "../../src/crypto/vault.ts";
import { migrate } from "../../src/db/migrator.ts";
import { openDatabase } from "../../src/db/open.ts";
import { start } from "../../src/app/start.ts";
import { readEnvironment, systemClock, untilStopped } from "../../src/platform/deno.ts";
import { jsonLog } from "../../src/telemetry/json-log.ts";
import { registerC2b } from "./register.ts";

/** Run by product.ts: the API as `deno task start` runs it, on a database that is migrated and seeded first. */
const loaded = loadConfig(readEnvironment(settingNames), "start");
if (!loaded.ok) {
  console.error(formatProblems(loaded.problems));
  Deno.exit(1);
}
const { config } = loaded;
const stopped = untilStopped();
const db = await openDatabase(config.database.url, config.database.authToken ?? undefined);
await migrate(db, await loadMigrations());
await seed({ db, clock: systemClock, vault: await createVault(config.keys.encryption) });
const running = await start(config, jsonLog, db);
await registerC2b(running.services);
jsonLog.write("info", "test_ready");
await stopped.signal;
await running.stop();
Deno.exit(0);
