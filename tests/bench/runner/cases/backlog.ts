import type { Figure } from "../../figure.ts";
import type { Arrived } from "../arrivals.ts";
import { insertPending } from "../attempts.ts";
import { callbackCall, createCall, idsOf } from "../bodies.ts";
import type { Case } from "../cases.ts";
import { generate } from "../generator.ts";
import { Bench } from "../stands.ts";
import { CONNECTIONS } from "./load-case.ts";

const MANY = Number(Deno.env.get("BACKLOG_COUNT") ?? 100_000);
/** As fast as Safaricom may send what it held back; it waits for no answer before the next. */
const SENT_PER_SECOND = 6_000;
const UNSETTLED = "SELECT count(*) FROM notices WHERE status = 'stored'";
const SHOP = { perSecond: 25, seconds: 5 };
const PATIENCE_MS = 600_000;

/**
 * Callbacks of a long outage come at once, while shops go on to buy: how many a second are settled, from the first that
 * is sent until the last is settled, and what the shops' creates take meanwhile.
 */
export const backlog: Case = {
  name: "backlog",
  async run({ places, say }) {
    const figures: Figure[] = [];
    for (const place of places) {
      const bench = await Bench.start({ subject: "product", place });
      try {
        figures.push(...await drained(bench, say));
      } finally {
        await bench.stop();
      }
    }
    return figures;
  },
};

async function drained(bench: Bench, say: (text: string) => void): Promise<readonly Figure[]> {
  const attempts = await insertPending(bench, 1, MANY);
  say(`backlog on ${bench.place.name}: ${MANY} prompts wait for their callbacks`);
  const calls = attempts.map((id, i) => callbackCall(bench.noticePath("stk", id), 1 + i, idsOf(1 + i)));
  const tape = await bench.tape(0, calls, false);
  const shops: Arrived[] = [];
  let isOver = false;
  const buying = (async () => {
    for (let first = MANY + 1; !isOver; first += SHOP.perSecond * SHOP.seconds) {
      shops.push(await bought(bench, first));
    }
  })();
  const start = performance.now();
  const seconds = (MANY - 1) / SENT_PER_SECOND;
  const load = { tapes: [tape], perSecond: SENT_PER_SECOND, seconds, connections: CONNECTIONS };
  const sent: Arrived = await generate("./arrivals.ts", load);
  const ackedMs = performance.now() - start;
  while (await bench.number(UNSETTLED) > 0) {
    if (performance.now() - start > PATIENCE_MS) throw new Error("callbacks are not settled");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const wholeMs = performance.now() - start;
  isOver = true;
  await buying;
  const failed = shops.reduce((sum, each) => sum + each.failed, 0);
  const figure = { on: bench.place.name };
  return [
    { ...figure, name: "backlog: callbacks not taken", value: sent.failed, unit: "", goal: { most: 0 } },
    {
      ...figure,
      name: `backlog of ${MANY} callbacks, settled`,
      value: sent.sent / (wholeMs / 1000),
      unit: "/s",
      goal: { least: 3_000 },
      note: `all acknowledged after ${(ackedMs / 1000).toFixed(1)} s, settled after ${(wholeMs / 1000).toFixed(1)} s`,
    },
    {
      ...figure,
      name: "backlog: p99 of creates meanwhile",
      value: Math.max(...shops.map(({ p99 }) => p99)),
      unit: "ms",
      goal: { most: 100 },
      note: `the worst ${SHOP.seconds} s of ${shops.length}; ${SHOP.perSecond}/s, ${failed} refused`,
    },
  ];
}

/** Some seconds of shops, each with fresh checkouts. */
async function bought(bench: Bench, first: number): Promise<Arrived> {
  const calls = Array.from({ length: SHOP.perSecond * SHOP.seconds }, (_, i) => createCall(bench.token(0), first + i));
  return await generate("./arrivals.ts", { tapes: [await bench.tape(0, calls, false)], ...SHOP, connections: 16 });
}
