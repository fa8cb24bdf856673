import { type Context, requireScope } from "../../context/context.ts";
import { ask, receiptOf } from "./ask.ts";
import type { CheckoutView } from "./contract.ts";
import { type Aggregate, type Fact, learn } from "./machine.ts";
import { canAsk } from "./plan.ts";
import { own } from "./read.ts";
import { save } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { checkoutView } from "./view.ts";

/** Asks Daraja now about whatever is not settled. Errors: `not_found`. */
export async function refreshCheckout(ctx: Context, { id }: { id: string }): Promise<CheckoutView> {
  requireScope(ctx, "checkouts:write");
  const state = await own(ctx, id);
  if (state.checkout.status === "succeeded") return await checkoutView(ctx, state);
  const told: { attemptId: string; fact: Fact }[] = [];
  for (const attempt of state.attempts.filter(canAsk)) {
    const { fact } = await ask(ctx, state, attempt);
    if (fact !== null) told.push({ attemptId: attempt.id, fact });
  }
  if (told.length === 0) return await checkoutView(ctx, state);
  const receipt = receiptOf(told.map(({ fact }) => fact));
  return await retryOnConflict(async (again) => {
    const before = again || receipt !== undefined ? await own(ctx, id, receipt) : state;
    const now = ctx.clock.now();
    const after = told.reduce<Aggregate>((sum, { attemptId, fact }) => learn(sum, attemptId, fact, now), before);
    const view = await checkoutView(ctx, after);
    await save(ctx, before, after, "checkout.refreshed", { answer: { status: 200, body: view } });
    return view;
  });
}
