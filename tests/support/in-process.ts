import assert from "node:assert/strict";
import type { Hono } from "hono";
import { createApp } from "../../src/app/app.ts";
import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import { seed } from "../../src/cli/seed.ts";
import { type Config, formatProblems, loadConfig } from "../../src/config/config.ts";
import type { Fields, Log } from "../../src/context/context.ts";
import { setUuids } from "../../src/crypto/ids.ts";
import { createVault } from "../../src/crypto/vault.ts";
import type { Database, Result, Statement } from "../../src/db/database.ts";
import type { Env } from "../../src/http/env.ts";
import { createTokens } from "../../src/auth/tokens.ts";
import { createMemoryKeyValue } from "../../src/platform/memory.ts";
import { logLine } from "../../src/telemetry/log.ts";
import type { KeyValue, Mailer, Outbound } from "../../src/platform/ports.ts";
import { jobHandlers } from "../../src/app/job-handlers.ts";
import { type AppServices, createServices } from "../../src/app/services.ts";
import { sweep } from "../../src/app/sweep.ts";
import { demoShortcodes } from "../../src/simulator/demo.ts";
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import { ApiClient } from "./client.ts";
import { undocumentedStatus } from "./document.ts";
import { databases, withDatabase } from "./database.ts";
import { assertCleanLogs } from "./logs.ts";
import { registerC2b } from "./register.ts";
import { VirtualTime, virtualUuids } from "./time.ts";

export type { Answer, CallOptions, Client, ProblemBody } from "./client.ts";

export const publicUrl = "http://127.0.0.1:8000";
const simulatorUrl = "http://127.0.0.1:8001";
/** The usual delay of the simulator's callbacks, in virtual ms. */
export const callbackDelayMs = 1_500;

/** A cache with times keeps the time by a timer of 1 ms, and offers no way to end it; a test must not leave it behind. */
const CACHE_CLOCK_MS = 2;

export interface InProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** When virtual time starts, in ms since 1970; the same moment in each run without it. */
  readonly startMs?: number;
  /** Makes the UUIDs of ids by the given clock; with real randomness without it. All services of a process share the last. */
  readonly uuids?: (now: () => number) => () => string;
  /** Changes what no setting of a test environment can say. */
  readonly changeConfig?: (config: Config) => Config;
  /** Puts something between the service and its database; the seed goes around it. */
  readonly wrapDatabase?: (db: Database) => Database;
  readonly wrapKeyValue?: (kv: KeyValue) => KeyValue;
  /** Answers a call to Daraja in the simulator's stead; null lets it through. May throw, as fetch does. */
  readonly daraja?: (request: Request) => Response | Promise<Response | null> | null;
  /** Sees each callback before the app does; a response keeps it from the app. */
  readonly callback?: (request: Request) => Response | Promise<Response | null> | null;
  /** The way to webhook endpoints; none is reached without it. */
  readonly outbound?: Outbound;
  /** Sends e-mail; none is sent without it. */
  readonly mailer?: Mailer;
  /** No wake-up of a job ever arrives. */
  readonly loseWakeUps?: boolean;
  /** Jobs are not started: nothing runs by itself. */
  readonly withoutJobs?: boolean;
  /** The database waits for no disk, unless this is false; see {@link QuickDatabase}. */
  readonly quick?: boolean;
}

/** One log line. */
export interface Line {
  readonly level: string;
  readonly event: string;
  readonly fields: Fields;
}

/** The whole service in this process on virtual time: app, services, an in-memory simulator and a real database. */
export class InProcess {
  readonly #client: ApiClient;
  constructor(
    readonly config: Config,
    readonly app: Hono<Env>,
    readonly services: AppServices,
    /** The database itself, past `wrapDatabase`. */
    readonly db: Database,
    readonly kv: KeyValue,
    readonly simulator: Simulator,
    readonly time: VirtualTime,
    readonly lines: readonly Line[],
  ) {
    this.#client = new ApiClient(() => publicUrl, async (request) => await app.fetch(request), () => time.now());
  }

  /** Calls the API; see {@link ApiClient.call}. */
  readonly call: ApiClient["call"] = (...args) => this.#client.call(...args);
  readonly request: ApiClient["request"] = (request) => this.#client.request(request);
  readonly token: ApiClient["token"] = (...args) => this.#client.token(...args);

