import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, select, statement } from "../../db/query.ts";
import { differences } from "../../db/schema.ts";
import { type Aggregate, receivedOf } from "../checkouts/machine.ts";
import { abortIfPromised, loadCheckout } from "../checkouts/store.ts";
import { applyFact } from "./machine.ts";
import type { Payout } from "./machine/facts.ts";
import { savePayout } from "./save.ts";

/*
 * A payout that gives back what an order was paid too much may wait for an approval, a pause or a limit. Meanwhile M-Pesa or
 * a person takes other money of the order back, and then less is too much, or nothing. So it is computed anew before the
 * payout is sent (ADR 0028).
 */

const selectDifference = select(differences, "WHERE refund_id = ?");

/** Statement: forgets that a difference was given back by this refund, so that what is left of it is computed anew. */
export const forgetDifference = (refundId: string | null): Statement =>
  statement("DELETE FROM differences WHERE refund_id = ?", refundId);

/**
 * Whether the payout may leave. `guards` undo the batch that stores its start if what was looked at changes meanwhile. Any
 * payout but one of a difference may.
 */
export async function stillOwed(
  ctx: Context,
  { refund_id }: Payout,
): Promise<{ readonly isOwed: boolean; readonly guards: readonly Statement[] }> {
  const decided = refund_id === null ? null : await first(ctx.db, selectDifference(refund_id));
  if (decided === null) return { isOwed: true, guards: [] };
  const state = await loadCheckout(ctx, decided.checkout_id);
  if (state === null) return { isOwed: false, guards: [] };
  return { isOwed: isTooMuch(state), guards: [abortIfMoved(state), ...state.payments.map(abortIfPromised)] };
}

/**
 * Whether what stays without the difference, which is promised, pays the order. If the shop gives all of the order back, the
 * difference goes back too.
 */
function isTooMuch(state: Aggregate): boolean {
  const received = receivedOf(state);
  const isGivenBack = received === 0 && state.payments.every((payment) => payment.amount_taken_back === 0);
  return state.checkout.status === "succeeded" && (received >= state.checkout.amount || isGivenBack);
}

const abortIfMoved = ({ checkout: { id, version } }: Aggregate): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE NOT EXISTS (SELECT 1 FROM checkouts WHERE id = ? AND version = ?)",
    id,
    version,
  );

/** Cancels a payout that has not left, of a difference that is another one by now. One that has left is not sent again. */
export async function withdrawDifference(ctx: Context, before: Payout): Promise<Payout> {
  const after = applyFact(before, { kind: "cancelled" }, ctx.clock.now());
  const isCancelled = after.status === "cancelled";
  const stored = await savePayout(
    ctx,
    before,
    after,
    isCancelled ? "payout.cancelled" : "payout.resend_stopped",
    isCancelled ? { statements: [forgetDifference(before.refund_id)] } : {},
  );
  const { id, merchant_id: merchant, refund_id: refund, amount } = before;
  ctx.log.write("alert", "difference_withdrawn", { merchant, refund, payout: id, amount, status: stored.status });
  return stored;
}
