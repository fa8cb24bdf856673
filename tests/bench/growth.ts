import { type Figure, median, table } from "./figure.ts";
import { books, copied, forget, quiet, sampleOf } from "./growth/books.ts";
import { type Case, CASES, type Plan, type Report } from "./growth/plan.ts";
import { startStand } from "./stand.ts";

const SMALL = 1_000;
const LARGE = 1_000_000;
const ROUNDS = 5;
const SHOOTER = new URL("./growth/shooter.ts", import.meta.url);
const SECONDS = { warm: 1, closed: 3, open: 6 };
const env = {
  SIMULATOR_CALLBACK_DELAY_MS: "3600000", // the callbacks are ours
  PLAN_SCALE: "100", // and no question is asked meanwhile
};

export interface GrowthOptions {
  /** Where the grown databases are kept; `.data` unless told. */
  readonly folder?: string;
  readonly rounds?: number;
  readonly large?: number;
  readonly seconds?: Plan["seconds"];
}

/**
 * Whether the service is as quick with a million checkouts as with a thousand: one database after the other, round by
 * round, each asked the same. The large one stays in use; the small one is new each time, or it would soon be none.
 */
export async function growth(options: GrowthOptions = {}): Promise<readonly Figure[]> {
  const { folder = ".data", rounds = ROUNDS, large = LARGE, seconds = SECONDS } = options;
  const small = await books(folder, SMALL);
  const grown = await books(folder, large);
  const place = await Deno.makeTempDir({ dir: folder, prefix: "growth-" });
  try {
    const url = await copied(grown, `${place}/large.db`);
    const reports = { small: [] as Report[], large: [] as Report[] };
    let rates: Plan["rates"] = null;
    for (let round = 0; round < rounds; round++) {
      const fresh = await copied(small, `${place}/small-${round}.db`);
      const report: Report = await shot(fresh, seconds, rates);
      rates ??= halves(report);
      reports.small.push(report);
      reports.large.push(await shot(url, seconds, rates));
      await forget(url);
    }
    return CASES.flatMap((which) => figuresOf(which, reports.small, reports.large));
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

function halves(report: Report): Record<Case, number> {
  const half = (which: Case) => [which, report[which].throughput / 2] as const;
  return Object.fromEntries(CASES.map(half)) as Record<Case, number>; // of every case
}

/** One database's round: a stand of its own, shot at by a process of its own. */
async function shot(url: string, seconds: Plan["seconds"], rates: Plan["rates"]): Promise<Report> {
  const sample = await sampleOf(url);
  const stand = await startStand({ database: "file", databaseUrl: url, env });
  try {
    const [api] = stand.apis;
    if (api === undefined) throw new Error("No API runs.");
    await quiet(url);
    const port = Number(new URL(api.url).port);
    return await told({ ...sample, port, pid: api.process.pid, token: await api.client.token(), seconds, rates });
  } finally {
    await stand.stop();
  }
}

async function told(plan: Plan): Promise<Report> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--frozen", "--allow-net=127.0.0.1", "--allow-run=cat,ls", SHOOTER.href],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(plan)));
  await writer.close();
  const { success, code, signal, stdout } = await child.output();
  if (!success) throw new Error(`The process that shoots has failed: ${signal ?? code}.`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

function figuresOf(which: Case, small: readonly Report[], large: readonly Report[]): Figure[] {
  const failed = [...small, ...large].reduce((sum, report) => sum + report[which].failed, 0);
  const figure = (what: "throughput" | "cpuMs" | "p99", name: string, unit: string): Figure => {
    const [of, beside] = [large, small].map((reports) => median(reports.map((report) => report[which][what])));
    const note = `${of?.toFixed(2)} / ${beside?.toFixed(2)} ${unit}${failed === 0 ? "" : `, ${failed} failed`}`;
    return { name: `growth: ${name}, 1M/1k`, on: "file", value: (of ?? NaN) / (beside ?? NaN), unit: "ratio", note };
  };
  return [
    { ...figure("throughput", `${which === "callback" ? "settled" : which} throughput`, "/s"), goal: { least: 0.95 } },
    { ...figure("p99", `${which} p99`, "ms"), goal: { most: 1.2 } },
    figure("cpuMs", `${which} CPU`, "ms each"),
  ];
}

if (import.meta.main) console.log(table(await growth()));
