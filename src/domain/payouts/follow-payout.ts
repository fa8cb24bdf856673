import type { Context } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { ask } from "./ask.ts";
import { type Fact, learn, type Payout } from "./machine.ts";
import type { Pacer } from "./pace.ts";
import { nextStep } from "./plan.ts";
import { save } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { send } from "./send.ts";
import { loadWithPause, planOf } from "./store.ts";

/** The job of a payout: submits it, asks after it by the plan, ends what waits too long. */
export async function followPayout(ctx: Context, id: string, pacer: Pacer): Promise<JobOutcome> {
  return await retryOnConflict(() => look(ctx, id, pacer)); // moved by someone else: it sees what is to do now
}

async function look(ctx: Context, id: string, pacer: Pacer): Promise<JobOutcome> {
  const found = await loadWithPause(ctx, id);
  if (found === null) return "finished";
  const { payout, paused } = found;
  const now = ctx.clock.now();
  const plan = planOf(ctx, paused);
  const { what, at } = nextStep(payout, plan, now);
  if (at > now) {
    if (paused && what === "send") ctx.note({ paused: true });
    return at === Infinity ? "finished" : { runAt: at };
  }
  if (what === "send" || what === "ask") {
    const turn = pacer.turn(payout.shortcode_id, `${what}/${id}`);
    if (turn > now) return { runAt: turn };
  }
  ctx.note({ step: what });
  await take(ctx, payout, what, now);
  return "stored"; // each step schedules the next in its own batch
}

async function take(ctx: Context, payout: Payout, what: ReturnType<typeof nextStep>["what"], now: number) {
  if (what === "send") return await send(ctx, payout);
  if (what === "ask") await ask(ctx, payout);
  return await save(ctx, payout, learn(payout, factOf[what], now), `payout.${what}`);
}

const factOf: Record<Exclude<ReturnType<typeof nextStep>["what"], "send">, Fact> = {
  expire: { kind: "rejected", by: "system", reason: "approval_expired" },
  lose: { kind: "ambiguous" },
  ask: { kind: "polled" },
  doubt: { kind: "overdue" },
  end: { kind: "plan_ended" },
  nothing: { kind: "polled" },
};
