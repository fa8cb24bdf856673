import { judge } from "../model/judge.ts";
import type { Stage } from "../model/play.ts";
import type { Played, RuleName, Violation } from "../model/rules/violation.ts";
import { see } from "../model/seen.ts";
import { settle } from "../model/settle.ts";
import type { Scene } from "./scene.ts";

/** What must hold though the database forgets: the others judge what only it knows, and was lost. */
const HOLDS: readonly RuleName[] = [
  "money_lost",
  "wrong_amount",
  "wrong_merchant_or_shortcode",
  "stranger_sees",
  "went_back_too_often",
  "went_to_stranger",
  "sent_while_paused",
  "account_overdrawn",
  "service_failed",
];
/** Of the last 48 hours M-Pesa lists what came in. */
const COMPARED_MS = 5 * 60_000;

/**
 * Restores the backup that was made in the middle of the run, and does what docs/operations.md says: payouts are paused,
 * what came in is compared with M-Pesa, payouts that were sent are cancelled, and the pause ends. Answers what must not be.
 */
export async function restoreAndJudge(scene: Scene, stage: Stage, played: Omit<Played, "seen">): Promise<Violation[]> {
  const { store, fleet, scheduler, world, api, agenda } = scene;
  const { truth } = played;
  let isRestored = false;
  await fleet.restart(() => {
    isRestored = store.restore();
    if (isRestored) pause(scene);
  });
  if (!isRestored) return [];
  scheduler.note("a backup was restored");
  const before = truth.outs.length;
  for (const { merchant, number } of truth.places) {
    await api.call(merchant.client, "POST", "/v1/reconciliations", { shortcode: number });
  }
  await agenda.pass(COMPARED_MS);
  const whilePaused = truth.outs.length - before;
  await cancelSent(scene, stage);
  const [place] = truth.places;
  if (place !== undefined) await api.call(place.merchant.client, "POST", "/v1/payouts/resume", {});
  await settle(stage);
  const seen = await see(api, truth);
  const dead = await world.sql("SELECT kind, last_error FROM jobs WHERE status = 'dead'");
  const failures = [...api.failures, ...dead.map(([kind, why]) => `a job of kind ${kind} gave up: ${why}`)];
  const unknown = new Set(truth.payouts.map(({ label }) => label)); // those that were asked for after the backup are lost
  const found = judge({ ...played, failures, seen })
    .filter(({ rule, about }) => HOLDS.includes(rule) && !(rule === "money_lost" && unknown.has(about)));
  if (whilePaused > 0) {
    const text = `${whilePaused} requests for money out left before anybody had looked at the backup`;
    found.push({ rule: "sent_while_paused", about: "restore", text });
  }
  return found.map((violation) => ({ ...violation, text: `after the restore of a backup: ${violation.text}` }));
}

/** The pause that `deno task restore` sets, before any process runs. */
function pause({ store, scheduler }: Scene): void {
  store.connection.exec(
    `INSERT INTO payout_pauses (scope, reason, paused_by, paused_at) VALUES ('*', 'restored', 'restore', ${scheduler.time}) ` +
      "ON CONFLICT (scope) DO NOTHING",
  );
}

/** A person compares the payouts that wait with M-Pesa's portal, and cancels what was sent. */
async function cancelSent({ api, world }: Scene, { truth }: Stage): Promise<void> {
  const waiting = await world.sql(
    "SELECT id, originator_conversation_id, merchant_id FROM payouts WHERE status = 'queued'",
  );
  for (const [id, originator, owner] of waiting) {
    if (!truth.outs.some((out) => out.originator === originator)) continue;
    const merchant = truth.places.find((place) => place.merchant.id === owner)?.merchant;
    if (merchant !== undefined) await api.call(merchant.client, "POST", `/v1/payouts/${id}/cancel`);
  }
}
