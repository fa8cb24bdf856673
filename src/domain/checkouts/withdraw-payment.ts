import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, statement } from "../../db/query.ts";
import { type Payment, releasePayment } from "./machine.ts";
import { mergeStatements } from "./merge.ts";
import { loadCheckout } from "./store.ts";
import { changeStatements } from "./transition.ts";

const HAS_REFUNDS = "SELECT 1 FROM refund_totals WHERE payment_id = ?";

/** Whether a payment can be withdrawn: nothing of it was given back or promised, and M-Pesa has taken nothing back. */
export const isWithdrawable = async (ctx: Context, { id, amount_taken_back: taken }: Payment): Promise<boolean> =>
  taken === 0 && await first(ctx.db, { ...statement(HAS_REFUNDS, id), map: () => true }) === null;

/**
 * Statements: a payment that M-Pesa's own word contradicts is removed, and its checkout is settled without it. `intoId` is
 * the payment of the same receipt that counts. Empty where money of it has been given back: then a person must look.
 */
export async function withdrawPayment(ctx: Context, payment: Payment, intoId: string): Promise<Statement[]> {
  if (!await isWithdrawable(ctx, payment)) return [];
  const now = ctx.clock.now();
  const merged = [{ payment, into: intoId }];
  if (payment.checkout_id === null) {
    return mergeStatements({ merged }, now);
  }
  const holder = await loadCheckout(ctx, payment.checkout_id);
  if (holder === null) return [];
  const released = { ...releasePayment(holder, payment.id, now), merged };
  return await changeStatements(ctx, holder, released, "checkout.payment_withdrawn");
}
