import type { Context } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { askPayoutStatus } from "./ask.ts";
import { checkPayee } from "./check-payee.ts";
import { applyFact } from "./machine.ts";
import type { Fact, Payout } from "./machine/facts.ts";
import type { Pacer } from "./pace.ts";
import { type Action, nextStep } from "./plan.ts";
import { savePayout } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import type { Payee } from "../payees/store.ts";
import { sendPayout } from "./send.ts";
import { loadDue, planSettings } from "./store.ts";

/** The job of a payout: sends it, asks Daraja about it by the plan, and ends what waits too long. */
export async function followPayout(ctx: Context, id: string, pacer: Pacer): Promise<JobOutcome> {
  return await retryOnConflict(() => takeNextStep(ctx, id, pacer)); // after a conflict the next step may be another one
}

async function takeNextStep(ctx: Context, id: string, pacer: Pacer): Promise<JobOutcome> {
  const found = await loadDue(ctx, id);
  if (found === null) return "finished";
  const { payout, paused, payee } = found;
  const now = ctx.clock.now();
  const { action, at } = nextStep(payout, planSettings(ctx, paused), now);
  if (action === "nothing") return "finished";
  if (at > now) {
    if (paused && action === "send") ctx.note({ paused: true });
    return { runAt: at };
  }
  if (action === "send" || action === "ask") {
    const turn = pacer.turnAt(payout.shortcode_id, `${action}/${id}`);
    if (turn > now) return { runAt: turn };
  }
  ctx.note({ step: action });
  if (action === "send") await checkAndSend(ctx, payout, payee);
  else await perform(ctx, payout, action, now);
  return "stored"; // each step schedules the next one in its own batch
}

async function checkAndSend(ctx: Context, payout: Payout, payee: Payee | null): Promise<void> {
  const check = await checkPayee(ctx, payout, payee);
  if (check.kind === "send") await sendPayout(ctx, payout, check.statements);
}

type FollowUp = Exclude<Action, "send" | "nothing">;

async function perform(ctx: Context, payout: Payout, action: FollowUp, now: number): Promise<Payout> {
  if (action === "ask") await askPayoutStatus(ctx, payout);
  const { fact, auditAction } = outcomes[action];
  return await savePayout(ctx, payout, applyFact(payout, fact, now), auditAction);
}

/**
 * What each action but `send` adds to the payout. Older audit rows have `lose`, `doubt` and `end` for `mark_ambiguous`,
 * `mark_in_doubt` and `stop_polling`.
 */
const outcomes = {
  expire: { fact: { kind: "rejected", by: "system", reason: "approval_expired" }, auditAction: "payout.expire" },
  mark_ambiguous: { fact: { kind: "ambiguous" }, auditAction: "payout.mark_ambiguous" },
  ask: { fact: { kind: "polled" }, auditAction: "payout.ask" },
  mark_in_doubt: { fact: { kind: "overdue" }, auditAction: "payout.mark_in_doubt" },
  stop_polling: { fact: { kind: "plan_ended" }, auditAction: "payout.stop_polling" },
} as const satisfies Record<
  FollowUp,
  { readonly fact: Fact; readonly auditAction: AuditAction }
>;
