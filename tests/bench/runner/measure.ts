import type { Arrived } from "./arrivals.ts";
import { closed } from "./closed.ts";
import { generate } from "./generator.ts";
import type { Bench } from "./stands.ts";
import type { Call, Tape } from "./tape.ts";

/** What a case sends. */
export interface Workload {
  /** Fresh requests for one of the bench's processes. */
  supply(many: number, api: number): Promise<readonly Call[]> | readonly Call[];
  /** Whether a request may be sent over and over; then a few are enough. */
  readonly again: boolean;
  /** Surely more than one process answers in a second. */
  readonly mostPerSecond: number;
  /** Connections that send, each a request at a time. */
  readonly connections: number;
  /** Resolves when what was begun has come to rest. */
  rest?(): Promise<void>;
}

/** What one subject did in one round. */
export interface Measured {
  readonly perSecond: number;
  /** Of the API, for each that was done. */
  readonly cpuMs: number;
  readonly residentMiB: number;
  /** At the fixed rate. */
  readonly arrived: Arrived | null;
  readonly atPerSecond: number;
  /** How long it was busy still with what it had taken on at full load, ms. */
  readonly restMs: number;
}

const WARM_S = 2;
const AGAIN = 500;

/**
 * Warms, then as much as goes, then at a fixed rate: as told, or half of what it sustains, which is what just went over
 * the time until all that it began was done. In between it comes to rest, so that one does not pay for the other.
 */
export async function measure(
  bench: Bench,
  workload: Workload,
  seconds: number,
  perSecond: number | null,
): Promise<Measured> {
  const { connections, mostPerSecond } = workload;
  await closed(await tapes(bench, workload, mostPerSecond * WARM_S), connections, WARM_S);
  await workload.rest?.();
  const load = await tapes(bench, workload, mostPerSecond * seconds);
  const before = await bench.used();
  const went = await closed(load, connections, seconds);
  const after = await bench.used();
  const full = performance.now();
  await workload.rest?.();
  const restMs = workload.rest === undefined ? 0 : performance.now() - full;
  const atPerSecond = perSecond ?? went.perSecond * seconds / (seconds + restMs / 1000) / 2;
  const each = Math.ceil(atPerSecond * seconds / bench.urls.length) + 1;
  const arrived: Arrived = await generate("./arrivals.ts", {
    tapes: await tapes(bench, workload, each),
    perSecond: atPerSecond,
    seconds,
    connections,
  });
  await workload.rest?.();
  return {
    perSecond: went.perSecond,
    cpuMs: (after.cpuMs - before.cpuMs) / went.requests,
    residentMiB: after.residentMiB,
    arrived,
    atPerSecond,
    restMs,
  };
}

async function tapes(bench: Bench, { supply, again }: Workload, many: number): Promise<readonly Tape[]> {
  const made: Tape[] = [];
  for (const api of bench.urls.keys()) made.push(await bench.tape(api, await supply(again ? AGAIN : many, api), again));
  return made;
}
