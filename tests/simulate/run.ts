import { Api } from "../model/api.ts";
import { judge } from "../model/judge.ts";
import { Mpesa } from "../model/mpesa.ts";
import { play, type Stage } from "../model/play.ts";
import type { Violation } from "../model/rules/violation.ts";
import { see } from "../model/seen.ts";
import { setUp } from "../model/set-up.ts";
import { settle } from "../model/settle.ts";
import { ENV } from "../model/theatre.ts";
import { Truth } from "../model/truth.ts";
import type { World } from "../model/world.ts";
import type { Capabilities } from "../../src/crypto/capability.ts";
import { publicUrl } from "../support/in-process.ts";
import { Faults } from "./faults.ts";
import { realNow } from "./host/globals.ts";
import { Random } from "./host/random.ts";
import { LiveAgenda } from "./outside/agenda.ts";
import { Clients } from "./outside/clients.ts";
import { Daraja } from "./outside/daraja.ts";
import { MpesaLine } from "./outside/mpesa-line.ts";
import { Shop } from "./outside/shop.ts";
import type { Plan } from "./plan.ts";
import { awaitingRetry, beyondThePlan, delivered, inInbox, told, withoutPlanned } from "./rules.ts";
import { Scheduler } from "./scheduler.ts";
import { createDatabase, type Store } from "./service/database.ts";
import { Fleet } from "./service/fleet.ts";
import * as current from "./service/release.ts";
import { withStore } from "./service/store.ts";

/** What a run showed. */
export interface Outcome {
  readonly plan: Plan;
  readonly hash: string;
  readonly violations: readonly Violation[];
  /** The history, for people; empty unless it was asked for. */
  readonly lines: readonly string[];
  readonly faults: ReadonlyMap<string, number>;
  readonly steps: number;
  readonly virtualMs: number;
  readonly realMs: number;
}

/** Of one history; most take about 10,000. */
const MOST_STEPS = 60_000;
const GRACE_MS = 10 * 60_000;
const STREAM_OF_FAULTS = 3;

/** Runs a plan on a release of the service, and judges what it ends with. */
export async function simulate(
  plan: Plan,
  options: { readonly release?: typeof current; readonly keepsLines?: boolean } = {},
): Promise<Outcome> {
  const started = realNow();
  const release = options.release ?? current;
  const scheduler = new Scheduler(plan.seed);
  scheduler.keepsLines = options.keepsLines ?? false;
  const faults = new Faults(new Random(plan.seed, STREAM_OF_FAULTS), new Set(plan.faults), plan.mostFaults);
  release.setUuids(() => scheduler.current.uuid());
  try {
    return await withStore(release, async (store) => {
      const violations = await scheduler
        .run(() => perform(plan, release, store, scheduler, faults), MOST_STEPS * plan.histories.length)
        .catch((error): Violation[] => [broke(error)]);
      return {
        plan,
        hash: scheduler.hash,
        violations,
        lines: scheduler.lines,
        faults: faults.counts,
        steps: scheduler.taken,
        virtualMs: scheduler.elapsed(),
        realMs: realNow() - started,
      };
    });
  } finally {
    release.setUuids(null);
  }
}

const broke = (error: unknown): Violation => ({
  rule: "service_failed",
  about: "run",
  text: error instanceof Error ? error.stack ?? error.message : String(error),
});

/** All that a run is played on. */
interface Scene {
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
  readonly capabilities: Capabilities;
  readonly alerts: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[];
}

async function perform(
  plan: Plan,
  release: typeof current,
  store: Store,
  scheduler: Scheduler,
  faults: Faults,
): Promise<Violation[]> {
  const scene = await build(plan, release, store, scheduler, faults);
  const found: Violation[] = [];
  for (const [serial, history] of plan.histories.entries()) {
    if (serial > 0) await scene.agenda.pass(plan.gapMs);
    found.push(...await actOut(scene, new Truth(history, serial)));
    if (found.length > 0) break;
  }
  return [...found, ...await beyondThePlan(scene.world)];
}

