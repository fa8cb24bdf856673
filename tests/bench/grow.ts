import { progressOf } from "../../src/cli/frame/output.ts";
import { taskOptions } from "../../src/cli/frame/task.ts";
import { seed } from "../../src/cli/seed.ts";
import { type Config, formatProblems, loadConfig } from "../../src/config/config.ts";
import { createVault } from "../../src/crypto/vault.ts";
import type { Database } from "../../src/db/database.ts";
import { statement } from "../../src/db/query.ts";
import { migrate } from "../../src/db/migrator.ts";
import type { Jobs } from "../../src/jobs/jobs.ts";
import { createDenoAead, systemClock } from "../../src/platform/deno.ts";
import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import { createMemoryKeyValue } from "../../src/platform/memory.ts";
import { createServices } from "../../src/app/services.ts";
import { live } from "./grow/lives.ts";
import { type PastServices, Scribe } from "./grow/scribe.ts";
import { openShops } from "./grow/shops.ts";
import { openStore } from "./grow/store.ts";

const DAY_MS = 86_400_000;
const SPAN_MS = 90 * DAY_MS;
const SINCE_MS = 3_600_000; // every life has ended by now
const AT_ONCE = 1000;
const NO_JOB = statement("SELECT 1");

export interface GrowOptions {
  /** `file:` or a libSQL server's; made, migrated and given the development seed where it lacks them. */
  readonly url: string;
  readonly authToken?: string;
  readonly checkouts: number;
  readonly merchants?: number;
  readonly progress?: (done: number) => void;
}

/**
 * Fills a database with what so many checkouts of the last 90 days have left: rows, ledger and sealed fields are those
 * that the product would have written, and open with the development keys. What retention removes (keys after a week,
 * the counters of past days) is not there. Errors: when the database has checkouts already.
 */
export async function grow({ url, authToken, checkouts, merchants = 5, progress }: GrowOptions): Promise<void> {
  const store = await openStore(url, authToken);
  try {
    await prepare(url, store);
    const services = await pastServices(url, store);
    const shopOf = await openShops(services, merchants);
    const until = services.clock.now();
    const people = Math.max(50, Math.round(checkouts / 8));
    for (let n = 0; n < checkouts;) {
      const statements = [];
      for (const end = Math.min(checkouts, n + AT_ONCE); n < end; n++) {
        const scribe = new Scribe(services, shopOf(n), until);
        await live(scribe, n, people, until - SPAN_MS + Math.floor((SPAN_MS - SINCE_MS) * n / checkouts));
        for (const statement of scribe.statements) statements.push(statement);
      }
      await store.fill(statements);
      progress?.(n);
    }
  } finally {
    await store.close();
  }
}

async function prepare(url: string, db: Database): Promise<void> {
  await migrate(db, await loadMigrations());
  await seed({ db, clock: systemClock, vault: await createVault(developmentConfig(url).keys.encryption) });
  const [found] = await db.read([{ sql: "SELECT 1 FROM checkouts LIMIT 1", args: [] }]);
  if (found?.rows.length !== 0) throw new Error("The database has checkouts already; seeding needs one without.");
}

function developmentConfig(url: string): Config {
  const loaded = loadConfig({ APP_ENV: "test", DATABASE_URL: url, DARAJA_BASE_URL: "http://127.0.0.1:1" }, "start");
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
}

async function pastServices(url: string, db: Database): Promise<PastServices> {
  let at = systemClock.now();
  const clock = { now: () => at, set: (ms: number) => void (at = ms) };
  const services = await createServices({
    config: developmentConfig(url),
    clock,
    db,
    kv: createMemoryKeyValue(clock),
    queue: { enqueue: () => Promise.resolve(), listen: () => {} },
    log: { write: () => {} },
    fetch: () => Promise.reject(new TypeError("Seeding calls nobody.")),
    aead: createDenoAead,
  });
  // of what is over, nothing is left to do
  const jobs = Object.assign(Object.create(services.jobs) as Jobs, { schedule: () => NO_JOB, drop: () => NO_JOB });
  return { ...services, clock, jobs };
}

if (import.meta.main) {
  const given = taskOptions("deno task seed", {
    summary: "fills a database with what so many checkouts of the last 90 days leave",
    options: {
      database: { value: "URL", help: "else DATABASE_URL, else file:.data/grown.db; it must have no checkouts" },
      checkouts: { value: "N", help: "1000000 if left out" },
      merchants: { value: "N", help: "5 if left out" },
    },
  });
  const database = Deno.env.get("DATABASE_URL") ?? "file:.data/grown.db";
  const values = { database, checkouts: "1000000", merchants: "5", ...given };
  const [total, progress] = [Number(values.checkouts), progressOf("Checkouts", Deno.stderr.isTerminal())];
  await grow({
    url: values.database,
    checkouts: total,
    merchants: Number(values.merchants),
    progress: (done) => progress.update(done, total),
  });
  progress.end();
  console.log(`${total} checkouts are in ${values.database}.`);
}
