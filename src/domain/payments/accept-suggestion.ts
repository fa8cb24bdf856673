import { type Context, requireScope } from "../../context/context.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import { allocatePayment } from "./allocate-payment.ts";
import type { acceptSuggestion as contract, PaymentDetail } from "./contract.ts";
import { matchPayment } from "./match-payment.ts";
import { loadOwnPayment } from "./read.ts";
import { suggestPlaces } from "./suggest-places.ts";

/**
 * Does what a suggestion says, as a person decided. Money that is exactly what one checkout asks is matched to it; else it
 * is allocated, and what is more than needed goes on waiting. Errors: `not_found`, `conflict` where the suggestion does not
 * fit any more or somebody else has just placed the money, and those of match and allocate.
 */
export async function acceptSuggestion(ctx: Context, input: Input<typeof contract>): Promise<PaymentDetail> {
  requireScope(ctx, "payments:write");
  const payment = await loadOwnPayment(ctx, input.id);
  const { suggestions, account_suggestions } = await suggestPlaces(ctx, payment);
  const accepted = [...suggestions, ...account_suggestions].find(({ id }) => id === input.suggestion);
  if (accepted === undefined) {
    throw new Problem(
      "conflict",
      "This payment has no such suggestion any more: it was placed, or what the checkout needs has changed. GET /v1/payments/{id} has the suggestions of now.",
    );
  }
  ctx.note({ suggestion: accepted.reason });
  const isWhole = "checkout" in accepted && accepted.allocations.length === 1 && accepted.amount === payment.amount;
  return isWhole && payment.allocations === null
    ? await matchPayment(ctx, { id: payment.id, checkout: accepted.checkout }, payment)
    : await allocatePayment(
      ctx,
      { id: payment.id, allocations: [...payment.allocations ?? [], ...accepted.allocations] },
      payment.version,
    );
}
