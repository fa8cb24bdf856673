import { type Figure, median } from "../../figure.ts";
import { createCall } from "../bodies.ts";
import type { Case } from "../cases.ts";
import { closed } from "../closed.ts";
import { Bench } from "../stands.ts";
import { CONNECTIONS, counter } from "./load-case.ts";

/** So many processes on one sqld, and how many times one process's rate they should reach. */
const PROCESSES = [{ many: 1, least: null }, { many: 2, least: 1.6 }, { many: 4, least: 2 }] as const;
const MOST_PER_SECOND = 3_000;
const WARM_S = 2;

/** POST /v1/checkouts against one, two and four processes that share a database server, in turn. */
export const wide: Case = {
  name: "wide",
  async run({ rounds, seconds, say }) {
    const rates = new Map<number, number[]>(PROCESSES.map(({ many }) => [many, []]));
    for (let n = 1; n <= rounds; n++) {
      for (const { many } of PROCESSES) {
        const perSecond = await created(many, seconds);
        say(`wide, round ${n}: ${many} on sqld ${Math.round(perSecond)}/s`);
        rates.get(many)?.push(perSecond);
      }
    }
    const one = rates.get(1) ?? [];
    return PROCESSES.map(({ many, least }): Figure => {
      const own = rates.get(many) ?? [];
      const rate = `${median(own).toFixed(0)}/s`;
      if (least === null) return { name: "create, one process", on: "sqld", value: median(own), unit: "/s" };
      const ratios = own.map((rate, i) => rate / (one[i] ?? NaN)); // round by round
      const name = `create, ${many} processes against one`;
      return { name, on: `sqld x${many}`, value: median(ratios), unit: "of it", goal: { least }, note: rate };
    });
  },
};

async function created(processes: number, seconds: number): Promise<number> {
  const bench = await Bench.start({ subject: "product", place: { name: "sqld", database: "sqld", processes } });
  try {
    const fresh = counter();
    const send = async (time: number) => {
      const each = Math.ceil(MOST_PER_SECOND * time / processes);
      const calls = (api: number) => fresh(each).map((n) => createCall(bench.token(api), n));
      const tapes = await Promise.all(bench.urls.map((_, api) => bench.tape(api, calls(api), false)));
      return (await closed(tapes, CONNECTIONS, time)).perSecond;
    };
    await send(WARM_S);
    return await send(seconds);
  } finally {
    await bench.stop();
  }
}
