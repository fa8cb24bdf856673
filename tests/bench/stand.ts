import { freePort } from "../support/child.ts";
import { ApiClient } from "../support/client.ts";
import type { DatabaseKind } from "../support/database.ts";
import { startSqld } from "../support/sqld.ts";

/** The API as it is measured: with the V8 flags of `deno task start`, its log written to a file. */
const flags = [
  "--v8-flags=--max-semi-space-size=8,--heap-growing-percent=50",
  "--allow-net=127.0.0.1",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--allow-ffi",
  "--allow-sys=cpus,hostname,networkInterfaces",
];
const READY_MS = 120_000;
const STOP_MS = 8_000;

/** A process whose output goes to a file, as under a supervisor: who measures must not have to read it. */
export class LoadProcess {
  readonly #child: Deno.ChildProcess;
  readonly #log: string;

  private constructor(child: Deno.ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
  }

  /** Starts a script of this repository; `sh` only redirects and is replaced by it. */
  static start(script: URL, env: Readonly<Record<string, string>>, log: string): LoadProcess {
    const profiles = Deno.env.get("LOAD_CPU_PROF"); // a folder for V8's profiles, one a process
    const profile = profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`];
    const run = [Deno.execPath(), "run", "--quiet", "--frozen", ...profile, ...flags, script.href];
    const child = new Deno.Command("sh", {
      args: ["-c", 'exec "$@" >"$LOG" 2>&1', "sh", ...run],
      env: { ...env, LOG: log },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    return new LoadProcess(child, log);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What it has said so far. */
  said(): Promise<string> {
    return Deno.readTextFile(this.#log).catch(() => "");
  }

  /** Resolves with the first match of what it says. Errors: when it ends, or says nothing of the kind for two minutes. */
  async says(wanted: RegExp): Promise<RegExpExecArray> {
    let ended = false;
    this.#child.status.then(() => ended = true);
    const deadline = Date.now() + READY_MS;
    for (;;) {
      const over = ended || Date.now() > deadline;
      const text = await this.said();
      const found = wanted.exec(text);
      if (found !== null) return found;
      if (over) throw new Error(`A process did not say ${wanted}:\n${text.slice(-2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends it by a signal, by SIGKILL when it lingers. */
  async end(signal: Deno.Signal = "SIGTERM"): Promise<void> {
    const send = (which: Deno.Signal) => {
      try {
        this.#child.kill(which);
      } catch {
        // it has ended already
      }
    };
    send(signal);
    const timer = setTimeout(() => send("SIGKILL"), STOP_MS);
    await this.#child.status;
    clearTimeout(timer);
  }
}

export interface StandOptions {
  readonly database: DatabaseKind;
  /** How many processes of the API share the database; 1 unless told. */
  readonly processes?: number;
  /** Settings of the API and of the simulator. */
  readonly env?: Readonly<Record<string, string>>;
  /** A database that exists already, such as a seeded one; it is left where it is. */
  readonly databaseUrl?: string;
  /** Where the API finds the database and Daraja, given their own addresses: for something in between. */
  readonly databaseVia?: (url: string) => string | Promise<string>;
  readonly darajaVia?: (url: string) => string | Promise<string>;
  /** What is started as the API: the product unless told. */
  readonly script?: URL;
  /** What is started as Daraja: the simulator unless told. */
  readonly simulator?: URL;
}

/** Simulator, database and API, each a process of its own, and this one free to measure them. */
export interface Stand {
  readonly apis: readonly { readonly url: string; readonly process: LoadProcess; readonly client: ApiClient }[];
  readonly simulator: { readonly url: string; readonly process: LoadProcess };
  /** The database's own address, past `databaseVia`. */
  readonly databaseUrl: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/** Starts all, migrated, seeded, the demo paybill's C2B addresses registered; ready when it resolves. */
export async function startStand(options: StandOptions): Promise<Stand> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-load-" });
  const ends: (() => Promise<void>)[] = [() => Deno.remove(folder, { recursive: true })];
  const stop = async () => {
    for (const end of ends.toReversed()) await end().catch(() => {});
  };
  try {
    const server = options.databaseUrl === undefined && options.database === "sqld" ? await startSqld() : null;
    if (server !== null) ends.push(() => server.stop());
    const databaseUrl = options.databaseUrl ?? server?.url ?? `file:${folder}/malipo.db`;
    const simulator = LoadProcess.start(options.simulator ?? new URL("../../src/simulator/main.ts", import.meta.url), {
      HOST: "127.0.0.1",
      SIMULATOR_PORT: "0",
      SIMULATOR_KEEP: "5000",
      ...options.env,
    }, `${folder}/simulator.log`);
    ends.push(() => simulator.end());
    const origin = (await simulator.says(/"simulator":"([^"]+)"/))[1] ?? "";
    const databaseAt = await options.databaseVia?.(databaseUrl) ?? databaseUrl;
    const darajaAt = await options.darajaVia?.(origin) ?? origin;
    const apis = [];
    for (let n = 0; n < (options.processes ?? 1); n++) {
      const port = freePort();
      const url = `http://127.0.0.1:${port}`;
      const process = LoadProcess.start(options.script ?? new URL("../support/api.ts", import.meta.url), {
        APP_ENV: "test",
        HOST: "127.0.0.1",
        DATABASE_URL: databaseAt,
        KV_PATH: `${folder}/kv-${n}.db`,
        DARAJA_BASE_URL: darajaAt,
        CHECKOUT_DAILY_PER_PHONE_KES: "1000000000",
        PAYOUT_DAILY_PER_MERCHANT_KES: "1000000000",
        ...options.env,
        PORT: String(port),
        PUBLIC_URL: url,
      }, `${folder}/api-${n}.log`);
      ends.push(() => process.end());
      await process.says(/"test_ready"/);
      const client = new ApiClient(() => url, (request) => fetch(request), () => Date.now());
      apis.push({ url, process, client });
    }
    return { apis, simulator: { url: origin, process: simulator }, databaseUrl, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
