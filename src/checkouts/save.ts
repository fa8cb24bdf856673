import { type Answer, commit, type Context } from "../context.ts";
import { ConstraintError, DatabaseUnavailable } from "../db/database.ts";
import type { Aggregate } from "./machine.ts";
import { nextLook } from "./plan.ts";
import { transition } from "./transition.ts";

const TRIES = 8;

/** Writes the way from one state to the next, with what else must stand or fall with it. Errors: `conflict` (thrown as ConstraintError). */
export async function save(
  ctx: Context,
  before: Aggregate,
  after: Aggregate,
  action: string,
  more: { readonly statements?: Parameters<typeof commit>[2]; readonly answer?: Answer } = {},
): Promise<Aggregate> {
  const moves = await transition(ctx, before, after, action);
  const statements = [...moves, ...(more.statements ?? [])];
  if (statements.length === 0 && more.answer === undefined) return after;
  await commit(ctx, before.checkout.id, statements, more.answer);
  if (moves.length === 0) return after;
  const at = nextLook(after, ctx.config.plans.scale);
  if (at !== Infinity) ctx.jobs.wake(at);
  return { ...after, checkout: { ...after.checkout, version: before.checkout.version + 1 } };
}

const SOON_MS = [100, 400, 1_500];

/**
 * Keeps at a step whose loss would lose what Daraja has told us, for two seconds: it is guarded by the version, so a
 * repeat of what was stored after all changes nothing.
 */
export async function insisting<T>(step: () => Promise<T>): Promise<T> {
  for (const ms of SOON_MS) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
  return await step();
}

/** Runs a read-decide-write step again when someone else wrote in between. */
export async function untilStored<T>(step: (again: boolean) => Promise<T>): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await step(tries > 1);
    } catch (error) {
      const lost = error instanceof ConstraintError && (error.rule === "conflict" || error.rule === "payments.receipt");
      if (!lost || tries === TRIES) throw error;
    }
  }
}