/** Plays one history among faults, brings it to its end without any, and judges it. */
async function actOut({ faults, agenda, line, mpesa, ...scene }: Scene, truth: Truth): Promise<Violation[]> {
  const { api, world, fleet, daraja, shop, alerts } = scene;
  const stage: Stage = { api, agenda, mpesa, truth, post: (url, body) => line.post(url, body) };
  api.failures.length = 0;
  mpesa.follow(truth);
  await setUp(api, truth);
  daraja.truth = truth;
  await subscribe(api, truth);
  faults.isActive = true;
  await play(stage, truth.history);
  faults.isActive = false;
  await fleet.calm();
  await settle(stage);
  const seen = await see(api, truth);
  const dead = await world.sql("SELECT kind, last_error FROM jobs WHERE status = 'dead'");
  const failures = [
    ...api.failures,
    ...fleet.broken,
    ...dead.map(([kind, why]) => `a job of kind ${kind} gave up: ${why}`),
  ];
  const resultUrlOf = (id: string) => world.address("refund_result", id);
  return [
    ...await withoutPlanned(world, truth, judge({ truth, seen, alerts, failures, resultUrlOf, graceMs: GRACE_MS })),
    ...delivered(seen, shop.received, await awaitingRetry(world), world.now()),
    ...told(seen),
    ...await inInbox(world, scene.capabilities, [...line.acknowledged.values()]),
  ];
}

/** Builds the service and all that is around it. */
async function build(
  plan: Plan,
  release: typeof current,
  store: Store,
  scheduler: Scheduler,
  faults: Faults,
): Promise<Scene> {
  const config = configOf(release);
  const clock = { now: () => scheduler.time };
  const db = createDatabase(release, store, scheduler, scheduler.world, faults);
  const vault = await release.createVault(config.keys.encryption, release.createDenoAead);
  await release.seed({ db, clock, vault });
  const capabilities = await release.createCapabilities(config.keys.callback);
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
  const shop = new Shop(scheduler, faults, () => new release.OutboundError("broken", "cut"));
  const alerts: Scene["alerts"] = [];
  const fleet = new Fleet({
    release,
    config,
    migrations: store.migrations,
    scheduler,
    faults,
    store,
    keyValue: release.createMemoryKeyValue(clock),
    daraja,
    outboundOf: (owner) => shop.outboundOf(owner),
    log: (level, event, fields) => {
      if (level === "alert") alerts.push({ event, fields });
      if (level !== "info") scheduler.note(`log ${event} ${fields["error"] ?? ""}`);
    },
  }, plan.processes);
  await fleet.start();
  const clients = new Clients(scheduler, fleet, faults);
  const world: World = {
    now: () => scheduler.time,
    send: (request) => clients.send(request),
    write: (statements) => db.write(statements),
    sql: async (sql, ...args) => (await db.read([{ sql, args }]))[0]?.rows ?? [],
    address: (kind, id) => `${publicUrl}/notify/${capabilities.mint(kind, id)}`,
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
    capabilities,
    alerts,
  };
}

/** Each merchant is told of all events. */
async function subscribe(api: Api, truth: Truth): Promise<void> {
  for (const { client } of new Set(truth.places.map(({ merchant }) => merchant))) {
    const body = { url: "https://shop.example/events", events: ["*"] };
    const { status } = await api.call(client, "POST", "/v1/webhook-endpoints", body);
    if (status !== 201) throw new Error(`no endpoint: ${status}`);
  }
}

function configOf(release: typeof current) {
  const loaded = release.loadConfig({
    APP_ENV: "test",
    DATABASE_URL: "file:simulated.db",
    PUBLIC_URL: publicUrl,
    DARAJA_BASE_URL: "http://127.0.0.1:8001",
    ...ENV,
  }, "start");
  if (!loaded.ok) throw new Error(release.formatProblems(loaded.problems));
  return loaded.config;
}
