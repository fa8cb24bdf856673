import { asked, tell } from "./generator.ts";
import { Pool } from "./pool.ts";
import { readTape, type Tape } from "./tape.ts";

/** What is to be sent, and how often. */
export interface Arriving {
  readonly tapes: readonly Tape[];
  /** Of all tapes together. */
  readonly perSecond: number;
  readonly seconds: number;
  /** Most connections to each API. */
  readonly connections: number;
}

/** What came of requests that were sent at their times, whatever had come back by then. */
export interface Arrived {
  readonly sent: number;
  readonly failed: number;
  /** ms from when a request was due until its answer was read. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly most: number;
  /** By how many ms requests left later than they were due, p99: what is the generator's own in the above. */
  readonly lateP99: number;
}

/** A value that such a part of a sorted list stays under. */
export const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;

/** Ascending. */
export const ascending = (list: readonly number[]): number[] => list.toSorted((a, b) => a - b);

/**
 * Calls `act` for each n at its time (`performance.now()`), so many a second for so long. Timers count whole ms, so
 * what is due within one leaves at its end, and is late by that.
 */
export async function paced(perSecond: number, seconds: number, act: (n: number, due: number) => void): Promise<void> {
  const start = performance.now();
  const many = Math.round(perSecond * seconds);
  for (let n = 0; n < many;) {
    const now = performance.now();
    for (let due = start + n * 1000 / perSecond; n < many && due <= now; due = start + n * 1000 / perSecond) {
      act(n++, due);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function arrivals({ tapes, perSecond, seconds, connections }: Arriving): Promise<Arrived> {
  const apis = await Promise.all(tapes.map(async (tape) => {
    const pool = new Pool(tape.url, connections);
    await pool.warm();
    return { pool, requests: await readTape(tape), again: tape.again };
  }));
  const latencies: number[] = [];
  const late: number[] = [];
  let failed = 0;
  const flying: Promise<void>[] = [];
  const send = async (n: number, due: number) => {
    const api = apis[n % apis.length];
    const at = Math.floor(n / apis.length);
    const request = api?.requests[api.again ? at % api.requests.length : at];
    if (api === undefined || request === undefined) throw new Error("a tape is too short");
    late.push(performance.now() - due);
    const { status } = await api.pool.send(request);
    latencies.push(performance.now() - due);
    if (status < 200 || status > 299) failed++;
  };
  await paced(perSecond, seconds, (n, due) => flying.push(send(n, due)));
  await Promise.all(flying);
  for (const { pool } of apis) pool.close();
  const sorted = ascending(latencies);
  return {
    sent: flying.length,
    failed,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    p999: quantile(sorted, 0.999),
    most: sorted.at(-1) ?? NaN,
    lateP99: quantile(ascending(late), 0.99),
  };
}

if (import.meta.main) tell(await arrivals(await asked()));
