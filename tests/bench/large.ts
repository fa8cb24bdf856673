import type { LedgerCheckView } from "../../src/domain/ledger/contract.ts";
import { type Figure, table } from "./figure.ts";
import { books, copied, quiet } from "./growth/books.ts";
import { type Stand, startStand } from "./stand.ts";
import { usageOf } from "./usage.ts";
import { Wire, wired } from "./wire.ts";

const LARGE = 1_000_000;
const PING_MS = 20;
const MOST_MIB = 60;
const MOST_WAIT_MS = 20;
const WARM = 200;

/** What long work does to those who ask meanwhile. */
interface Beside {
  readonly seconds: number;
  readonly rows: number;
  readonly moreMiB: number;
  readonly mostMs: number;
  readonly p99: number;
}

/** The CSV of a million payments, and the check of their ledger: memory, and how long others wait meanwhile. */
export async function large(checkouts = LARGE, folder = ".data"): Promise<readonly Figure[]> {
  const grown = await books(folder, checkouts);
  const place = await Deno.makeTempDir({ dir: folder, prefix: "large-" });
  let stand: Stand | undefined;
  try {
    const url = await copied(grown, `${place}/large.db`);
    stand = await startStand({ database: "file", databaseUrl: url, env: { PLAN_SCALE: "100" } });
    await quiet(url);
    const client = stand.apis[0]?.client;
    if (client === undefined) throw new Error("No API runs.");
    const [shop, operator] = [await client.token(), await client.token("cli_operator")];
    const list = await beside(stand, shop, () => exported(stand?.apis[0]?.url ?? "", shop));
    const check = await beside(stand, shop, async () => {
      const { status, body } = await client.call<LedgerCheckView>("POST", "/v1/ledger/checks", undefined, {
        token: operator,
      });
      if (status !== 200 && status !== 201) throw new Error(`The check was answered by ${status}.`);
      return body.findings.length;
    });
    const of = checkouts === LARGE ? "1M checkouts" : `${checkouts} checkouts`;
    return [
      ...figuresOf(`CSV of all payments, ${of}`, list, "rows"),
      ...figuresOf(`check of the ledger, ${of}`, check, "findings"),
    ];
  } finally {
    await stand?.stop();
    await Deno.remove(place, { recursive: true });
  }
}

/** Takes the whole list, and counts its lines. */
async function exported(url: string, token: string): Promise<number> {
  const headers = { accept: "text/csv", "accept-encoding": "identity", authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/v1/payments`, { headers });
  if (response.status !== 200 || response.body === null) {
    throw new Error(`The list was answered by ${response.status}.`);
  }
  let lines = 0;
  for await (const bytes of response.body) for (const byte of bytes) if (byte === 10) lines++;
  return lines - 1; // the names of the columns
}

/** Does the work while somebody reads a list of one every 20 ms, one after the other. */
async function beside(stand: Stand, token: string, work: () => Promise<number>): Promise<Beside> {
  const [api] = stand.apis;
  if (api === undefined) throw new Error("No API runs.");
  const wire = await Wire.open(Number(new URL(api.url).port));
  const request = wired("GET", "/v1/checkouts?limit=1", { authorization: `Bearer ${token}` });
  const waits: number[] = [];
  const ask = async () => {
    const at = performance.now();
    if ((await wire.ask(request)).status !== 200) throw new Error("A read was refused.");
    waits.push(performance.now() - at);
  };
  for (let n = 0; n < WARM; n++) await ask();
  waits.length = 0;
  const pid = api.process.pid;
  const { residentMiB: before } = await usageOf(pid);
  let most = before;
  let isOver = false;
  const asking = (async () => {
    for (let n = 0; !isOver; n++) {
      await ask();
      if (n % 50 === 0) most = Math.max(most, (await usageOf(pid)).residentMiB);
      await new Promise((resolve) => setTimeout(resolve, PING_MS));
    }
  })();
  const start = performance.now();
  const rows = await work().finally(() => isOver = true);
  const seconds = (performance.now() - start) / 1000;
  await asking;
  most = Math.max(most, (await usageOf(pid)).residentMiB);
  wire.close();
  const sorted = waits.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? NaN;
  return { seconds, rows, moreMiB: most - before, mostMs: sorted.at(-1) ?? NaN, p99 };
}

function figuresOf(name: string, { seconds, rows, moreMiB, mostMs, p99 }: Beside, unit: string): readonly Figure[] {
  const on = "file";
  return [
    {
      name: `${name}: more memory`,
      on,
      value: moreMiB,
      unit: "MiB",
      goal: { most: MOST_MIB },
      note: `${rows} ${unit} in ${seconds.toFixed(0)} s`,
    },
    {
      name: `${name}: the longest that a read waited`,
      on,
      value: mostMs,
      unit: "ms",
      goal: { most: MOST_WAIT_MS },
      note: `p99 ${p99.toFixed(1)}`,
    },
  ];
}

if (import.meta.main) console.log(table(await large()));
