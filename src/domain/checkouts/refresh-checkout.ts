import { type Context, requireScope } from "../../context/context.ts";
import { applyQueryResults, type AttemptFacts, loadForQueryResults, saveQueryResults } from "./apply-query-results.ts";
import { checkoutAsStored } from "./as-stored.ts";
import { queryAttempt } from "./query-attempt.ts";
import type { CheckoutView } from "./contract.ts";
import { canQuery } from "./plan.ts";
import { loadOwn } from "./read.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { checkoutView } from "./view.ts";

/** Asks Daraja now about each attempt that is not settled, and gives the checkout as it stands then. Errors: `not_found`. */
export async function refreshCheckout(ctx: Context, { id }: { id: string }): Promise<CheckoutView> {
  requireScope(ctx, "checkouts:write");
  const state = await loadOwn(ctx, id);
  if (state.checkout.status === "succeeded") return await checkoutView(ctx, state);
  const results: AttemptFacts[] = [];
  for (const attempt of state.attempts.filter(canQuery)) {
    const { fact } = await queryAttempt(ctx, state, attempt);
    if (fact !== null) results.push({ attemptId: attempt.id, facts: [fact] });
  }
  if (results.length === 0) return await checkoutView(ctx, state);
  return await retryOnConflict(async (isRetry) => {
    const before = await loadForQueryResults(ctx, state, results, isRetry);
    const now = ctx.clock.now();
    const decided = await applyQueryResults(ctx, before, results, now);
    const applied = { ...decided, after: checkoutAsStored(before, decided.after, now) };
    const view = await checkoutView(ctx, applied.after);
    await saveQueryResults(ctx, before, applied, results, "checkout.refreshed", { status: 200, body: view });
    return view;
  });
}
