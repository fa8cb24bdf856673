import { Api } from "../model/api.ts";
import { judge } from "../model/judge.ts";
import { play, type Stage } from "../model/play.ts";
import type { Violation } from "../model/rules/violation.ts";
import { see } from "../model/seen.ts";
import { setUp } from "../model/set-up.ts";
import { settle } from "../model/settle.ts";
import { Truth } from "../model/truth.ts";
import { operate } from "./operate.ts";
import { build, GRACE_MS, type Releases, type Scene } from "./scene.ts";
import { Faults } from "./faults.ts";
import { realNow } from "./host/globals.ts";
import { Random } from "./host/random.ts";
import type { Plan } from "./plan.ts";
import { awaitingRetry, beyondThePlan, byVersion, delivered, inInbox, told, withoutPlanned } from "./rules.ts";
import { restoreAndJudge } from "./restore.ts";
import { Scheduler } from "./scheduler.ts";
import { type Store } from "./service/database.ts";
import { MOST_AHEAD_MS } from "./service/fleet.ts";
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

/** How a run is made. */
export interface Options {
  /** In the place of the service as it stands: one with a planted bug. */
  readonly release?: typeof current;
  /** The release before, for runs with `old_release`; without it these have none. */
  readonly before?: typeof current | undefined;
  readonly keepsLines?: boolean;
}

/** Of one history; most take about 10,000. */
const MOST_STEPS = 60_000;
const STREAM_OF_FAULTS = 3;

/** Runs a plan on a release of the service, and judges what it ends with. */
export async function simulate(
  plan: Plan,
  options: Options = {},
): Promise<Outcome> {
  const started = realNow();
  const release = options.release ?? current;
  const scheduler = new Scheduler(plan.seed);
  scheduler.keepsLines = options.keepsLines ?? false;
  const faults = new Faults(new Random(plan.seed, STREAM_OF_FAULTS), plan.seed, new Set(plan.faults), plan.mostFaults);
  const { before = release } = options;
  const releases = new Set([release, before]);
  for (const each of releases) each.setUuids(() => scheduler.current.uuid());
  try {
    return await withStore(release, async (store) => {
      const violations = await scheduler
        .run(() => perform(plan, { release, before }, store, scheduler, faults), MOST_STEPS * plan.histories.length)
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
    for (const each of releases) each.setUuids(null);
  }
}

const broke = (error: unknown): Violation => ({
  rule: "service_failed",
  about: "run",
  text: error instanceof Error ? error.stack ?? error.message : String(error),
});

async function perform(
  plan: Plan,
  releases: Releases,
  store: Store,
  scheduler: Scheduler,
  faults: Faults,
): Promise<Violation[]> {
  const scene = await build(plan, releases, store, scheduler, faults);
  const found: Violation[] = [];
  for (const [serial, history] of plan.histories.entries()) {
    if (serial > 0) await scene.agenda.pass(plan.gapMs);
    found.push(...await actOut(scene, new Truth(history, serial)));
    if (found.length > 0) break;
  }
  return [...found, ...await beyondThePlan(scene.world)];
}

/** Plays one history among faults, brings it to its end without any, and judges it. */
async function actOut(scene: Scene, truth: Truth): Promise<Violation[]> {
  const { faults, agenda, line, mpesa, api, world, fleet, daraja, shop, alerts } = scene;
  const stage: Stage = { api, agenda, mpesa, truth, post: (url, body) => line.post(url, body) };
  api.failures.length = 0;
  mpesa.follow(truth);
  await setUp(api, truth);
  daraja.truth = truth;
  line.truth = truth;
  await subscribe(api, truth);
  faults.isActive = true;
  operate(scene);
  await play(stage, truth.history);
  faults.isActive = false;
  await fleet.calm();
  await settle(stage);
  const seen = (await see(api, truth)).map(byVersion);
  const dead = await world.sql("SELECT kind, last_error FROM jobs WHERE status = 'dead'");
  const failures = [
    ...api.failures,
    ...fleet.broken,
    ...dead.map(([kind, why]) => `a job of kind ${kind} gave up: ${why}`),
  ];
  const resultUrlsOf = (id: string) => scene.addresses("refund_result", id);
  const clocksMs = fleet.clocksDiffer ? 2 * MOST_AHEAD_MS : 0;
  const played = { truth, seen, alerts, failures, resultUrlsOf, graceMs: GRACE_MS, clocksMs };
  const found = [
    ...await withoutPlanned(world, truth, judge(played)),
    ...delivered(seen, shop.received, await awaitingRetry(world), world.now()),
    ...told(seen),
    ...await inInbox(world, scene.capabilities, [...line.acknowledged.values()]),
  ];
  return found.length > 0 || !faults.counts.has("restore") ? found : await restoreAndJudge(scene, stage, played);
}

/** Each merchant is told of all events. */
async function subscribe(api: Api, truth: Truth): Promise<void> {
  for (const { client } of new Set(truth.places.map(({ merchant }) => merchant))) {
    const body = { url: "https://shop.example/events", events: ["*"] };
    const { status } = await api.call(client, "POST", "/v1/webhook-endpoints", body);
    if (status !== 201) throw new Error(`no endpoint: ${status}`);
  }
}
