import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { hasChanged } from "../settlement/has-changed.ts";
import { type Aggregate, placeMoney as place, type Pool } from "./machine.ts";
import { loadPool, mayMove } from "./pool.ts";
import { changeStatements } from "./transition.ts";

/**
 * Puts money around a checkout where all that is known says: a prompt that was paid gets money that can be its own, and
 * money that only its account names is chosen for anew where it settles nothing (ADR 0023). It is later work of a change,
 * done by the checkout's job, and safe to run twice: the second run finds nothing to move.
 */
export async function placeMoney(ctx: Context, state: Aggregate): Promise<void> {
  if (!await mayMove(ctx, state)) return;
  await retryOnConflict(async () => {
    const before = await loadPool(ctx, state.checkout.id);
    if (before === null) return;
    const after = place(before, ctx.clock.now(), () => newId("pay"));
    const statements = await differences(ctx, before, after);
    if (statements.length === 0) return;
    await ctx.db.write(statements);
    ctx.note({ placed: true });
    ctx.jobs.wake(ctx.clock.now());
  });
}

/** Statements that store what differs. Each payment is written with the checkout that it comes to, or else that it leaves. */
async function differences(ctx: Context, before: Pool, after: Pool): Promise<Statement[]> {
  const stored = new Map([...before.free, ...before.states.flatMap(({ payments }) => payments)].map((p) => [p.id, p]));
  const leaving: Statement[] = [];
  const coming: Statement[] = [];
  for (const [i, state] of after.states.entries()) {
    const was = before.states[i] as Aggregate; // the same checkouts in the same order
    const freed = after.free.filter(({ id }) => was.payments.some((p) => p.id === id));
    const payments = [...state.payments, ...freed];
    const merged = (state.merged ?? []).map(({ payment }) => payment.id);
    const loaded = [...payments.map(({ id }) => id), ...merged].flatMap((id) => stored.get(id) ?? []);
    const isSame = !hasChanged(was.checkout, state.checkout) && payments.every((p) => stored.get(p.id) === p) &&
      payments.length === was.payments.length;
    if (isSame) continue;
    const statements = await changeStatements(
      ctx,
      { ...was, payments: loaded },
      { ...state, payments },
      "checkout.money_placed",
    );
    (state.payments.length < was.payments.length ? leaving : coming).push(...statements);
  }
  return [...leaving, ...coming];
}
