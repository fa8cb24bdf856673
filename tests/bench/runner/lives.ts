import { openDatabase } from "../../../src/db/open.ts";
import { asked, tell } from "./generator.ts";
import { Pool, type Reply } from "./pool.ts";
import { readTape, type Tape } from "./tape.ts";

/** Things that are begun by a request and go on without one until they are done. */
export interface Living {
  readonly tapes: readonly Tape[];
  /** So many are begun and not yet done, at most. */
  readonly inFlight: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  readonly databaseUrl: string;
  /** SQL that counts those that are done. */
  readonly doneSql: string;
  /** How often it is asked, ms. */
  readonly everyMs: number;
}

export interface Lived {
  readonly perSecond: number;
  /** All that were begun, while warming too. */
  readonly begun: number;
  readonly failed: number;
  /** The first answer that was none of 2xx. */
  readonly firstFailure: Reply | null;
  /** How long the last took to be done after the last was begun, ms. */
  readonly restMs: number;
}

const REST_MS = 20_000;

/** Begins one for each that is done, and counts those that are done in the time. Errors: when not all come to an end. */
async function live({ tapes, inFlight, databaseUrl, doneSql, everyMs, ...times }: Living): Promise<Lived> {
  const db = await openDatabase(databaseUrl);
  const doneSoFar = async () => Number((await db.read([{ sql: doneSql, args: [] }]))[0]?.rows[0]?.[0] ?? 0);
  const apis = await Promise.all(tapes.map(async (tape) => ({
    pool: new Pool(tape.url, inFlight),
    requests: await readTape(tape),
  })));
  await Promise.all(apis.map(({ pool }) => pool.warm()));
  let [begun, failed, answered] = [0, 0, 0];
  let firstFailure: Reply | null = null;
  const begin = async () => {
    const n = begun++;
    const api = apis[n % apis.length];
    const request = api?.requests[Math.floor(n / apis.length)];
    if (api === undefined || request === undefined) throw new Error("a tape is too short");
    const reply = await api.pool.send(request);
    answered++;
    if (reply.status >= 200 && reply.status < 300) return;
    failed++;
    firstFailure ??= reply;
  };
  const first = await doneSoFar();
  let from = { at: 0, done: 0 };
  let to = { at: 0, done: 0 };
  const start = performance.now();
  for (let over = false; !over;) {
    const done = await doneSoFar() - first;
    const at = performance.now();
    const elapsed = (at - start) / 1000;
    if (from.at === 0 && elapsed >= times.warmSeconds) from = { at, done };
    over = elapsed >= times.warmSeconds + times.seconds;
    if (over) to = { at, done };
    else for (let free = inFlight - (begun - done); free > 0; free--) void begin();
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  const full = performance.now();
  while (answered < begun || await doneSoFar() - first < begun - failed) {
    if (performance.now() - full > REST_MS) {
      throw new Error(`${begun} were begun, ${failed} failed, and ${await doneSoFar() - first} are done`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  await db.close();
  return {
    perSecond: (to.done - from.done) / ((to.at - from.at) / 1000),
    begun,
    failed,
    firstFailure,
    restMs: performance.now() - full,
  };
}

if (import.meta.main) tell(await live(await asked()));
