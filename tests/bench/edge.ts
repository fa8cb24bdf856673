import { type Between, startBetween, type Trip } from "./edge/between.ts";
import { Customer, type Life } from "./edge/customer.ts";
import { AT_ONCE, type Burst, DARAJA_MS, DATABASE_MS, figuresOf, type Seen } from "./edge/figures.ts";
import { type Figure, table } from "./figure.ts";
import { pace } from "./pace.ts";
import { type Stand, startStand } from "./stand.ts";

const LIVES_A_SECOND = 6; // four calls each: next to nothing, but enough that one may meet another
const FOR_MS = 15_000;
const ALONE = 15;
const STILL_MS = 20_000;
const BURSTS = 9;

/** What a call costs where the database is 30 ms and Daraja 800 ms away: its round trips, and no more. */
export async function edge(): Promise<readonly Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-edge-" });
  const betweens: Between[] = [];
  const via = (delayMs: number) => async (target: string) => {
    const between = await startBetween(target, delayMs, `${folder}/proxy-${betweens.length}.log`);
    betweens.push(between);
    return between.url;
  };
  let stand: Stand | undefined;
  try {
    stand = await startStand({
      database: "sqld",
      databaseVia: via(DATABASE_MS),
      darajaVia: via(DARAJA_MS),
      // Daraja's own callbacks and our questions come long after the measuring
      env: { SIMULATOR_CALLBACK_DELAY_MS: "3600000", PLAN_SCALE: "100" },
    });
    const [database, daraja] = betweens;
    if (database === undefined || daraja === undefined) throw new Error("The database or Daraja is as near as ever.");
    return await measured(stand, database, daraja);
  } finally {
    await stand?.stop();
    await Promise.all(betweens.map(({ process }) => process.end("SIGKILL")));
    await Deno.remove(folder, { recursive: true });
  }
}

async function measured(stand: Stand, database: Between, daraja: Between): Promise<readonly Figure[]> {
  const client = stand.apis[0]?.client;
  if (client === undefined) throw new Error("No API runs.");
  const customer = new Customer(stand, await client.token(), await client.token("cli_demo", "checkouts:read"));
  const see = async (lives: Promise<readonly Life[]>): Promise<Seen> => ({
    lives: await lives,
    toDatabase: await still(database),
    toDaraja: await still(daraja),
  });
  for (let n = 0; n < 5; n++) await see(customer.live().then((life) => [life])); // compiles, gets Daraja's token, connects
  const alone: Seen[] = [];
  for (let n = 0; n < ALONE; n++) alone.push(await see(customer.live().then((life) => [life])));
  const settledBefore = (await settlements(stand)).length;
  const together = await see(pace(LIVES_A_SECOND, FOR_MS, () => customer.live()).then(({ done }) => done));
  const settled = (await settlements(stand)).slice(settledBefore);
  const bursts: Burst[] = [];
  for (let n = -2; n < BURSTS; n++) { // the first two connect
    const creates = await Promise.all(Array.from({ length: AT_ONCE }, () => customer.create()));
    await still(database);
    const toDaraja = await still(daraja);
    if (n >= 0) bursts.push({ creates, toDaraja });
  }
  return figuresOf(alone, together, settled, bursts);
}

/** Waits until nothing has travelled for a while; answers what had. Errors: when it goes on and on. */
async function still(between: Between): Promise<readonly Trip[]> {
  const all: Trip[] = [];
  const deadline = Date.now() + STILL_MS;
  for (let quiet = 0; quiet < 3;) {
    if (Date.now() > deadline) throw new Error(`Something still travels after ${STILL_MS} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const trips = await between.told();
    quiet = trips.length === 0 ? quiet + 1 : 0;
    all.push(...trips);
  }
  return all;
}

/** How long each notice took from its ack until what it tells was stored, by the API's log. */
async function settlements(stand: Stand): Promise<readonly number[]> {
  const lines = (await stand.apis[0]?.process.said() ?? "").split("\n");
  return lines.filter((line) => line.includes('"event":"job"') && line.includes('"kind":"notice"'))
    .map((line) => Number(/"ms":(\d+)/.exec(line)?.[1]));
}

if (import.meta.main) console.log(table(await edge()));
