import { generate } from "../generator.ts";
import type { Lived } from "../lives.ts";
import type { Measured } from "../measure.ts";
import type { Bench } from "../stands.ts";
import type { Call } from "../tape.ts";

export interface LivingWorkload {
  readonly call: (token: string, n: number) => Call;
  readonly doneSql: string;
  readonly inFlight: number;
  /** How often what is done is counted, ms. */
  readonly everyMs: number;
  readonly mostPerSecond: number;
}

const WARM_S = 2;

/** Has lives begun one for each that ended, and counts those that end: what a stand sustains. */
export async function living(bench: Bench, workload: LivingWorkload, seconds: number): Promise<Measured> {
  const { call, mostPerSecond, doneSql, inFlight, everyMs } = workload;
  const many = mostPerSecond * (seconds + WARM_S);
  const tapes = await Promise.all(bench.urls.map((_, api) => {
    const calls = Array.from({ length: many }, (_, i) => call(bench.token(api), 1 + api + i * bench.urls.length));
    return bench.tape(api, calls, false);
  }));
  const before = await bench.used();
  const lived: Lived = await generate("./lives.ts", {
    tapes,
    inFlight,
    warmSeconds: WARM_S,
    seconds,
    databaseUrl: bench.stand.databaseUrl,
    doneSql,
    everyMs,
  });
  const after = await bench.used();
  if (lived.failed > 0) {
    throw new Error(`${lived.failed} of ${lived.begun} failed: ${JSON.stringify(lived.firstFailure)}`);
  }
  return {
    perSecond: lived.perSecond,
    cpuMs: (after.cpuMs - before.cpuMs) / lived.begun,
    residentMiB: after.residentMiB,
    arrived: null,
    atPerSecond: lived.perSecond / 2,
    restMs: lived.restMs,
  };
}
