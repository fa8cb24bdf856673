import { parseArgs } from "node:util";
import { type Product, startProduct } from "../support/product.ts";
import { Gun, percentile, residentMiB, type Shot } from "./meter.ts";

/** Five times the sustainable rate, and what it does. Exits 1 when accepted work is lost or it does not recover. */
const { values } = parseArgs({ options: { seconds: { type: "string", default: "30" } } });
const SECONDS = Number(values.seconds);
const TIMES = 5;
const RECOVERY_MS = 5_000;

const say = (name: string, value: unknown): void => console.log(`  ${name.padEnd(34)} ${value}`);
const accepted = (shots: readonly Shot[]): Shot[] => shots.filter(({ status }) => status === 201);
const latencies = (shots: readonly Shot[]): number[] => shots.map(({ ms }) => ms);

async function settled(product: Product, ids: readonly string[]): Promise<number> {
  let open = new Set(ids);
  const deadline = Date.now() + 60_000;
  while (open.size > 0 && Date.now() < deadline) {
    const left = new Set<string>();
    for (const id of open) {
      const { body } = await product.call<{ status: string }>("GET", `/v1/checkouts/${id}`);
      if (body.status !== "succeeded") left.add(id);
    }
    open = left;
  }
  return open.size;
}

/** ms after the load until requests are as quick as before it. */
async function recovery(gun: Gun, normalMs: number): Promise<number> {
  const start = performance.now();
  for (let good = 0; good < 10;) {
    const { ms, status } = await gun.shoot();
    good = status === 201 && ms <= Math.max(50, normalMs * 2) ? good + 1 : 0;
    if (performance.now() - start > 60_000) return Infinity;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Math.round(performance.now() - start);
}

const product = await startProduct({ env: { SIMULATOR_CALLBACK_DELAY_MS: "500", REQUESTS_AT_ONCE: "256" } });
let good = true;
try {
  const gun = new Gun(product, await product.token());
  await gun.closed(8, 2_000); // warm
  const closed = await gun.closed(32, 5_000);
  const rate = Math.round(accepted(closed).length / 5);
  const before = await gun.open(rate / 4, 4_000);
  const normalMs = percentile(latencies(before), 0.95);
  say("sustainable, a second", rate);
  say("latency at a quarter of it, p95 ms", normalMs);

  let mostMiB = 0;
  const watching = setInterval(async () => mostMiB = Math.max(mostMiB, await residentMiB(product.pid ?? 0)), 500);
  const shots = await gun.open(rate * TIMES, SECONDS * 1000);
  clearInterval(watching);
  const back = await recovery(gun, normalMs);
  const refused = shots.filter(({ status }) => status === 503 || status === 429);
  const other = shots.length - refused.length - accepted(shots).length;
  say(`sent in ${SECONDS} s`, shots.length);
  say("accepted", accepted(shots).length);
  say(
    "accepted, latency p50 / p95 ms",
    `${percentile(latencies(accepted(shots)), 0.5)} / ${percentile(latencies(accepted(shots)), 0.95)}`,
  );
  say("turned away with Retry-After", refused.filter(({ retryAfter }) => retryAfter).length);
  say(
    "turned away, latency p50 / p95 ms",
    `${percentile(latencies(refused), 0.5)} / ${percentile(latencies(refused), 0.95)}`,
  );
  say("otherwise answered, or cut", other);
  say("most memory of the API, MiB", mostMiB);
  say("normal latency again after, ms", back);
  const left = await settled(product, accepted(shots).map(({ id }) => id ?? ""));
  say("accepted and not succeeded", left);
  const notified = product.logs().filter((line) => line.includes('"route":"/notify/:capability"'));
  const kept = notified.filter((line) => line.includes('"status":200')).length;
  say("callbacks, and of them kept", `${notified.length} / ${kept}`);
  good = left === 0 && back <= RECOVERY_MS && other === 0 && kept === notified.length &&
    refused.every(({ retryAfter }) => retryAfter);
} finally {
  await product.stop();
}
if (!good) Deno.exitCode = 1;
