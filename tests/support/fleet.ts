import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import { seed } from "../../src/cli/seed.ts";
import { loadConfig } from "../../src/config/config.ts";
import { createVault } from "../../src/crypto/vault.ts";
import { migrate } from "../../src/db/migrator.ts";
import { openDatabase } from "../../src/db/open.ts";
import { systemClock } from "../../src/platform/deno.ts";
import type { Transaction } from "../../src/simulator/core/transactions.ts";
import { Child, freePort } from "./child.ts";
import { ApiClient } from "./client.ts";
import { makeCertificate, type Nginx, startNginx } from "./nginx.ts";
import type { DatabaseKind } from "./database.ts";
import { startSqld } from "./sqld.ts";

const here = new URL("../../", import.meta.url);

/** One API process of a release. */
export interface ApiProcess {
  readonly port: number;
  readonly child: Child;
  /** Ends it in order, or at once with SIGKILL. */
  end(signal?: Deno.Signal): Promise<Deno.CommandStatus>;
}

/** Several API processes, of one release or of two, behind nginx on one database, with the simulator in Daraja's place. */
export interface Fleet {
  readonly client: ApiClient;
  readonly nginx: Nginx;
  readonly url: string;
  readonly databaseUrl: string;
  readonly simulator: string;
  /** The settings of a process, but for its port. */
  readonly env: Readonly<Record<string, string>>;
  /** `fetch` through nginx; `from` is the caller's own address (127.0.0.0/8). */
  fetch(from?: string): typeof fetch;
  /** Starts a process of the release in this folder and waits until it is ready. */
  startApi(release?: URL): Promise<ApiProcess>;
  transactions(): Promise<Transaction[]>;
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where the tables are. sqld unless given. */
  readonly database?: DatabaseKind;
  /** Makes the schema. Default: all migrations of this release, and the seed of development. */
  readonly prepare?: (databaseUrl: string) => Promise<void>;
}

/** Applies the migrations of this release, and the seed of development. */
export async function migrateAndSeed(databaseUrl: string): Promise<void> {
  const loaded = loadConfig({ APP_ENV: "test", DATABASE_URL: databaseUrl }, "start");
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const db = await openDatabase(databaseUrl);
  await migrate(db, await loadMigrations());
  await seed({ db, clock: systemClock, vault: await createVault(loaded.config.keys.encryption) });
  await db.close();
}

/** Starts the simulator, sqld and nginx; the API processes are started by {@link Fleet.startApi} and named to nginx by `route`. */
export async function startFleet(
  { env = {}, database: kind = "sqld", prepare = migrateAndSeed }: FleetOptions = {},
): Promise<Fleet> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-fleet-" });
  const certificate = await makeCertificate(folder);
  const server = kind === "sqld" ? await startSqld() : null;
  const database = { url: server?.url ?? `file:${folder}/malipo.db`, stop: async () => await server?.stop() };
  await prepare(database.url);
  const simulated = Child.start(new URL("src/simulator/main.ts", here), {
    HOST: "127.0.0.1",
    SIMULATOR_PORT: "0",
    SIMULATOR_CALLBACK_DELAY_MS: "200",
    DENO_CERT: certificate, // so that its callbacks get through nginx
    ...env,
  });
  const simulator = await simulated.line((line) => /"simulator":"([^"]+)"/.exec(line)?.[1] ?? null) ?? "";
  const nginx = await startNginx(folder, certificate, [{ port: freePort(), weight: 1 }]);
  const url = `https://127.0.0.1:${nginx.port}`;
  const caCerts = [await Deno.readTextFile(certificate)];
  const clients = new Map<string, Deno.HttpClient>();
  const send = (from = "127.0.0.1"): typeof fetch => (input, init) => {
    const client = clients.get(from) ?? Deno.createHttpClient({ caCerts, localAddress: from });
    clients.set(from, client);
    return fetch(input, { ...init, client });
  };
  const running = new Set<Child>();

  const settings = {
    APP_ENV: "test",
    HOST: "127.0.0.1",
    DATABASE_URL: database.url,
    KV_PATH: `${folder}/kv.db`,
    DARAJA_BASE_URL: simulator,
    TRUSTED_PROXIES: "1",
    ...env,
    PUBLIC_URL: url,
  };

  async function startApi(release = here): Promise<ApiProcess> {
    const port = freePort();
    const child = Child.start(new URL("src/main.ts", release), { ...settings, PORT: String(port) });
    const started = await child.line((line) => line.includes('"event":"started"') ? true : null);
    if (started === null) throw new Error(`The API did not start:\n${child.lines.join("\n")}`);
    running.add(child);
    return {
      port,
      child,
      end: (signal = "SIGTERM") => {
        running.delete(child);
        return child.end(signal);
      },
    };
  }

  return {
    client: new ApiClient(() => url, (request) => send()(request), () => Date.now()),
    nginx,
    url,
    databaseUrl: database.url,
    simulator,
    env: settings,
    fetch: send,
    startApi,
    async transactions() {
      const { data }: { data: Transaction[] } = await (await fetch(`${simulator}/_simulator/transactions`)).json();
      return data;
    },
    async stop() {
      for (const client of clients.values()) client.close();
      await Promise.all([...running].map((child) => child.end("SIGTERM")));
      await nginx.stop();
      await simulated.end("SIGTERM");
      await database.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
