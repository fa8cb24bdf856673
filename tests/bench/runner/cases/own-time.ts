import type { Figure } from "../../figure.ts";
import type { Arrived } from "../arrivals.ts";
import { createCall } from "../bodies.ts";
import type { Case } from "../cases.ts";
import { middle } from "../figures.ts";
import { generate } from "../generator.ts";
import { measure, type Measured } from "../measure.ts";
import { rounds } from "../rounds.ts";
import type { Bench } from "../stands.ts";
import { writeTape } from "../tape.ts";
import { CONNECTIONS, counter } from "./load-case.ts";

interface Own extends Measured {
  readonly stubMs: number;
}

/**
 * What create takes beside Daraja, at half of what the same stand can do. Daraja is a stub that answers at once
 * (stub-daraja.ts), and what the stub takes for the same request from the generator itself, at the same rate, is
 * subtracted: its p50, from p50 and p99 alike. Our own fetch to it, and waiting for the CPU meanwhile, stay ours.
 */
export const ownTime: Case = {
  name: "own-time",
  async run(options) {
    const figures: Figure[] = [];
    for (const place of options.places) {
      const list = await rounds<Own>(options, place, {
        name: "own-time",
        withFloor: false,
        setUp: () => ({ simulator: new URL("../stub-daraja.ts", import.meta.url) }),
        async measure(bench) {
          const fresh = counter();
          const measured = await measure(
            bench,
            {
              supply: (many, api) => fresh(many).map((n) => createCall(bench.token(api), n)),
              again: false,
              mostPerSecond: 5_000,
              connections: CONNECTIONS,
            },
            options.seconds,
            null,
          );
          return { ...measured, stubMs: await stubMs(bench, measured.atPerSecond) };
        },
      });
      const stub = middle(list, ({ product }) => product.stubMs);
      const note = `at ${middle(list, ({ product }) => product.atPerSecond).toFixed(0)}/s; less ${
        stub.toFixed(2)
      } of the stub`;
      const own = (key: "p50" | "p99", most: number): Figure => ({
        name: `own time of create, Daraja aside, ${key} at half load`,
        on: place.name,
        value: middle(list, ({ product }) => (product.arrived?.[key] ?? NaN) - product.stubMs),
        unit: "ms",
        goal: { most },
        note,
      });
      figures.push(own("p50", 3), own("p99", 15));
    }
    return figures;
  },
};

/** What the stub takes for a push, asked by the generator. */
async function stubMs({ stand }: Bench, perSecond: number): Promise<number> {
  const { url } = stand.simulator;
  const push = {
    method: "POST",
    path: "/mpesa/stkpush/v1/processrequest",
    body: JSON.stringify({ Amount: 1_500 }),
  } as const;
  const tape = await writeTape(`${stand.folder}/stub.tape`, url, [push], true);
  const arrived: Arrived = await generate("./arrivals.ts", {
    tapes: [tape],
    perSecond,
    seconds: 2,
    connections: CONNECTIONS,
  });
  return arrived.p50;
}
