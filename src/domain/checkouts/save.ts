import { type Answer, commit, type Context } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { type Aggregate, differenceOf, isSpare } from "./machine.ts";
import { checkoutAsStored } from "./as-stored.ts";
import { nextCheckAt } from "./plan.ts";
import { changeStatements, hasSurplusOfAccount } from "./transition.ts";

/**
 * Stores a step from one state to the next in one batch, together with `more.statements` and the answer to the caller.
 * `more.keepJob`: see {@link changeStatements}. Gives the state as it is stored.
 * Errors: `conflict` (thrown as ConstraintError).
 */
export async function saveCheckout(
  ctx: Context,
  before: Aggregate,
  decided: Aggregate,
  action: AuditAction,
  more: {
    /** Statements that must come before the checkout's own. */
    readonly first?: Parameters<typeof commit>[2];
    readonly statements?: Parameters<typeof commit>[2];
    readonly answer?: Answer;
    readonly keepJob?: boolean;
  } = {},
): Promise<Aggregate> {
  const after = checkoutAsStored(before, decided, ctx.clock.now());
  const changes = await changeStatements(ctx, before, after, action, more.keepJob);
  const statements = [...(more.first ?? []), ...changes, ...(more.statements ?? [])];
  if (statements.length === 0 && more.answer === undefined) return after;
  const results = await commit(ctx, before.checkout.id, statements, more.answer);
  if (changes.length === 0) return after;
  const runAt = nextCheckAt(after, ctx.config.plans.scale);
  if (runAt !== Infinity) ctx.jobs.wake(runAt);
  // The last of the changes schedules the job that places money again, where there is such money. Mostly there is none.
  const placing = results[(more.first?.length ?? 0) + changes.length - 1];
  const hasPlaces = before.payments.some(({ allocations }) => allocations !== null); // a trigger has scheduled their jobs
  const isOverpaid = differenceOf(after) !== null || hasSurplusOfAccount(after);
  const isSomeSpare = after.payments.some(isSpare);
  if (hasPlaces || isOverpaid || isSomeSpare || (placing !== undefined && placing.changes > 0)) {
    ctx.jobs.wake(ctx.clock.now());
  }
  return after;
}
