import { type Answer, commit, type Context } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import type { Aggregate } from "./machine.ts";
import { nextCheckAt } from "./plan.ts";
import { changeStatements } from "./transition.ts";

/** Writes the way from one state to the next, with what else must stand or fall with it. Errors: `conflict` (thrown as ConstraintError). */
export async function saveCheckout(
  ctx: Context,
  before: Aggregate,
  after: Aggregate,
  action: AuditAction,
  more: { readonly statements?: Parameters<typeof commit>[2]; readonly answer?: Answer } = {},
): Promise<Aggregate> {
  const moves = await changeStatements(ctx, before, after, action);
  const statements = [...moves, ...(more.statements ?? [])];
  if (statements.length === 0 && more.answer === undefined) return after;
  await commit(ctx, before.checkout.id, statements, more.answer);
  if (moves.length === 0) return after;
  const at = nextCheckAt(after, ctx.config.plans.scale);
  if (at !== Infinity) ctx.jobs.wake(at);
  return { ...after, checkout: { ...after.checkout, version: before.checkout.version + 1 } };
}
