import { parseArgs } from "node:util";
import { openDatabase } from "../../src/db/open.ts";
import { type Product, startProduct } from "../support/product.ts";
import { Gun, handles, percentile, residentMiB } from "./meter.ts";

/** Half the sustainable rate for long: memory, handles and the table of jobs must not grow. */
const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, rate: { type: "string" } },
});
const MINUTES = Number(values.minutes);

async function jobs(product: Product): Promise<number> {
  const db = await openDatabase(product.env.DATABASE_URL ?? "");
  const [result] = await db.read([{ sql: "SELECT count(*) FROM jobs", args: [] }]);
  await db.close();
  return Number(result?.rows[0]?.[0]);
}

const env = { SIMULATOR_CALLBACK_DELAY_MS: "500", SIMULATOR_KEEP: "2000" };
const product = await startProduct({ env });
try {
  await new Gun(product, await product.token()).closed(8, 2_000);
  const found = (await new Gun(product, await product.token()).closed(32, 5_000)).length / 5;
  const rate = Math.round(Number(values.rate ?? found / 2));
  console.log(`  ${rate} checkouts a second for ${MINUTES} min\n  minute  p95 ms  failed  MiB  handles  jobs`);
  for (let minute = 1; minute <= MINUTES; minute++) {
    const shots = await new Gun(product, await product.token()).open(rate, 60_000);
    const failed = shots.filter(({ status }) => status !== 201).length;
    const p95 = percentile(shots.map(({ ms }) => ms), 0.95);
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // what was just begun ends
    const pid = product.pid ?? 0;
    const row = [minute, p95, failed, await residentMiB(pid), await handles(pid), await jobs(product)];
    console.log(row.map((cell) => String(cell).padStart(8)).join(""));
  }
} finally {
  await product.stop();
}
