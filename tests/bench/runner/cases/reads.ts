import { insertPending } from "../attempts.ts";
import { createCall, headersOf } from "../bodies.ts";
import type { Case } from "../cases.ts";
import type { Workload } from "../measure.ts";
import type { Bench } from "../stands.ts";
import { CONNECTIONS, loadCase } from "./load-case.ts";

const CHECKOUTS = 1_000;
/** More than src/domain/checkouts/read.ts keeps answers of. They are asked for in turn, so the oldest is always gone. */
const UNCACHED = 6_000;
const AT_ONCE = 20;

/** Makes checkouts through the API itself; answers their ids. */
async function made(bench: Bench): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = 1; n <= CHECKOUTS; n += AT_ONCE) {
    ids.push(...await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => madeOne(bench, n + i))));
  }
  return ids;
}

async function madeOne(bench: Bench, n: number): Promise<string> {
  const { path, headers = {}, body = "" } = createCall(bench.token(0), n);
  const response = await fetch(`${bench.urls[0]}${path}`, { method: "POST", headers, body });
  const { id } = await response.json();
  if (typeof id !== "string") throw new Error(`no checkout: ${response.status}`);
  return id;
}

const reading = (bench: Bench, paths: readonly string[]): Workload => ({
  supply: (_, api) => paths.map((path) => ({ method: "GET", path, headers: headersOf(bench.token(api)) })),
  again: true,
  mostPerSecond: 1,
  connections: CONNECTIONS,
});

/** GET /v1/checkouts/{id}, one after another of a thousand. */
export const get: Case = loadCase({
  name: "get",
  title: "get checkout",
  goals: { ratio: 1.8 },
  workload: async (bench) => reading(bench, (await made(bench)).map((id) => `/v1/checkouts/${id}`)),
});

/** The same of more checkouts than the product keeps answers of, so that each is built anew. */
export const getUncached: Case = loadCase({
  name: "get-uncached",
  title: "get checkout, not cached",
  goals: { ratio: 1 },
  async workload(bench) {
    await insertPending(bench, 1, UNCACHED);
    const [found] = await bench.db.read([{ sql: "SELECT id FROM checkouts", args: [] }]);
    return reading(bench, found?.rows.map(([id]) => `/v1/checkouts/${id}`) ?? []);
  },
});

/** GET /v1/checkouts, the newest twenty of a thousand. */
export const list: Case = loadCase({
  name: "list",
  title: "list checkouts",
  goals: {},
  async workload(bench) {
    await made(bench);
    return reading(bench, ["/v1/checkouts?limit=20"]);
  },
});
