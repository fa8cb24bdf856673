import type { Context } from "../../context/context.ts";
import { first, select } from "../../db/query.ts";
import { payouts } from "../../db/schema.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { ask } from "./ask.ts";
import { type Fact, learn, type Refund } from "./machine.ts";
import { nextStep, type Step } from "./plan.ts";
import { save } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { send } from "./send.ts";
import { load } from "./store.ts";

const selectPayout = select(payouts, "WHERE id = ?");

/** The job of a refund: submits it, asks after it by the plan; one by payout takes over what became of the payout. */
export async function followRefund(ctx: Context, id: string): Promise<JobOutcome> {
  return await retryOnConflict(() => look(ctx, id)); // moved by someone else: it sees what is to do now
}

async function look(ctx: Context, id: string): Promise<JobOutcome> {
  const refund = await load(ctx, id);
  if (refund === null) return "finished";
  if (refund.payout_id !== null) {
    await followPayout(ctx, refund, refund.payout_id);
    return "finished";
  }
  const scale = ctx.config.plans.scale;
  const { what, at } = nextStep(refund, scale);
  if (at > ctx.clock.now()) return at === Infinity ? "finished" : { runAt: at };
  ctx.note({ step: what });
  const next = nextStep(await take(ctx, refund, what), scale).at;
  return next === Infinity ? "finished" : { runAt: next };
}

async function followPayout(ctx: Context, refund: Refund, payoutId: string): Promise<void> {
  const payout = await first(ctx.db, selectPayout(payoutId));
  if (payout === null) throw new Error(`payout ${payoutId} is gone`);
  await save(ctx, refund, learn(refund, { kind: "payout", payout }, ctx.clock.now()), "refund.followed");
}

async function take(ctx: Context, refund: Refund, what: Step["what"]): Promise<Refund> {
  if (what === "send") return await send(ctx, refund);
  if (what === "ask") await ask(ctx, refund);
  return await save(ctx, refund, learn(refund, factOf(refund, what), ctx.clock.now()), `refund.${what}`);
}

function factOf({ requests }: Refund, what: Exclude<Step["what"], "send">): Fact {
  switch (what) {
    case "lose":
      return { kind: "ambiguous", n: requests.length };
    case "doubt":
      return { kind: "overdue" };
    case "end":
      return { kind: "plan_ended" };
    default:
      return { kind: "polled" };
  }
}
