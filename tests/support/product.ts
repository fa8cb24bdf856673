import assert from "node:assert/strict";
import type { RequestEntry } from "../../src/simulator/core/requests.ts";
import type { Transaction } from "../../src/simulator/core/transactions.ts";
import { Child, freePort } from "./child.ts";
import { ApiClient } from "./client.ts";
import type { DatabaseKind } from "./database.ts";
import { assertCleanLogs } from "./logs.ts";
import { startSqld } from "./sqld.ts";

export type { Answer, CallOptions, Client, ProblemBody } from "./client.ts";

export interface ProductOptions {
  /** A file of its own unless told; `sqld` starts a server too. */
  readonly database?: DatabaseKind;
  /** Settings of the API and of the simulator. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the API finds Daraja, given the simulator's origin: for something in between. */
  readonly daraja?: (simulator: string) => string;
}

const START_TRIES = 3;
const POLL_MS = 20;
/** What takes longer does not come at all: most of it comes within 2 s, and within 60 s on a machine that is very busy. */
const HANGS_MS = 300_000;

/** API and simulator, each a process of its own, on a database of its own. */
export class Product {
  readonly #client: ApiClient;
  readonly #lines: string[] = [];
  #apiProcess: Child | null = null;

  private constructor(
    readonly simulator: string,
    readonly simulatorProcess: Child,
    readonly port: number,
    readonly env: Readonly<Record<string, string>>,
    readonly cleanUp: () => Promise<void>,
  ) {
    this.#client = new ApiClient(() => this.api, (request) => fetch(request), () => Date.now());
  }

  /** The API's origin. */
  get api(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  static async start(
    options: ProductOptions,
    folder: string,
    database: { url: string; stop(): Promise<void> },
  ): Promise<Product> {
    const simulator = Child.start(new URL("../../src/simulator/main.ts", import.meta.url), {
      HOST: "127.0.0.1",
      SIMULATOR_PORT: "0",
      ...options.env,
    });
    const origin = await simulator.line((line) => /"simulator":"([^"]+)"/.exec(line)?.[1] ?? null);
    if (origin === null) throw new Error(`The simulator did not start:\n${simulator.lines.join("\n")}`);
    const cleanUp = async () => {
      await simulator.end("SIGTERM");
      await database.stop();
    };
    for (let tries = 1;; tries++) {
      const port = freePort();
      const product = new Product(origin, simulator, port, {
        APP_ENV: "test",
        HOST: "127.0.0.1",
        DATABASE_URL: database.url,
        KV_PATH: `${folder}/kv.db`,
        DARAJA_BASE_URL: options.daraja?.(origin) ?? origin,
        ...options.env,
        PORT: String(port),
        PUBLIC_URL: `http://127.0.0.1:${port}`,
      }, cleanUp);
      try {
        await product.restart();
        return product;
      } catch (error) {
        const taken = product.logs().some((line) => line.includes("is in use by another program"));
        if (taken && tries < START_TRIES) continue;
        await cleanUp();
        throw error;
      }
    }
  }

  /** Calls the API; see {@link ApiClient.call}. */
  readonly call: ApiClient["call"] = (...args) => this.#client.call(...args);
  readonly request: ApiClient["request"] = (request) => this.#client.request(request);
  readonly token: ApiClient["token"] = (...args) => this.#client.token(...args);

  /** Everything that moved, by the simulator's books. */
  transactions(filter: { readonly phone?: string; readonly kind?: string } = {}): Promise<Transaction[]> {
    return this.#introspect("transactions", { ...filter });
  }

  /** Everything that was asked of the simulator. */
  requests(filter: { readonly phone?: string; readonly operation?: string } = {}): Promise<RequestEntry[]> {
    return this.#introspect("requests", { ...filter });
  }

