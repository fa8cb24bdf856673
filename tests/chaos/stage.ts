import { type Config, formatProblems, loadConfig } from "../../src/config/config.ts";
import { createCapabilities } from "../../src/crypto/capability.ts";
import { createVault } from "../../src/crypto/vault.ts";
import { migrate } from "../../src/db/migrator.ts";
import { openDatabase } from "../../src/db/open.ts";
import { registeredShortcodes, seed } from "../../src/cli/seed.ts";
import { systemClock } from "../../src/platform/deno.ts";
import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import { demoShortcodes } from "../../src/simulator/demo.ts";
import { createSimulator, type SimulatedShortcode, type Simulator } from "../../src/simulator/simulator.ts";
import { freePort } from "../support/child.ts";
import { type Sqld, startSqld } from "../support/sqld.ts";
import { CallbackProxy } from "./faults/callbacks.ts";
import { DarajaProxy } from "./faults/daraja.ts";
import type { Options } from "./options.ts";
import { Random } from "./random.ts";
import { Tally } from "./tally.ts";

const CALLBACK_DELAY_MS = 120;
const LATE_MS = 1_500;
/** The demo shop's till, as the seed stores it. */
const TILL = { id: "sho_01kamcvd000000000000000002", number: "500000" };
/** A minute of the run is more than eight hours of the plans. */
export const PLAN_SCALE = 0.002;

/** All that a run stands on: stores, simulator, the two proxies, and what the API is started with. */
export interface Stage {
  readonly options: Options;
  readonly random: Random;
  readonly faults: Tally;
  readonly config: Config;
  readonly env: Readonly<Record<string, string>>;
  /** A port for each process of the API. The addresses of callbacks name the first; a balancer spreads them. */
  readonly ports: readonly number[];
  readonly clockFile: string;
  readonly folder: string;
  readonly sqld: Sqld | null;
  readonly simulator: Simulator;
  readonly callbacks: CallbackProxy;
  readonly daraja: DarajaProxy;
  readonly lines: string[];
  /** How far the world's clock is ahead of the machine's: Daraja's, and on average the API's. */
  readonly world: { aheadMs: number };
  close(): Promise<void>;
}

export async function setStage(options: Options): Promise<Stage> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-chaos-" });
  const random = new Random(String(options.seed));
  const faults = new Tally();
  const sqld = options.database === "sqld" ? await startSqld() : null;
  const ports = Array.from({ length: options.processes }, () => freePort());
  const port = ports[0] ?? 0;
  const url = `http://127.0.0.1:${port}`;
  const callbacks = new CallbackProxy(random.fork("callbacks"), faults, ports);
  const daraja = new DarajaProxy(random.fork("daraja"), faults);
  const env = environment(folder, port, sqld, daraja.url);
  const config = configOf(env);
  await prepare(config);
  const world = { aheadMs: 0 };
  const clockFile = `${folder}/clock`;
  await Deno.writeTextFile(clockFile, "0");
  const simulator = createSimulator({
    now: () => Date.now() + world.aheadMs,
    callbackDelayMs: CALLBACK_DELAY_MS,
    lateCallbackDelayMs: LATE_MS,
    shortcodes: await withAddresses(config, url),
    fetch: (request) => callbacks.send(request),
    callbackTimeoutMs: 5_000,
    validationTimeoutMs: 2_000,
  });
  daraja.serve(simulator);
  const close = async () => {
    await simulator.close();
    await daraja.close();
    await sqld?.stop();
    await Deno.remove(folder, { recursive: true });
  };
  const made = { options, random, faults, config, env, ports, clockFile, folder, sqld, simulator, callbacks, daraja };
  return { ...made, lines: [], world, close };
}

const environment = (folder: string, port: number, sqld: Sqld | null, daraja: string) => ({
  APP_ENV: "test",
  HOST: "127.0.0.1",
  PORT: String(port),
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  DATABASE_URL: sqld?.url ?? `file:${folder}/malipo.db`,
  KV_PATH: `${folder}/kv.db`,
  DARAJA_BASE_URL: daraja,
  PLAN_SCALE: String(PLAN_SCALE),
  CHECKOUT_DAILY_PER_PHONE_KES: "1000000000",
  PAYOUT_DAILY_PER_MERCHANT_KES: "1000000000",
  PAYOUT_APPROVAL_FROM_KES: "600",
});

function configOf(env: Readonly<Record<string, string>>): Config {
  const loaded = loadConfig(env, "start");
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
}

async function prepare(config: Config): Promise<void> {
  const db = await openDatabase(config.database.url);
  await migrate(db, await loadMigrations());
  await seed({ db, clock: systemClock, vault: await createVault(config.keys.encryption) });
  await db.close();
}

/** The C2B addresses of the demo shop's paybill and till are registered from the start, as a shop's are once and for all. */
async function withAddresses(config: Config, url: string): Promise<readonly SimulatedShortcode[]> {
  const capabilities = await createCapabilities(config.keys.callback);
  return demoShortcodes.map((shortcode) => {
    const known = [...registeredShortcodes, TILL].find(({ number }) => number === shortcode.number);
    if (known === undefined) return shortcode;
    const address = (kind: "c2b_validation" | "c2b_confirmation") =>
      `${url}/notify/${capabilities.mint(kind, known.id)}`;
    const [confirmationUrl, validationUrl] = [address("c2b_confirmation"), address("c2b_validation")];
    return {
      ...shortcode,
      c2b: { version: 2 as const, responseType: "Completed" as const, confirmationUrl, validationUrl },
    };
  });
}
