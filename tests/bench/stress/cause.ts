import { percentile } from "../meter.ts";
import type { Step } from "./ramp.ts";

/** Something that may give way, how much of it a step shows, and from where on it has. */
interface Sign {
  readonly what: string;
  readonly limit: number;
  readonly shows: (step: Step, owns: readonly number[]) => number;
  readonly unit: string;
}

const share = (step: Step, name: string, of: "first" | "waited"): number =>
  100 * (step.sight.shares[name]?.[of] ?? NaN);

const refusedBy = (step: Step, why: RegExp): number =>
  100 * step.shots.filter(({ refusal }) => refusal !== null && why.test(refusal)).length / step.shots.length;

const IN_FLIGHT = /^More requests are under way/;
const STORE = /^The store does not answer/;

/** In the order in which one would be the cause of the next. */
const signs: readonly Sign[] = [
  { what: "we send late (p95)", limit: 100, unit: "ms", shows: ({ lateMs }) => lateMs },
  { what: "simulator: its thread is busy", limit: 90, unit: "%", shows: (step) => share(step, "simulator", "first") },
  { what: "API: its thread is busy", limit: 90, unit: "%", shows: (step) => share(step, "API", "first") },
  { what: "API: its thread waits for a CPU", limit: 25, unit: "%", shows: (step) => share(step, "API", "waited") },
  { what: "API: a turn of the event loop (p95)", limit: 100, unit: "ms", shows: ({ sight }) => sight.turnMs },
  { what: "API: own time of a create (p95)", limit: 500, unit: "ms", shows: (_step, owns) => percentile(owns, 0.95) },
  { what: "503: too many in flight", limit: 0.1, unit: "%", shows: (step) => refusedBy(step, IN_FLIGHT) },
  { what: "503: the writer's queue is full", limit: 0.1, unit: "%", shows: (step) => refusedBy(step, STORE) },
  {
    what: "cut, or answered otherwise",
    limit: 0.1,
    unit: "%",
    shows: (step) =>
      100 * step.shots.filter(({ status, refusal }) =>
        status !== 201 && !IN_FLIGHT.test(refusal ?? "") && !STORE.test(refusal ?? "")
      ).length / step.shots.length,
  },
];

/** A sign that showed, and the lowest rate from which on it did. */
export interface Shown {
  readonly what: string;
  readonly rate: number;
  readonly value: string;
}

/** All signs that the last step shows, in the order in which they began to; the first is what broke first. */
export function causes(steps: readonly Step[], log: string): readonly Shown[] {
  const owns = ownTimes(steps, log);
  const shown = signs.flatMap(({ what, limit, shows, unit }) => {
    const over = steps.map((step, i) => shows(step, owns[i] ?? []) >= limit);
    if (!over.at(-1)) return [];
    const since = over.lastIndexOf(false) + 1;
    const [step, own] = [steps[since], owns[since] ?? []];
    return step === undefined ? [] : [{ what, rate: step.rate, value: `${shows(step, own).toFixed(0)} ${unit}` }];
  });
  return shown.toSorted((a, b) => a.rate - b.rate);
}

/** By the log, how long the creates of each step took without their time at Daraja, ms. */
function ownTimes(steps: readonly Step[], log: string): readonly (readonly number[])[] {
  const owns = steps.map((): number[] => []);
  for (const line of log.split("\n")) {
    if (!line.includes('"route":"/v1/checkouts"') || !line.includes('"status":201')) continue;
    const { at, ms, daraja_ms }: { at: string; ms: number; daraja_ms?: number } = JSON.parse(line);
    const ended = Date.parse(at);
    owns[steps.findIndex(({ from, to }) => ended >= from && ended <= to)]?.push(ms - (daraja_ms ?? 0));
  }
  return owns;
}