  /** Asks until there is something (neither null, undefined nor false). Errors: after `HANGS_MS`. */
  async waitFor<T>(
    find: () => Promise<T | null | undefined | false> | T | null | undefined | false,
    { what = "what was waited for" } = {},
  ): Promise<T> {
    const deadline = Date.now() + HANGS_MS;
    for (;;) {
      const found = await find();
      if (found !== null && found !== undefined && found !== false) return found;
      if (Date.now() > deadline) {
        throw new Error(
          `${what} did not come in ${HANGS_MS} ms; last lines but reads:\n${
            this.logs().filter((line) => !line.includes('"method":"GET"')).slice(-25).join("\n")
          }`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** All lines that the API has said, over all its starts. */
  logs(): string[] {
    return [...this.#lines];
  }

  get pid(): number | undefined {
    return this.#apiProcess?.pid;
  }

  /** The most memory (bytes, resident) that the running API has held. Read by a child: Deno keeps /proc to itself. */
  async memoryMostBytes(): Promise<number> {
    const read = await new Deno.Command("cat", { args: [`/proc/${this.pid}/status`] }).output();
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(new TextDecoder().decode(read.stdout))?.[1];
    if (kib === undefined) throw new Error("The system does not tell how much memory the API has held.");
    return Number(kib) * 1024;
  }

  /** Ends the API by a signal (SIGTERM: it stops in order) and waits until it is gone. The simulator goes on. */
  async kill(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    const running = this.#apiProcess;
    this.#apiProcess = null;
    await running?.end(signal);
  }

  /** Sends SIGTERM. Errors: when the API does not end by itself, with code 0 and the line `stopped`. */
  async stopInOrder(): Promise<void> {
    const running = this.#apiProcess;
    if (running === null) throw new Error("The API does not run.");
    this.#apiProcess = null;
    const stops = () => this.#lines.filter((line) => line.includes('"event":"stopped"')).length;
    const before = stops();
    const { code, signal } = await running.end("SIGTERM");
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, "SIGKILL means that it hung");
    assert.equal(stops(), before + 1, "it says that it has stopped"); // its two streams have no common order
  }

  /** Starts the API (again, on the same port and database) and waits until it is ready. `env` changes settings. */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.kill("SIGTERM");
    const said = this.#lines.length;
    const started = Child.start(new URL("./api.ts", import.meta.url), { ...this.env, ...env }, this.#lines);
    this.#apiProcess = started;
    let at = 0;
    const ready = await started.line((line) => at++ >= said && line.includes('"test_ready"') ? true : null);
    if (ready === null) {
      this.#apiProcess = null;
      throw new Error(`The API did not start:\n${this.#lines.slice(said).join("\n")}`);
    }
    const health = await this.call("GET", "/health/ready", undefined, { client: null });
    if (health.status !== 200) throw new Error(`The API is not ready: ${JSON.stringify(health.body)}`);
  }

  /** Stops everything, removes its files, and checks that the log held no personal data and no secret. */
  async stop(): Promise<void> {
    const tokens = await this.#darajaTokens();
    await this.kill("SIGTERM");
    await this.cleanUp();
    assertCleanLogs(this.logs(), tokens);
  }

  async #darajaTokens(): Promise<string[]> {
    const calls = await this.requests({ operation: "oauth" }).catch(() => []);
    return calls.map(({ response }) => (response.body as { access_token?: string } | null)?.access_token ?? "");
  }

  async #introspect<T>(what: string, filter: Record<string, string>): Promise<T[]> {
    const response = await fetch(`${this.simulator}/_simulator/${what}?${new URLSearchParams(filter)}`);
    const { data }: { data: T[] } = await response.json();
    return data;
  }
}

/**
 * Starts the simulator and the API, each as a process of its own, on a fresh database with the development seed and the
 * demo paybill's C2B addresses registered. Call `stop()` at the end of the test.
 */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-product-" });
  const removed = () => Deno.remove(folder, { recursive: true });
  try {
    const server = options.database === "sqld" ? await startSqld() : null;
    return await Product.start(options, folder, {
      url: server?.url ?? `file:${folder}/malipo.db`,
      stop: async () => {
        await server?.stop();
        await removed();
      },
    });
  } catch (error) {
    await removed().catch(() => {});
    throw error;
  }
}

/** Runs a test on a product and stops it, whatever happens. */
export async function withProduct(options: ProductOptions, test: (product: Product) => Promise<void>): Promise<void> {
  const product = await startProduct(options);
  let failed = true;
  try {
    await test(product);
    failed = false;
  } finally {
    if (failed) await product.stop().catch(() => {}); // the test's own failure is the one to show
  }
  await product.stop();
}
