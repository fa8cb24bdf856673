import { buildService } from "../../src/cli/build.ts";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { loadConfig } from "../../src/config/config.ts";
import { createTokens } from "../../src/auth/tokens.ts";
import { systemClock } from "../../src/platform/deno.ts";
import { freePort } from "../support/child.ts";
import { type Answered, begin } from "./cold/begin.ts";
import { type Figure, median, table } from "./figure.ts";
import { grow } from "./grow.ts";
import { LoadProcess } from "./stand.ts";

const ROUNDS = 7;
const CHECKOUTS = 1000;
const here = (path: string): URL => new URL(path, import.meta.url);
const MAIN = here("../../src/main.ts");
const BARE = here("./cold/bare-hono.ts");
/** 300 ms where bare Hono takes 28. */
const TIMES_BARE = 300 / 28;
const OF_SOURCE = 0.5;

interface Starts {
  readonly bundle: Answered[];
  readonly source: Answered[];
  readonly bare: Answered[];
}

/**
 * How long a start takes until the first checkout is made, with its prompt: from the bundle that is deployed, and from
 * the source, beside the least that Hono itself needs.
 */
export async function cold(): Promise<readonly Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-cold-" });
  const daraja = LoadProcess.start(here("./runner/stub-daraja.ts"), {}, `${folder}/daraja.log`);
  try {
    const url = `file:${folder}/malipo.db`;
    await grow({ url, checkouts: CHECKOUTS });
    await buildService(new URL(`file://${folder}/service/`));
    const port = freePort();
    const env = {
      APP_ENV: "test",
      HOST: "127.0.0.1",
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DATABASE_URL: url,
      KV_PATH: `${folder}/kv.db`,
      DARAJA_BASE_URL: (await daraja.says(/"simulator":"([^"]+)"/))[1] ?? "",
      DENO_DIR: `${folder}/deno`, // one that others write to meanwhile takes longer to read from
    };
    const token = await tokenFor(env);
    const bundle = new URL(`file://${folder}/service/malipo.js`);
    const of = (script: URL) => (): Promise<Answered> => begin(script, env, port, "/health/live", token);
    const subjects = {
      bare: () => begin(BARE, { PORT: env.PORT, DENO_DIR: env.DENO_DIR }, port, "/", null),
      bundle: of(bundle),
      source: of(MAIN),
    };
    const starts: Starts = { bundle: [], source: [], bare: [] };
    for (let n = -2; n < ROUNDS; n++) { // the first two fill the cache of compiled code
      for (const name of ["bare", "bundle", "source"] as const) {
        const answered = await subjects[name]();
        if (n >= 0) starts[name].push(answered);
      }
    }
    return figuresOf(starts);
  } finally {
    await daraja.end();
    await Deno.remove(folder, { recursive: true });
  }
}

async function tokenFor(env: Readonly<Record<string, string>>): Promise<string> {
  const loaded = loadConfig(env, "start");
  if (!loaded.ok) throw new Error("These settings are not enough to start with.");
  const { keys, server } = loaded.config;
  const tokens = await createTokens({ keys: keys.signing, issuer: server.publicUrl, clock: systemClock });
  const grant = { clientId: "cli_demo", merchantId: DEMO_MERCHANT, scopes: ["checkouts:write"], epoch: 0 } as const;
  return (await tokens.issue(grant)).token;
}

function figuresOf({ bundle, source, bare }: Starts): readonly Figure[] {
  const of = (starts: readonly Answered[], what: keyof Answered) => starts.map((start) => start[what]);
  const range = (list: readonly number[]) => `${Math.min(...list).toFixed(0)} to ${Math.max(...list).toFixed(0)} ms`;
  const figure = (name: string, starts: readonly Answered[], what: keyof Answered): Figure => ({
    name,
    on: "file",
    value: median(of(starts, what)),
    unit: "ms",
    note: range(of(starts, what)),
  });
  const hono = { ...figure("cold start: bare Hono", bare, "liveMs"), on: "" };
  const live = figure("cold start: first answer, from the bundle", bundle, "liveMs");
  const created = figure("cold start: first checkout made, from the bundle", bundle, "createMs");
  const fromSource = figure("cold start: first checkout made, from the source", source, "createMs");
  // round by round, since what else runs changes with time
  const halves = of(bundle, "createMs").map((ms, i) => ms / (source[i]?.createMs ?? NaN));
  return [
    hono,
    { ...live, goal: { most: 250 } },
    {
      ...created,
      goal: { most: Math.round(hono.value * TIMES_BARE) },
      note: `${created.note}; 300 where Hono takes 28`,
    },
    fromSource,
    {
      name: "cold start: bundle / source",
      on: "file",
      value: median(halves),
      unit: "ratio",
      goal: { most: OF_SOURCE },
      note: `${Math.min(...halves).toFixed(2)} to ${Math.max(...halves).toFixed(2)}`,
    },
    { ...figure("stop: SIGTERM until the process is gone", bundle, "stopMs"), goal: { most: 5_000 } },
  ];
}

if (import.meta.main) console.log(table(await cold()));
