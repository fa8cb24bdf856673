import { commit, type Context, requireScope } from "../../context/context.ts";
import { ConstraintError } from "../../db/database.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { invalidField } from "../../problems/problem.ts";
import type { PayoutView } from "./contract.ts";
import type { PayoutOrder } from "./order.ts";
import { newPayoutToDestination, recipientPointer } from "./destination.ts";
import {
  amountError,
  exceededLimits,
  limitExceeded,
  limitsOf,
  type Reservation,
  reservationsOf,
  reserve,
} from "./limits.ts";
import { payingShortcode } from "./new-payout.ts";
import { nextStep } from "./plan.ts";
import { insertPayout, planSettings, scheduleNextStep } from "./store.ts";
import { payoutView } from "./view.ts";

/** Stores a payout; its job sends it. Errors: `validation_failed`, `limit_exceeded`. */
export async function createPayout(ctx: Context, input: PayoutOrder): Promise<PayoutView> {
  requireScope(ctx, "payouts:write");
  const limits = await limitsOf(ctx);
  const problem = amountError(limits, input.amount);
  if (problem !== null) throw invalidField("/amount", problem);
  const payout = await newPayoutToDestination(ctx, input, await payingShortcode(ctx, input.shortcode), limits);
  const view = await payoutView(ctx, payout);
  const reservations = reservationsOf([{ payout, amountAt: "/amount", phoneAt: recipientPointer(input) }], limits);
  await explainLimits(ctx, reservations, () =>
    commit(ctx, payout.id, [
      reserve(reservations),
      insertPayout(payout),
      event(ctx, "payout.created", payout.id, { ...view }),
      auditEntry(ctx, "payout.created", payout.id, { amount: payout.amount, status: payout.status }),
      scheduleNextStep(ctx, payout),
    ], { status: 202, body: view }));
  ctx.note({ payout: payout.id });
  ctx.jobs.wake(nextStep(payout, planSettings(ctx), ctx.clock.now()).at);
  return view;
}

/** Runs `write`, whose batch has {@link reserve}. If a limit refuses the batch, the error names it. Errors: `limit_exceeded`. */
export async function explainLimits<T>(
  ctx: Context,
  reservations: readonly Reservation[],
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.rule !== "limit_exceeded") throw error;
    throw limitExceeded(await exceededLimits(ctx, reservations));
  }
}
