import { registeredShortcodes } from "../../../../src/cli/seed.ts";
import type { Figure } from "../../figure.ts";
import { AMOUNT, createCall } from "../bodies.ts";
import type { Case } from "../cases.ts";
import { costs, middle, pairs, throughput } from "../figures.ts";
import { generate } from "../generator.ts";
import type { Measured } from "../measure.ts";
import { type Round, rounds } from "../rounds.ts";
import type { Settled } from "../settling.ts";
import { Bench, type Place } from "../stands.ts";
import { living } from "./living.ts";

/** The ledger's own count: what came in, of checkouts of one amount. */
const SETTLED = `SELECT balance / ${AMOUNT} FROM ledger_accounts WHERE account = 'mpesa_utility' AND shortcode_id = ` +
  `'${registeredShortcodes[0].id}'`;
const IN_FLIGHT = 64;
const SAMPLE_EVERY = 5;

interface LifeMeasured extends Measured {
  readonly settled: Settled;
}

/**
 * Create, push, callback, settled: so many a second that 64 are under way, the simulator calling back at once. Then,
 * on a stand that is fresh and whose simulator is silent, lives at half of that rate with callbacks of our own: how
 * long each acknowledgement takes, and for one in five how long it takes after it until a GET says `succeeded`.
 */
export const life: Case = {
  name: "life",
  async run(options) {
    const figures: Figure[] = [];
    for (const place of options.places) {
      const list = await rounds<LifeMeasured>(options, place, {
        name: "life",
        withFloor: true,
        setUp: () => ({ env: { SIMULATOR_CALLBACK_DELAY_MS: "0", FLOOR_SETTLES: "1" } }),
        async measure(bench, perSecond) {
          const lived = await living(bench, {
            call: createCall,
            doneSql: SETTLED,
            inFlight: IN_FLIGHT,
            everyMs: 5,
            mostPerSecond: 2_500,
          }, options.seconds);
          const atPerSecond = perSecond ?? lived.atPerSecond;
          return { ...lived, atPerSecond, settled: await settling(bench, atPerSecond, options.seconds) };
        },
      });
      figures.push(
        ...throughput(
          "whole life",
          place.name,
          list,
          place.name === "file" ? { ratio: 0.6, perSecond: 400 } : { ratio: 0.6 },
        ),
        ...costs("whole life", place.name, list),
        ...settlements(place, list),
      );
    }
    return figures;
  },
};

async function settling({ subject, place }: Bench, perSecond: number, seconds: number): Promise<Settled> {
  const bench = await Bench.start({ subject, place, env: { FLOOR_SETTLES: "1" } });
  try {
    const ask = (rate: number, time: number, from: number): Promise<Settled> =>
      generate("./settling.ts", {
        subject,
        urls: bench.urls,
        tokens: bench.tokens,
        sampleEvery: SAMPLE_EVERY,
        perSecond: rate,
        seconds: time,
        from,
      });
    const warm = await ask(perSecond, 2, 1);
    const settled = await ask(perSecond, seconds, 1 + warm.lives);
    if (settled.failed > 0) throw new Error(`${settled.failed} of ${settled.lives} lives failed`);
    return settled;
  } finally {
    await bench.stop();
  }
}

function settlements({ name: on }: Place, list: readonly Round<LifeMeasured>[]): readonly Figure[] {
  const at = middle(list, ({ product }) => product.atPerSecond).toFixed(0);
  const figure = (name: string, key: keyof Settled, more: Partial<Figure>): Figure => {
    const floor = middle(pairs(list), ({ floor }) => floor.settled[key]).toFixed(1);
    const value = middle(list, ({ product }) => product.settled[key]);
    return { name, on, value, unit: "ms", note: `floor ${floor}; ${at} lives/s`, ...more };
  };
  return [
    figure("callback ack among whole lives, p99 at half load", "ackP99", { goal: { most: 10 } }),
    figure("settlement after a callback, p50 at half load", "settledP50", {}),
    figure("settlement after a callback, p99 at half load", "settledP99", { goal: { most: 100 } }),
  ];
}
