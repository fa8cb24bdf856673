import type { Context } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { first, select } from "../../db/query.ts";
import { payouts } from "../../db/schema.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { askRefundStatus } from "./ask.ts";
import { applyFact } from "./machine.ts";
import type { Fact, Refund } from "./machine/facts.ts";
import { type Action, nextStep } from "./plan.ts";
import { saveRefund } from "./save.ts";
import { pausedUntil } from "../money-out/send-money.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { sendReversal } from "./send.ts";
import { loadRefund } from "./store.ts";

const selectPayout = select(payouts, "WHERE id = ?");

/** The job of a refund: sends it and asks Daraja about it by the plan. One by payout copies the state of its payout. */
export async function followRefund(ctx: Context, id: string): Promise<JobOutcome> {
  return await retryOnConflict(() => takeNextStep(ctx, id)); // after a conflict the next step may be another one
}

async function takeNextStep(ctx: Context, id: string): Promise<JobOutcome> {
  const refund = await loadRefund(ctx, id);
  if (refund === null) return "finished";
  if (refund.payout_id !== null) {
    await copyPayoutState(ctx, refund, refund.payout_id);
    return "finished";
  }
  const scale = ctx.config.plans.scale;
  const until = await pausedUntil(ctx, refund.merchant_id);
  const { action, at } = nextStep(refund, scale, until);
  if (action === "nothing") return "finished";
  if (at > ctx.clock.now()) {
    if (until > 0 && action === "send") ctx.note({ paused: true });
    return { runAt: at };
  }
  ctx.note({ step: action });
  const next = nextStep(await perform(ctx, refund, action), scale, until);
  return next.action === "nothing" ? "finished" : { runAt: next.at };
}

async function copyPayoutState(ctx: Context, refund: Refund, payoutId: string): Promise<void> {
  const payout = await first(ctx.db, selectPayout(payoutId));
  if (payout === null) throw new Error(`payout ${payoutId} is gone`);
  await saveRefund(ctx, refund, applyFact(refund, { kind: "payout", payout }, ctx.clock.now()), "refund.followed");
}

async function perform(ctx: Context, refund: Refund, action: Exclude<Action, "nothing">): Promise<Refund> {
  if (action === "send") return await sendReversal(ctx, refund);
  if (action === "ask") await askRefundStatus(ctx, refund);
  return await saveRefund(
    ctx,
    refund,
    applyFact(refund, factOf(refund, action), ctx.clock.now()),
    auditActions[action],
  );
}

function factOf({ requests }: Refund, action: Exclude<Action, "send" | "nothing">): Fact {
  switch (action) {
    case "mark_ambiguous":
      return { kind: "ambiguous", n: requests.length };
    case "ask":
      return { kind: "polled" };
    case "mark_in_doubt":
      return { kind: "overdue" };
    case "stop_polling":
      return { kind: "plan_ended" };
  }
}

/** Older audit rows have `lose`, `doubt` and `end` for `mark_ambiguous`, `mark_in_doubt` and `stop_polling`. */
const auditActions: Readonly<Record<Exclude<Action, "send" | "nothing">, AuditAction>> = {
  mark_ambiguous: "refund.mark_ambiguous",
  ask: "refund.ask",
  mark_in_doubt: "refund.mark_in_doubt",
  stop_polling: "refund.stop_polling",
};
