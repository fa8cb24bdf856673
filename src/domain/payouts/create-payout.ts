import { commit, type Context, requireScope } from "../../context/context.ts";
import { ConstraintError } from "../../db/database.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { invalidField } from "../../problems/problem.ts";
import type { PayoutView } from "./contract.ts";
import type { PayoutOrder } from "./order.ts";
import { payoutOf, recipientPointer } from "./destination.ts";
import { amountError, limitExceeded, limitsOf, refusals, type Spend, spendsOf, take } from "./limits.ts";
import { payingShortcode } from "./new-payout.ts";
import { nextStep } from "./plan.ts";
import { follow, insertPayout, planOf } from "./store.ts";
import { payoutView } from "./view.ts";

/** Takes the wish to send money; the job sends it. Errors: `validation_failed`, `limit_exceeded`. */
export async function createPayout(ctx: Context, input: PayoutOrder): Promise<PayoutView> {
  requireScope(ctx, "payouts:write");
  const limits = await limitsOf(ctx);
  const wrong = amountError(limits, input.amount);
  if (wrong !== null) throw invalidField("/amount", wrong);
  const payout = await payoutOf(ctx, input, await payingShortcode(ctx, input.shortcode), limits);
  const view = await payoutView(ctx, payout);
  const spends = spendsOf([{ payout, amountAt: "/amount", phoneAt: recipientPointer(input) }], limits);
  await namingLimits(ctx, spends, () =>
    commit(ctx, payout.id, [
      take(spends),
      insertPayout(payout),
      event(ctx, "payout.created", payout.id, { ...view }),
      auditEntry(ctx, "payout.created", payout.id, { amount: payout.amount, status: payout.status }),
      follow(ctx, payout),
    ], { status: 202, body: view }));
  ctx.note({ payout: payout.id });
  ctx.jobs.wake(nextStep(payout, planOf(ctx), ctx.clock.now()).at);
  return view;
}

/** Runs a batch that takes from the limits; where they refuse it, says which. Errors: `limit_exceeded`. */
export async function namingLimits<T>(ctx: Context, spends: readonly Spend[], write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.rule !== "limit_exceeded") throw error;
    throw limitExceeded(await refusals(ctx, spends));
  }
}
