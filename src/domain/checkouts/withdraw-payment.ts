import type { Context } from "../../context/context.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { first, select, statement } from "../../db/query.ts";
import { payments } from "../../db/schema.ts";
import { type Payment, releasePayment, toFree } from "./machine.ts";
import { mergeStatements } from "./merge.ts";
import { loadCheckout } from "./store.ts";
import { changeStatements } from "./transition.ts";

const selectPayment = select(payments, "WHERE id = ?");
const HAS_REFUNDS = "SELECT 1 FROM refund_totals WHERE payment_id = ?";

/** Whether a payment can be withdrawn: nothing of it was given back or promised, M-Pesa has taken nothing
 * back, and no person has given a part of it to a checkout. */
export const isWithdrawable = async (
  ctx: Context,
  { id, amount_taken_back: taken, allocations }: Payment,
): Promise<boolean> =>
  taken === 0 && !(allocations ?? []).some((part) => "checkout" in part) &&
  await first(ctx.db, { ...statement(HAS_REFUNDS, id), map: () => true }) === null;

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

/** Whether nothing of the payment has gone back: then its refunds can go with the receipt. */
export const hasGivenNothingBack = ({ amount_refunded: given, amount_taken_back: taken }: Payment): boolean =>
  given + taken === 0;

/**
 * Takes the payment from its checkout, which is settled without it: it is money of nobody before other money has its place.
 * Gives it as it is stored. Errors: `conflict` (as ConstraintError).
 */
export async function freePayment(ctx: Context, payment: Payment): Promise<Payment> {
  const holder = payment.checkout_id === null ? null : await loadCheckout(ctx, payment.checkout_id);
  if (holder === null) return payment;
  const released = releasePayment(holder, payment.id, ctx.clock.now());
  const loaded = { ...holder, payments: holder.payments.map((p) => (p.id === payment.id ? payment : p)) };
  const freed = { ...released, payments: [...released.payments, toFree(payment)] };
  await ctx.db.write(await changeStatements(ctx, loaded, freed, "checkout.payment_withdrawn"));
  ctx.jobs.wake(ctx.clock.now()); // the prompt that it was put to may have been paid by other money
  const stored = await first(ctx.db, selectPayment(payment.id));
  if (stored === null) throw new ConstraintError("check", "conflict"); // another notice came first
  return stored;
}
