import { taskOptions } from "../../src/cli/frame/task.ts";
import type { Database } from "../../src/db/database.ts";
import { openDatabase } from "../../src/db/open.ts";
import { above0, databaseOf } from "./given.ts";
import { grown, type Kept } from "./grown.ts";
import { accepted, Gun, latencies, percentile } from "./meter.ts";
import { startStand } from "./stand.ts";
import { handlesOf, usageOf } from "./usage.ts";

/**
 * `deno task soak`: half the sustainable rate for long. Exits 1 when memory, handles or the table of jobs grow, or when
 * a checkout is not accepted.
 */
const given = taskOptions("deno task soak", {
  summary: "half the sustainable rate for long, to see whether memory, handles or the table of jobs grow",
  options: {
    minutes: { value: "MINUTES", help: "10 if left out" },
    rate: { value: "RATE", help: "checkouts a second, in place of the measured half" },
    database: { value: "file|sqld", help: "file if left out" },
  },
});
const values = { minutes: "10", rate: undefined, database: "file", ...given };
const minutes = above0("minutes", values.minutes);
const database = databaseOf(values.database);
const SETTLES_MS = 3_000;

async function jobsIn(db: Database): Promise<number> {
  const [result] = await db.read([{ sql: "SELECT count(*) FROM jobs", args: [] }]);
  return Number(result?.rows[0]?.[0]);
}

const stand = await startStand({
  database,
  env: { SIMULATOR_CALLBACK_DELAY_MS: "500", SIMULATOR_KEEP: "2000" },
});
const [api] = stand.apis;
if (api === undefined) throw new Error("No API runs.");
const db = await openDatabase(stand.databaseUrl);
try {
  const gunNow = async () => new Gun(api.url, await api.client.token()); // a token lives 10 minutes
  await (await gunNow()).closed(8, 4_000);
  const found = accepted(await (await gunNow()).closed(32, 5_000)).length / 5;
  const rate = Math.round(values.rate === undefined ? found / 2 : above0("rate", values.rate));
  console.log(`  ${rate} checkouts a second for ${minutes} min, ${database}`);
  console.log("  minute  p95 ms  failed     MiB handles    jobs");
  const rows: Kept[] = [];
  let failed = 0;
  for (let minute = 1; minute <= minutes; minute++) {
    const { shots } = await (await gunNow()).open(rate, 60_000 - SETTLES_MS);
    const bad = shots.length - accepted(shots).length;
    failed += bad;
    await new Promise((resolve) => setTimeout(resolve, SETTLES_MS)); // what was just begun ends
    const { residentMiB: MiB } = await usageOf(api.process.pid);
    const row = { MiB, handles: await handlesOf(api.process.pid), jobs: await jobsIn(db) };
    rows.push(row);
    const cells = [minute, percentile(latencies(shots), 0.95), bad, row.MiB, row.handles, row.jobs];
    console.log(cells.map((cell) => String(cell).padStart(8)).join(""));
  }
  const wrong = [...grown(rows), ...(failed > 0 ? [`${failed} checkouts were not accepted`] : [])];
  for (const what of wrong) console.error(`  WRONG: ${what}`);
  if (wrong.length > 0) Deno.exitCode = 1;
} finally {
  await db.close();
  await stand.stop();
}
