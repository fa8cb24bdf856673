import { type Agenda, QuietAgenda } from "./agenda.ts";
import { Api } from "./api.ts";
import type { History } from "./history.ts";
import { judge } from "./judge.ts";
import { Mpesa } from "./mpesa.ts";
import { play, type Stage } from "./play.ts";
import { reordered } from "./reorder.ts";
import { endingOf, order } from "./rules/order.ts";
import type { Violation } from "./rules/violation.ts";
import { see, type Seen } from "./seen.ts";
import { setUp } from "./set-up.ts";
import { settle } from "./settle.ts";
import { beginOf, SlotIds, slotOf } from "./slots.ts";
import { Truth } from "./truth.ts";
import { quietWorld, type World } from "./world.ts";
import { type InProcess, inProcess, type InProcessOptions } from "../support/in-process.ts";

/** One service on which many histories are played, one after the other, each with merchants of its own. */
export class Theatre {
  #slot: number;
  constructor(
    readonly run: InProcess,
    readonly api: Api,
    readonly agenda: Agenda,
    readonly mpesa: Mpesa,
    readonly ids: SlotIds,
    first: number,
  ) {
    this.#slot = first;
  }

  /**
   * Plays a history, with its facts in another order too where it asks for that. Answers what was not allowed. With the
   * history's seed it ends as it always does; without it, some ids and the moments that follow from them are others.
   */
  async violations(history: History, seed?: number): Promise<Violation[]> {
    if (seed !== undefined) this.#slot = slotOf(seed);
    const first = await this.#perform(history);
    if (history.reorder === null) return first.violations;
    const second = await this.#perform(reordered(history, history.reorder));
    // A checkout that was paid early takes no second prompt: then the facts are not the same.
    const happened = ({ truth }: typeof first) => truth.transfers.map(({ label }) => label).sort().join();
    if (happened(first) !== happened(second)) return [...first.violations, ...second.violations];
    const differs = order(first.truth, endingOf(first.truth, first.seen), endingOf(second.truth, second.seen));
    return [...first.violations, ...second.violations, ...differs];
  }

  async #perform(history: History): Promise<{ truth: Truth; seen: Seen[]; violations: Violation[] }> {
    const { run, api, agenda, mpesa } = this;
    const slot = this.#slot++;
    const wait = beginOf(slot) - run.time.now();
    if (wait < 0) throw new Error(`slot ${slot} has begun already`);
    await agenda.pass(wait);
    this.ids.begin(slot);
    const truth = new Truth(history, slot);
    const stage: Stage = { api, agenda, mpesa, truth, post: (url, body) => post(api.world, url, body) };
    const lines = run.lines.length;
    api.failures.length = 0;
    await setUp(api, truth);
    mpesa.follow(truth);
    await play(stage, history);
    await settle(stage);
    await run.services.jobs.sweep(); // what a trigger has scheduled is woken by nothing else
    await agenda.pass(0);
    const seen = await see(api, truth);
    const dead = await run.sql("SELECT kind, last_error FROM jobs WHERE status = 'dead'");
    const failures = [...api.failures, ...dead.map(([kind, why]) => `a job of kind ${kind} gave up: ${why}`)];
    await run.db.write([{ sql: "DELETE FROM jobs", args: [] }]); // nobody waits for what this history left behind
    const alerts = run.lines.slice(lines).filter(({ level }) => level === "alert");
    const resultUrlsOf = (id: string) => [api.world.address("refund_result", id)];
    return {
      truth,
      seen,
      violations: judge({ truth, seen, alerts, failures, resultUrlsOf, graceMs: api.world.graceMs, clocksMs: 0 }),
    };
  }
}

/** Posts a message of M-Pesa. Answers whether the service has taken it. */
export async function post(world: World, url: string, body: string): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  const response = await world.send(new Request(url, { method: "POST", headers, body }));
  await response.body?.cancel();
  return response.status === 200;
}

/** Payouts from this many shillings on wait for an approval, so that some of a history's do. */
export const ENV = { PAYOUT_APPROVAL_FROM_KES: "2000" };

/** Opens a service for histories from that of `seed` on, and closes it when `use` is done. One at a time in a process. */
export async function inTheatre(
  use: (theatre: Theatre) => Promise<void>,
  { seed = 0, wrapDatabase }: { readonly seed?: number } & Pick<InProcessOptions, "wrapDatabase"> = {},
): Promise<void> {
  let mpesa: Mpesa | undefined;
  const ids = new SlotIds();
  const first = slotOf(seed);
  await inProcess(async (run) => {
    const agenda = new QuietAgenda(run);
    const world = quietWorld(run);
    mpesa = new Mpesa({
      now: () => run.time.now(),
      later: (ms, work) => agenda.later(ms, work),
      post: (url, body) => post(world, url, body),
      pauseGraceMs: 0,
    });
    await use(new Theatre(run, new Api(world), agenda, mpesa, ids, first));
  }, {
    ...(wrapDatabase === undefined ? {} : { wrapDatabase }),
    env: ENV,
    startMs: beginOf(first),
    uuids: ids.by,
    daraja: (request) => mpesa?.answer(request) ?? null,
  });
}
