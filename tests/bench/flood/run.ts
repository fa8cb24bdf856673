import { Storefront } from "../../chaos/traffic/client.ts";
import { callbacksIn, succeeded, untilEmpty } from "../settled.ts";
import { startStand } from "../stand.ts";
import { handlesOf, usageOf } from "../usage.ts";
import { type Bought, Crowd } from "./crowd.ts";

const WARM = 300;
const SETTLES_MS = 150_000;

/** What came of a flood, and what it took. */
export interface Flood {
  readonly bought: readonly Bought[];
  readonly succeeded: number;
  /** When the last was answered: prompts that had waited for Daraja at once at most, and checkouts paid by then. */
  readonly mostAway: number;
  readonly paidBy: number;
  /** Callbacks that were not taken. Daraja tells nobody twice. */
  readonly lost: number;
  readonly beforeMiB: number;
  readonly mostMiB: number;
  readonly handles: number;
}

/** `count` buyers at once; Daraja thinks about a prompt for `slowMs`, the shopper for `callbackMs`. */
export async function runFlood(count: number, slowMs: number, callbackMs: number): Promise<Flood> {
  const stand = await startStand({
    database: "file",
    simulator: new URL("./slow-daraja.ts", import.meta.url),
    env: {
      SIMULATOR_KEEP: String(2 * count),
      SIMULATOR_CALLBACK_DELAY_MS: String(callbackMs),
      SLOW_MS: String(slowMs),
      GATHER: String(count),
      SPARED: String(WARM),
      PLAN_SCALE: "3", // so that nobody is asked before the callbacks are there
    },
  });
  const [api] = stand.apis;
  if (api === undefined) throw new Error("No API runs.");
  const crowd = new Crowd(api.url, await api.client.token());
  const shop = new Storefront([api.url]);
  let handles = 0;
  const watching = setInterval(async () => handles = Math.max(handles, await handlesOf(api.process.pid)), 1_000);
  try {
    await crowd.buy(WARM); // compiles, gets Daraja's token, and is paid
    await untilEmpty(shop, "/v1/checkouts?status=pending", SETTLES_MS);
    const { residentMiB: beforeMiB } = await usageOf(api.process.pid);
    const bought = await crowd.buy(count);
    const { most: mostAway }: { most: number } = await told(`${stand.simulator.url}/_slow`);
    const { data: books }: { data: unknown[] } = await told(`${stand.simulator.url}/_simulator/transactions`);
    const good = await succeeded(shop, bought.map(({ id }) => id), SETTLES_MS);
    const { mostMiB } = await usageOf(api.process.pid);
    const { came, taken } = callbacksIn(await api.process.said());
    const paidBy = books.length - WARM;
    return { bought, succeeded: good, mostAway, paidBy, lost: came - taken, beforeMiB, mostMiB, handles };
  } finally {
    clearInterval(watching);
    crowd.close();
    await stand.stop();
  }
}

const told = async <T>(url: string): Promise<T> => await (await fetch(url)).json();
