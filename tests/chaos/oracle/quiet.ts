import type { JobView } from "../../../src/jobs/contract.ts";
import type { Life } from "../faults/life.ts";
import { progress, sleep } from "../tally.ts";
import type { Scene } from "../traffic/traffic.ts";
import { all, dueJobs, readRows } from "./rows.ts";

/** A lease of a minute, taken by a clock that was a minute ahead. */
const LEASES_LAPSE_MS = 125_000;
const EXPIRY_MS = 100_000;
const PATIENCE_MS = 120_000;
const PATIENCE_SABOTAGED_MS = 15_000;
/** Due jobs that have not changed for so long hang; a sabotaged run waits less, because it ends with some. */
const HOPELESS_MS = 20_000;
const HOPELESS_SABOTAGED_MS = 6_000;
/** A job that was seen due at so many times runs again and again, and is not waited for. The longest plan has fewer steps. */
const CIRCLES = 60;

/** The times (`run_at`) at which each job was seen due since the faults ended. */
export class Circles {
  readonly #times = new Map<string, Set<string>>();

  see({ id, run_at }: JobView): void {
    this.#times.set(id, (this.#times.get(id) ?? new Set()).add(run_at));
  }

  has({ id }: JobView): boolean {
    return (this.#times.get(id)?.size ?? 0) >= CIRCLES;
  }
}

/**
 * After the faults: lets leases lapse and checkouts expire by stepping the clock, has dead jobs retried and what is
 * unknown asked after, as an operator would, and waits until nothing is due. Answers the jobs that never stop.
 */
export async function settleDown(scene: Scene, life: Life): Promise<readonly JobView[]> {
  const circles = new Circles();
  await settle(scene, life, circles);
  const left = await all<JobView>(scene.shop, "cli_platform", "/v1/jobs?merchant=all");
  return left.filter((job) => circles.has(job));
}

async function settle(scene: Scene, life: Life, circles: Circles): Promise<void> {
  await sleep(500);
  await life.skew(0);
  for (const stepMs of [LEASES_LAPSE_MS, EXPIRY_MS]) {
    await life.pass(stepMs);
    const hangs = !await untilStill(scene, life, circles);
    if (hangs && scene.stage.options.sabotage !== null) return; // that is what the run is to find
  }
  const rounds = scene.stage.options.sabotage === null ? 3 : 1; // what hangs for good hangs in the first
  for (let round = 0; round < rounds; round++) {
    const dead = await all<JobView>(scene.shop, "cli_platform", "/v1/jobs?merchant=all&status=dead");
    for (const { id } of dead) await scene.shop.insist("cli_platform", "POST", `/v1/jobs/${id}/retry`);
    const asked = await askAfter(scene);
    await untilStill(scene, life, circles);
    if (dead.length === 0 && asked === 0) return;
  }
}

/** Asks after whatever is still unclear; answers how much that was. */
async function askAfter({ shop, paths }: Scene): Promise<number> {
  const { checkouts, payouts } = await readRows(shop, paths);
  const unclear = checkouts.filter(({ attempts }) =>
    attempts.some(({ status, accepted_at }) => (status === "unknown" || status === "pending") && accepted_at !== null)
  ).map(({ id, shortcode }) => ({ path: `/v1/checkouts/${id}/refresh`, shortcode }));
  const doubted = payouts.filter(({ status }) => status === "in_doubt" || status === "submitted")
    .map(({ id, shortcode }) => ({ path: `/v1/payouts/${id}/refresh`, shortcode }));
  for (const { path, shortcode } of [...unclear, ...doubted]) {
    await shop.insist(shortcode === "600001" ? "cli_other" : "cli_demo", "POST", path);
  }
  return unclear.length + doubted.length;
}

/** Whether nothing is due any more; false where due jobs hang. */
async function untilStill(scene: Scene, life: Life, circles: Circles): Promise<boolean> {
  const isSabotaged = scene.stage.options.sabotage !== null;
  const deadline = Date.now() + (isSabotaged ? PATIENCE_SABOTAGED_MS : PATIENCE_MS);
  const hopelessMs = isSabotaged ? HOPELESS_SABOTAGED_MS : HOPELESS_MS;
  let still = 0;
  let [before, changed] = ["", Date.now()];
  while (Date.now() < deadline) {
    await scene.stage.simulator.world.tasks.idle();
    const seen = await dueJobs(scene.shop, Date.now() + life.offsetMs);
    for (const job of seen) circles.see(job);
    const due = seen.filter((job) => !circles.has(job));
    progress(
      `${due.length} jobs are due: ${
        due.slice(0, 3).map((job) => `${job.kind} ${job.subject} ${job.status} ${job.last_error}`).join("; ")
      }`,
    );
    still = due.length === 0 ? still + 1 : 0;
    if (still === 4) return true;
    const jobs = due.map(({ id, status, attempts, run_at }) => `${id} ${status} ${attempts} ${run_at}`).join();
    if (jobs !== before) [before, changed] = [jobs, Date.now()];
    if (due.length > 0 && Date.now() - changed > hopelessMs) return false;
    await sleep(150);
  }
  return false;
}
