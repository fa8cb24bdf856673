import { loadConfig } from "../../src/config/config.ts";
import type { Services } from "../../src/context/context.ts";
import { seed } from "../../src/cli/seed.ts";
import { createVault } from "../../src/crypto/vault.ts";
import { migrate } from "../../src/db/migrator.ts";
import { openDatabase } from "../../src/db/open.ts";
import { createDenoOutbound, systemClock } from "../../src/platform/deno.ts";
import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import { createMemoryStore } from "../../src/platform/memory.ts";
import type { Outbound } from "../../src/platform/ports.ts";
import { jobHandlers } from "../../src/app/job-handlers.ts";
import { createServices } from "../../src/app/services.ts";
import { withStore } from "../support/database.ts";

/**
 * Runs a test on the services with a real clock and real requests to endpoints, on a fresh database with the seed.
 * `wrapOutbound` puts something between the service and the network.
 */
export async function withServices(
  test: (services: Services) => Promise<void>,
  wrapOutbound: (real: Outbound) => Outbound = (real) => real,
): Promise<void> {
  await withStore("file", async (url) => {
    const loaded = loadConfig({ APP_ENV: "test", DATABASE_URL: url }, "start");
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const { config } = loaded;
    const db = await openDatabase(url);
    await migrate(db, await loadMigrations());
    await seed({ db, clock: systemClock, vault: await createVault(config.keys.encryption) });
    const log = { write() {} };
    const store = createMemoryStore(systemClock, log);
    const services = await createServices({
      config,
      clock: systemClock,
      db,
      log,
      kv: store.keyValue,
      queue: store.queue,
      fetch,
      outbound: wrapOutbound(createDenoOutbound()),
    });
    services.jobs.start(jobHandlers(services));
    try {
      await test(services);
    } finally {
      await services.jobs.stop(50);
      services.daraja.close?.();
      store.close();
      await db.close();
    }
  });
}

/** Polls until something is so. */
export async function waitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!await holds()) {
    if (Date.now() > deadline) throw new Error(`${what} did not come in ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
