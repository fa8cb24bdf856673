import { type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { Problem } from "../../problems/problem.ts";
import { checkoutAsStored } from "./as-stored.ts";
import type { CheckoutView } from "./contract.ts";
import { cancel } from "./machine.ts";
import { loadOwn } from "./read.ts";
import { saveCheckout } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { changeStatements } from "./transition.ts";
import { checkoutView } from "./view.ts";

/** Cancels a checkout. A push that was sent can still be paid; the payment is then recorded. Errors: `not_found`, `wrong_state`. */
export async function cancelCheckout(ctx: Context, { id }: { id: string }): Promise<CheckoutView> {
  requireScope(ctx, "checkouts:write");
  return await retryOnConflict(async () => {
    const before = await loadOwn(ctx, id);
    const { status } = before.checkout;
    if (status !== "open" && status !== "pending") {
      throw new Problem("wrong_state", `The checkout is ${status}; only an open or pending one can be cancelled.`);
    }
    const now = ctx.clock.now();
    const after = checkoutAsStored(before, cancel(before, now), now);
    const view = await checkoutView(ctx, after);
    await saveCheckout(ctx, before, after, "checkout.cancelled", { answer: { status: 200, body: view } });
    return view;
  });
}

/**
 * Cancels an open checkout that no prompt can pay any more, without a scope: a payment link replaces it. One that was
 * prompted meanwhile stays as it is. Errors: `conflict` (thrown as ConstraintError).
 */
export async function cancelUnpaid(ctx: Context, id: string): Promise<void> {
  const before = await loadOwn(ctx, id);
  const { status, amount_received } = before.checkout;
  if (status !== "open" || amount_received > 0 || before.attempts.some((one) => one.status !== "failed")) return;
  await saveCheckout(ctx, before, cancel(before, ctx.clock.now()), "checkout.cancelled");
}

/**
 * Statements: cancel a checkout of which no money is there, without a scope, because its payment link has changed. So no
 * further prompt goes out. One that is out can still be paid, and is then recorded. Empty where it has ended or was paid.
 */
export async function cancelUnpaidStatements(ctx: Context, id: string): Promise<Statement[]> {
  const before = await loadOwn(ctx, id);
  const { status, amount_received } = before.checkout;
  if ((status !== "open" && status !== "pending") || amount_received > 0) return [];
  return await changeStatements(ctx, before, cancel(before, ctx.clock.now()), "checkout.cancelled");
}
