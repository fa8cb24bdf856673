import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { loadConfig } from "../../src/config/config.ts";
import { createTokens } from "../../src/auth/tokens.ts";
import { systemClock } from "../../src/platform/deno.ts";
import { freePort } from "../support/child.ts";
import { type Answered, begin } from "./cold/begin.ts";
import { type Figure, median, table } from "./figure.ts";
import { grow } from "./grow.ts";

const ROUNDS = 7;
const CHECKOUTS = 1000;
const MAIN = new URL("../../src/main.ts", import.meta.url);
const BARE = new URL("./cold/bare-hono.ts", import.meta.url);

/** How long a start takes until it answers, beside the least that Hono itself needs. */
export async function cold(): Promise<readonly Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-cold-" });
  try {
    const url = `file:${folder}/malipo.db`;
    await grow({ url, checkouts: CHECKOUTS });
    const port = freePort();
    const env = {
      APP_ENV: "test",
      HOST: "127.0.0.1",
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DATABASE_URL: url,
      KV_PATH: `${folder}/kv.db`,
      DARAJA_BASE_URL: "http://127.0.0.1:9",
      DENO_DIR: `${folder}/deno`, // one that others write to meanwhile takes longer to read from
    };
    const token = await tokenFor(env);
    const ours = (): Promise<Answered> => begin(MAIN, env, port, "/health/live", token);
    const bare = (): Promise<Answered> => begin(BARE, { PORT: env.PORT, DENO_DIR: env.DENO_DIR }, port, "/", null);
    for (let n = 0; n < 2; n++) await bare().then(ours); // fills the cache of compiled code
    const starts = { ours: [] as Answered[], bare: [] as Answered[] };
    for (let n = 0; n < ROUNDS; n++) {
      starts.bare.push(await bare());
      starts.ours.push(await ours());
    }
    return figuresOf(starts.ours, starts.bare);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function tokenFor(env: Readonly<Record<string, string>>): Promise<string> {
  const loaded = loadConfig(env, "start");
  if (!loaded.ok) throw new Error("These settings are not enough to start with.");
  const { keys, server } = loaded.config;
  const tokens = await createTokens({ keys: keys.signing, issuer: server.publicUrl, clock: systemClock });
  return (await tokens.issue({ clientId: "cli_demo", merchantId: DEMO_MERCHANT, scopes: ["checkouts:read"], epoch: 0 }))
    .token;
}

function figuresOf(ours: readonly Answered[], bare: readonly Answered[]): readonly Figure[] {
  const of = (starts: readonly Answered[], what: keyof Answered) => starts.map((start) => start[what]);
  const range = (list: readonly number[]) => `${Math.min(...list).toFixed(0)} to ${Math.max(...list).toFixed(0)} ms`;
  const least = median(of(bare, "liveMs"));
  const live = median(of(ours, "liveMs"));
  const note = range(of(ours, "liveMs"));
  return [
    { name: "cold start: bare Hono", on: "", value: least, unit: "ms", note: range(of(bare, "liveMs")) },
    { name: "cold start: first answer", on: "file", value: live, unit: "ms", goal: { most: 250 }, note },
    { name: "cold start: first answer / bare Hono", on: "file", value: live / least, unit: "ratio", goal: { most: 2 } },
    {
      name: "cold start: first authenticated list",
      on: "file",
      value: median(of(ours, "listMs")),
      unit: "ms",
      note: range(of(ours, "listMs")),
    },
    {
      name: "stop: SIGTERM until the process is gone",
      on: "file",
      value: median(of(ours, "stopMs")),
      unit: "ms",
      goal: { most: 5_000 },
      note: range(of(ours, "stopMs")),
    },
  ];
}

if (import.meta.main) console.log(table(await cold()));
