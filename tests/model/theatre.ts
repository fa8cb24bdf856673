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
import { Truth } from "./truth.ts";
import { quietWorld, type World } from "./world.ts";
import { type InProcess, inProcess, type InProcessOptions } from "../support/in-process.ts";

/** One service on which many histories are played, one after the other, each with merchants of its own. */
export class Theatre {
  #serial = 0;
  constructor(readonly run: InProcess, readonly api: Api, readonly agenda: Agenda, readonly mpesa: Mpesa) {}

  /** How many histories it has played. */
  get played(): number {
    return this.#serial;
  }

  /** Plays a history, with its facts in another order too where it asks for that. Answers what was not allowed. */
  async violations(history: History): Promise<Violation[]> {
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
    const truth = new Truth(history, this.#serial++);
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

/** Opens a service for histories, and closes it when `use` is done. */
export async function inTheatre(
  use: (theatre: Theatre) => Promise<void>,
  env: Record<string, string> = {},
  options: Pick<InProcessOptions, "wrapDatabase"> = {},
): Promise<void> {
  let mpesa: Mpesa | undefined;
  await inProcess(async (run) => {
    const agenda = new QuietAgenda(run);
    const world = quietWorld(run);
    mpesa = new Mpesa({
      now: () => run.time.now(),
      later: (ms, work) => agenda.later(ms, work),
      post: (url, body) => post(world, url, body),
      pauseGraceMs: 0,
    });
    await use(new Theatre(run, new Api(world), agenda, mpesa));
  }, { ...options, env: { ...ENV, ...env }, daraja: (request) => mpesa?.answer(request) ?? null });
}
