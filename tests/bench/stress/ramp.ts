import { accepted, type Gun, latencies, percentile, type Shot } from "../meter.ts";
import type { Sight, Watch } from "../watch.ts";

const SLOW_MS = 1_000;
const REFUSED = 0.01;
const SHRINKING = 0.9;

export interface RampOptions {
  /** Checkouts a second of the first step. */
  readonly from: number;
  /** How much more each step sends than the one before. */
  readonly times: number;
  readonly stepMs: number;
}

/** One step: what was sent, what became of it, and what was seen of the processes. */
export interface Step {
  readonly rate: number;
  readonly made: number;
  readonly p50: number;
  readonly p99: number;
  readonly shots: readonly Shot[];
  readonly lateMs: number;
  readonly sight: Sight;
  /** When it began and ended, ms since the epoch, as the API's log has it. */
  readonly from: number;
  readonly to: number;
  /** Why it counts as broken; null while it holds. */
  readonly broken: string | null;
}

/**
 * Sends more and more until a step breaks, and breaks again when it is repeated: one bad moment of a shared machine is
 * not the limit.
 */
export async function ramp(gun: Gun, watch: Watch, { from, times, stepMs }: RampOptions): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (let rate = from;; rate *= times) {
    let step = await runStep(gun, watch, Math.round(rate), stepMs);
    if (step.broken !== null) {
      await new Promise((resolve) => setTimeout(resolve, stepMs / 2));
      step = await runStep(gun, watch, Math.round(rate), stepMs);
    }
    steps.push(step);
    if (step.broken !== null) return steps;
  }
}

async function runStep(gun: Gun, watch: Watch, rate: number, stepMs: number): Promise<Step> {
  const began = performance.now();
  const from = Date.now();
  await watch.sample();
  const { shots, late } = await gun.open(rate, stepMs);
  const sight = await watch.since(began);
  const good = accepted(shots);
  const tookS = (performance.now() - began) / 1000; // what comes in late counts as throughput of that time only
  const measured = {
    rate,
    made: good.length / Math.max(tookS, stepMs / 1000),
    p50: percentile(latencies(good), 0.5),
    p99: percentile(latencies(good), 0.99),
    shots,
    lateMs: percentile(late, 0.95),
    sight,
    from,
    to: Date.now(),
  };
  return { ...measured, broken: whyBroken(measured) };
}

function whyBroken({ rate, made, p99, shots }: Omit<Step, "broken">): string | null {
  const refused = 1 - accepted(shots).length / shots.length;
  if (refused > REFUSED) return `${(100 * refused).toFixed(1)} % were not accepted`;
  if (p99 > SLOW_MS) return `p99 is ${p99} ms`;
  return made < SHRINKING * rate ? `only ${made.toFixed(0)} of ${rate} a second come out` : null;
}