  /** Posts to a callback address. */
  notify(capability: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
    return Promise.resolve(
      this.app.request(`${publicUrl}/notify/${capability}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      }),
    );
  }

  /** Lets virtual time pass, and all that falls due in it happen. */
  async pass(ms = 2 * callbackDelayMs): Promise<void> {
    await this.time.pass(ms, () => this.idle());
  }

  /** Resolves when nothing runs; what waits for its time still waits. */
  async idle(): Promise<void> {
    await this.simulator.world.tasks.idle();
    await this.services.jobs.idle();
    await this.simulator.world.tasks.idle();
  }

  /** Runs the sweep once and what it starts. */
  async sweep(): Promise<void> {
    await sweep(this.services, this.kv);
    await this.idle();
  }

  /** Rows of a query, as objects are not needed. */
  async sql(sql: string, ...args: Statement["args"]): Promise<Result["rows"]> {
    const [result] = await this.db.read([{ sql, args }]);
    return result?.rows ?? [];
  }

  /** How many rows a table has. */
  async count(table: string): Promise<number> {
    return Number((await this.sql(`SELECT count(*) FROM ${table}`))[0]?.[0]);
  }

  /** Log lines of an event. */
  logged(event: string): readonly Line[] {
    return this.lines.filter((line) => line.event === event);
  }
}

/** Runs a test on the whole service in this process; checks at its end that no log line holds personal data or secrets. */
export async function inProcess(
  test: (run: InProcess) => Promise<void>,
  options: InProcessOptions = {},
): Promise<void> {
  const { quick = true } = options;
  await withDatabase(databases()[0] ?? "file", (db, url) => runOn(db, url, test, options), { quick });
}

async function runOn(
  db: Database,
  url: string,
  test: (run: InProcess) => Promise<void>,
  options: InProcessOptions,
): Promise<void> {
  const time = new VirtualTime(options.startMs);
  const now = () => time.now();
  setUuids(options.uuids?.(now) ?? virtualUuids(now, (bytes) => crypto.getRandomValues(bytes)));
  const lines: Line[] = [];
  const config = configOf(url, options);
  await seed({ db, clock: time, vault: await createVault(config.keys.encryption) });

  const log: Log = { write: (level, event, fields = {}) => void lines.push({ level, event, fields }) };
  const kv = createMemoryKeyValue(time);
  const parts = { kv: options.wrapKeyValue?.(kv) ?? kv, db: options.wrapDatabase?.(db) ?? db };
  const simulator = simulatorOf(time, async (request) => await options.callback?.(request) ?? await app.fetch(request));
  const services = await createServices({
    ...parts,
    config,
    clock: time,
    log,
    queue: queueOf(time, options.loseWakeUps ?? false),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      return await options.daraja?.(request.clone()) ?? await simulator.app.fetch(request);
    },
    ...(options.outbound === undefined ? {} : { outbound: options.outbound }),
    mailer: options.mailer ?? null,
  });
  const migrations = (await loadMigrations()).map(({ name }) => name);
  const app = createApp({
    services,
    tokens: await createTokens({
      keys: config.keys.signing,
      retired: config.keys.retired,
      issuer: publicUrl,
      clock: time,
    }),
    kv: parts.kv,
    health: { db: parts.db, migrations, isAccepting: () => true },
  });
  const undocumented = watchStatuses(app);
  const run = new InProcess(config, app, services, db, parts.kv, simulator, time, lines);
  try {
    if (!options.withoutJobs) services.jobs.start(jobHandlers(services));
    await registerC2b(services);
    await test(run);
  } finally {
    await services.jobs.stop(2_000);
    await simulator.close();
    services.daraja.close?.();
    await new Promise((resolve) => setTimeout(resolve, CACHE_CLOCK_MS));
  }
  const written = lines.map(({ level, event, fields }) => logLine("2026-01-01T00:00:00.000Z", level, event, fields));
  assertCleanLogs(written, darajaTokens(simulator));
  assert.deepEqual([...undocumented], []);
}

/** Notes each answer of the app with a status that the document does not name, by whatever way the test asked. */
function watchStatuses(app: Hono<Env>): ReadonlySet<string> {
  const found = new Set<string>();
  const answer = app.fetch;
  app.fetch = (request, ...rest) => {
    const look = ({ status }: Response): void => {
      const wrong = undocumentedStatus(request.method, new URL(request.url).pathname, status);
      if (wrong !== null) found.add(wrong);
    };
    const response = answer(request, ...rest);
    if (response instanceof Promise) response.then(look, () => {}); // beside it: the caller's turn stays what it was
    else look(response);
    return response;
  };
  return found;
}

function configOf(url: string, options: InProcessOptions): Config {
  const loaded = loadConfig({
    APP_ENV: "test",
    DATABASE_URL: url,
    PUBLIC_URL: publicUrl,
    DARAJA_BASE_URL: simulatorUrl,
    ...options.env,
  }, "start");
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return options.changeConfig?.(loaded.config) ?? loaded.config;
}

const simulatorOf = (time: VirtualTime, deliver: (request: Request) => Promise<Response>): Simulator =>
  createSimulator({
    callbackDelayMs,
    lateCallbackDelayMs: 90_000,
    shortcodes: demoShortcodes,
    now: () => time.now(),
    timer: (ms, run) => time.after(ms, run),
    fetch: deliver,
  });

function queueOf(time: VirtualTime, losing: boolean) {
  let handler = () => {};
  return {
    enqueue(delayMs: number): Promise<void> {
      if (!losing) time.after(delayMs, () => handler());
      return Promise.resolve();
    },
    listen(listener: () => void): void {
      handler = listener;
    },
  };
}

const darajaTokens = (simulator: Simulator): string[] =>
  simulator.world.requests.list().filter(({ operation }) => operation === "oauth")
    .map(({ response }) => (response.body as { access_token?: string } | null)?.access_token ?? ""); // the simulator's own
