import type { Storefront } from "../../chaos/traffic/client.ts";
import { accepted, type Gun, latencies, percentile, type Shot } from "../meter.ts";
import { callbacksIn, succeeded } from "../settled.ts";
import type { Stand } from "../stand.ts";
import type { Watch } from "../watch.ts";

const TIMES = 5;
const RECOVERY_MS = 5_000;
const HOPELESS_MS = 60_000;
const MOST_MIB = 512;

/** What came of far too much, and afterwards. */
export interface Overload {
  readonly rate: number;
  readonly shots: readonly Shot[];
  readonly normalMs: number;
  /** After so many ms latency was as before. */
  readonly backMs: number;
  readonly left: number;
  readonly callbacks: { readonly came: number; readonly taken: number };
  readonly mostMiB: number;
}

/** Sends five times what is sustainable, and waits for what becomes of it. */
export async function overload(
  { stand, gun, watch, shop }: { stand: Stand; gun: Gun; watch: Watch; shop: Storefront },
  sustainable: number,
  seconds: number,
): Promise<Overload> {
  const before = await gun.open(sustainable / 4, 4_000);
  const normalMs = percentile(latencies(before.shots), 0.95);
  const began = performance.now();
  const rate = sustainable * TIMES;
  const { shots } = await gun.open(rate, seconds * 1000);
  const backMs = await recovery(gun, normalMs);
  const good = accepted(shots);
  const left = good.length - await succeeded(shop, good.map(({ id }) => id), HOPELESS_MS);
  const { shares } = await watch.since(began);
  const callbacks = callbacksIn(await stand.apis[0]?.process.said() ?? "");
  return { rate, shots, normalMs, backMs, left, callbacks, mostMiB: shares.API?.mostMiB ?? NaN };
}

/** ms after the load until requests are as quick as before it; what was begun under it has ended by then. */
async function recovery(gun: Gun, normalMs: number): Promise<number> {
  const start = performance.now();
  for (let good = 0; good < 10;) {
    const { ms, status } = await gun.shoot();
    good = status === 201 && ms <= Math.max(50, normalMs * 2) ? good + 1 : 0;
    if (performance.now() - start > HOPELESS_MS) return Infinity;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Math.round(performance.now() - start);
}

const isRefused = ({ status }: Shot): boolean => status === 503 || status === 429;

/** What went wrong, in words; empty where nothing did. */
export function wrongs({ shots, backMs, left, callbacks, mostMiB }: Overload): readonly string[] {
  const refused = shots.filter(isRefused);
  const checks: readonly (readonly [boolean, string])[] = [
    [left > 0, `${left} accepted checkouts did not succeed`],
    [backMs > RECOVERY_MS, `not back to normal within ${RECOVERY_MS} ms`],
    [refused.length + accepted(shots).length < shots.length, "some were cut, or answered otherwise"],
    [refused.some(({ retryAfter }) => !retryAfter), "some were turned away without Retry-After"],
    [callbacks.taken < callbacks.came, `${callbacks.came - callbacks.taken} callbacks were not taken`],
    [!(mostMiB <= MOST_MIB), `more than ${MOST_MIB} MiB`],
  ];
  return checks.filter(([wrong]) => wrong).map(([, what]) => what);
}

/** The figures, a line each. */
export function linesOf(found: Overload): readonly (readonly [name: string, value: string])[] {
  const { shots, callbacks } = found;
  const good = accepted(shots);
  const refused = shots.filter(isRefused);
  const quantiles = (list: readonly Shot[]) =>
    [0.5, 0.95, 0.99].map((part) => percentile(latencies(list), part)).join(" / ");
  return [
    [`sent, ${found.rate} a second`, `${shots.length}`],
    ["accepted", `${good.length}`],
    ["turned away with Retry-After", `${refused.filter(({ retryAfter }) => retryAfter).length}`],
    ["cut, or answered otherwise", `${shots.length - good.length - refused.length}`],
    ["accepted, p50 / p95 / p99 ms", quantiles(good)],
    ["turned away, p50 / p95 / p99 ms", quantiles(refused)],
    ["normal latency, p95 ms", `${found.normalMs}`],
    ["normal latency again after, ms", `${found.backMs}`],
    ["accepted and not succeeded", `${found.left}`],
    ["callbacks, and of them taken", `${callbacks.came} / ${callbacks.taken}`],
    ["most memory of the API, MiB", `${found.mostMiB}`],
  ];
}
