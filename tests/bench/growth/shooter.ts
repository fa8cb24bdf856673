import { pace } from "../pace.ts";
import { Aim } from "./aim.ts";
import { usageOf } from "../usage.ts";
import { type Case, CASES, type Plan, type Report, type Shots } from "./plan.ts";

/** Reads a plan, shoots, prints the report: a process of its own, so that nobody waits for what it does besides. */
const AT_ONCE = 24;
const HEADROOM = 0.5;

const now = (): number => performance.now();

type Found = Pick<Shots, "throughput" | "cpuMs">;

async function closed(aim: Aim, which: Case, seconds: number): Promise<Found> {
  const used = await usageOf(aim.plan.pid);
  const start = now();
  let count = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (now() - start < seconds * 1000 && await aim.shoot(which)) count++;
  }));
  if (which === "callback") await aim.settled();
  const throughput = count / (now() - start) * 1000;
  return { throughput, cpuMs: ((await usageOf(aim.plan.pid)).cpuMs - used.cpuMs) / count };
}

async function open(aim: Aim, which: Case, rate: number, seconds: number): Promise<number> {
  const { done } = await pace(rate, seconds * 1000, async ({ due }) => {
    const shot = await aim.shoot(which);
    return shot ? now() - due : NaN;
  });
  if (which === "callback") await aim.settled();
  const took = done.filter((ms) => !Number.isNaN(ms)).sort((a, b) => a - b);
  return took[Math.floor(took.length * 0.99)] ?? NaN;
}

const plan: Plan = JSON.parse(await new Response(Deno.stdin.readable).text());
const aim = await Aim.take(plan);
for (const which of CASES) await closed(aim, which, plan.seconds.warm);
const found = new Map<Case, Found>();
for (const which of CASES) found.set(which, await closed(aim, which, plan.seconds.closed));
const report: Partial<Record<Case, Shots>> = {};
for (const which of CASES) {
  const { throughput, cpuMs } = found.get(which) ?? { throughput: NaN, cpuMs: NaN };
  const rate = plan.rates?.[which] ?? throughput * HEADROOM;
  const p99 = await open(aim, which, rate, plan.seconds.open);
  report[which] = { throughput, cpuMs, p99, failed: aim.failed(which) };
}
aim.close();
console.log(JSON.stringify(report satisfies Partial<Report>));
