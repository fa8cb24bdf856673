import { Api } from "../model/api.ts";
import { Mpesa } from "../model/mpesa.ts";
import { ENV } from "../model/theatre.ts";
import type { World } from "../model/world.ts";
import type { Config } from "../../src/config/config.ts";
import type { Database } from "../../src/db/database.ts";
import type { CallbackKind, Capabilities } from "../../src/crypto/capability.ts";
import { publicUrl } from "../support/in-process.ts";
import { Faults } from "./faults.ts";
import { LiveAgenda } from "./outside/agenda.ts";
import { Clients } from "./outside/clients.ts";
import { Daraja } from "./outside/daraja.ts";
import { MpesaLine } from "./outside/mpesa-line.ts";
import { Shop } from "./outside/shop.ts";
import type { Plan } from "./plan.ts";
import { Scheduler } from "./scheduler.ts";
import { createDatabase, type Store } from "./service/database.ts";
import { type Deployment, Fleet } from "./service/fleet.ts";
import * as current from "./service/release.ts";

/** How long (ms) after M-Pesa or a person has said something the service may still act otherwise. */
export const GRACE_MS = 10 * 60_000;

/** The service as it stands, and the release before; where there is none, twice the same. */
export interface Releases {
  readonly release: typeof current;
  readonly before: typeof current;
}

/** All that a run is played on. */
export interface Scene {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly agenda: LiveAgenda;
  readonly line: MpesaLine;
  readonly mpesa: Mpesa;
  readonly daraja: Daraja;
  readonly shop: Shop;
  readonly fleet: Fleet;
  readonly api: Api;
  readonly world: World;
  /** The addresses of a row, by each key that has signed any. */
  readonly addresses: (kind: CallbackKind, id: string) => readonly string[];
  /** Of each key by which addresses have been signed, the newest last. */
  readonly capabilities: Capabilities[];
  readonly db: Database;
  readonly store: Store;
  readonly release: typeof current;
  readonly alerts: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[];
}

/** Builds the service and all that is around it. */
export async function build(
  plan: Plan,
  { release, before }: Releases,
  store: Store,
  scheduler: Scheduler,
  faults: Faults,
): Promise<Scene> {
  const config = configOf(release);
  const clock = { now: () => scheduler.time };
  const db = createDatabase(release, store, scheduler, scheduler.world, faults);
  const vault = await release.createVault(config.keys.encryption, release.createDenoAead);
  await release.seed({ db, clock, vault });
  const capabilities = [await release.createCapabilities(config.keys.callback)];
  const agenda = new LiveAgenda(scheduler);
  const line = new MpesaLine(scheduler, faults);
  const mpesa = new Mpesa({
    now: () => scheduler.time,
    later: (ms, work) => agenda.later(ms, work),
    post: (url, body) => line.post(url, body),
    pauseGraceMs: GRACE_MS,
  });
  const daraja = new Daraja(scheduler, mpesa, faults, store);
  store.wentDown = () => daraja.forgetFresh(null);
  const shop = new Shop(scheduler, faults);
  const alerts: Scene["alerts"] = [];
  const fleet = new Fleet({
    migrations: store.migrations,
    scheduler,
    faults,
    store,
    keyValue: release.createMemoryKeyValue(clock),
    keyValueBefore: new Map(),
    daraja,
    outboundOf: (owner, of) => shop.outboundOf(owner, of),
    log: (level, event, fields) => {
      if (level === "alert") alerts.push({ event, fields });
      if (level !== "info") scheduler.note(`log ${event} ${fields["error"] ?? ""}`);
    },
  }, deploymentsOf(plan, { release, before }, faults));
  await fleet.start();
  const clients = new Clients(scheduler, fleet, faults);
  const addresses = (kind: CallbackKind, id: string) =>
    capabilities.map((each) => `${publicUrl}/notify/${each.mint(kind, id)}`);
  const world: World = {
    now: () => scheduler.time,
    send: (request) => clients.send(request),
    write: (statements) => db.write(statements),
    sql: async (sql, ...args) => (await db.read([{ sql, args }]))[0]?.rows ?? [],
    address: (kind, id) => addresses(kind, id).at(-1) ?? "",
    graceMs: GRACE_MS,
  };
  const once = async (request: Request) => await fleet.send(request, "mpesa") ?? new Response(null, { status: 599 });
  line.world = { ...world, send: once };
  return {
    scheduler,
    faults,
    agenda,
    line,
    mpesa,
    daraja,
    shop,
    fleet,
    api: new Api(world),
    world,
    addresses,
    capabilities,
    db,
    store,
    release,
    alerts,
  };
}

/** Every process runs the release as it stands, or every second one the release before. */
function deploymentsOf(plan: Plan, { release, before }: Releases, faults: Faults): Deployment[] {
  const isMixed = before !== release && faults.now("old_release", { atStart: true });
  return Array.from({ length: plan.processes }, (_, i) => {
    const its = isMixed && i % 2 === 0 ? before : release;
    return { release: its, config: configOf(its) };
  });
}

export function configOf(release: typeof current, settings: Readonly<Record<string, string>> = {}): Config {
  const loaded = release.loadConfig({
    APP_ENV: "test",
    DATABASE_URL: "file:simulated.db",
    PUBLIC_URL: publicUrl,
    DARAJA_BASE_URL: "http://127.0.0.1:8001",
    ...ENV,
    ...settings,
  }, "start");
  if (!loaded.ok) throw new Error(release.formatProblems(loaded.problems));
  return loaded.config;
}
