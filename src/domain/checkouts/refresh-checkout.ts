import { type Context, requireScope } from "../../context/context.ts";
import { queryAttempt, receiptInFacts } from "./query-attempt.ts";
import type { CheckoutView } from "./contract.ts";
import { type Aggregate, applyFact, type Fact } from "./machine.ts";
import { canQuery } from "./plan.ts";
import { loadOwn } from "./read.ts";
import { saveCheckout } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { checkoutView } from "./view.ts";

/** Asks Daraja now about each attempt that is not settled, and gives the checkout as it stands then. Errors: `not_found`. */
export async function refreshCheckout(ctx: Context, { id }: { id: string }): Promise<CheckoutView> {
  requireScope(ctx, "checkouts:write");
  const state = await loadOwn(ctx, id);
  if (state.checkout.status === "succeeded") return await checkoutView(ctx, state);
  const results: { attemptId: string; fact: Fact }[] = [];
  for (const attempt of state.attempts.filter(canQuery)) {
    const { fact } = await queryAttempt(ctx, state, attempt);
    if (fact !== null) results.push({ attemptId: attempt.id, fact });
  }
  if (results.length === 0) return await checkoutView(ctx, state);
  const receipt = receiptInFacts(results.map(({ fact }) => fact));
  return await retryOnConflict(async (isRetry) => {
    const before = isRetry || receipt !== undefined ? await loadOwn(ctx, id, receipt) : state;
    const now = ctx.clock.now();
    const after = results.reduce<Aggregate>((sum, { attemptId, fact }) => applyFact(sum, attemptId, fact, now), before);
    const view = await checkoutView(ctx, after);
    await saveCheckout(ctx, before, after, "checkout.refreshed", { answer: { status: 200, body: view } });
    return view;
  });
}
