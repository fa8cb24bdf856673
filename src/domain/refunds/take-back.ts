import { commit, type Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged, statement } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { loseAllocated, sourceOfFree, takeBack, takenFrom } from "../checkouts/machine.ts";
import { paymentView } from "../checkouts/payment-view.ts";
import { loadCheckout, updatePayment } from "../checkouts/store.ts";
import { changeStatements } from "../checkouts/transition.ts";
import { ConstraintError } from "../../db/database.ts";
import type { Refund } from "./machine/facts.ts";
import { addFinding, type Reversal, setOutcome } from "./reversals.ts";
import type { Payment } from "./store.ts";

/**
 * Stores that M-Pesa took a payment back, whole or in part, with its checkout, events, audit entry and finding in one
 * batch; a trigger posts it to the ledger. Errors: `conflict` (as ConstraintError), also where one of the refunds `own` was
 * changed since it was loaded.
 */
export async function takeBackPayment(
  ctx: Context,
  reversal: Reversal,
  payment: Payment,
  own: readonly Refund[],
): Promise<void> {
  const now = ctx.clock.now();
  const stored: Payment = {
    ...withoutCheckouts(takenFrom(payment, reversal.amount)),
    updated_at: Math.max(now, payment.updated_at),
    version: payment.version + 1,
  };
  const back = stored.amount_refunded + stored.amount_taken_back;
  const held = Math.max(0, payment.amount - payment.amount_refunded - payment.amount_taken_back);
  await commit(ctx, payment.id, [
    setOutcome(reversal, "taken_back", payment.id),
    abortIfUnchanged,
    abortIfRefundsChanged(payment.id, own),
    ...await paymentStatements(ctx, reversal, payment, stored),
    ...(back <= stored.amount
      ? []
      : [event(ctx, "payment.over_refunded", payment.id, { ...await paymentView(ctx, stored) })]),
    auditEntry(ctx, "payment.taken_back", payment.id, {
      reversal: reversal.receipt,
      amount: reversal.amount,
      was: payment.status,
      status: stored.status,
    }),
    ...addFinding(reversal, payment.id, held),
  ]);
  if (payment.allocations !== null) ctx.jobs.wake(now); // triggers have scheduled the jobs of the places that lost it
  const about = { merchant: payment.merchant_id, payment: payment.id, checkout: payment.checkout_id };
  ctx.log.write("alert", "payment_taken_back", { ...about, amount: payment.amount, reversed: reversal.amount });
  if (back > stored.amount) {
    ctx.log.write("alert", "payment_over_refunded", {
      ...about,
      amount: stored.amount,
      amount_refunded: stored.amount_refunded,
      amount_taken_back: stored.amount_taken_back,
    });
  }
}

async function paymentStatements(
  ctx: Context,
  { amount }: Reversal,
  payment: Payment,
  stored: Payment,
): Promise<Statement[]> {
  if (payment.checkout_id === null) {
    return [
      updatePayment(stored, stored.id, payment.version),
      abortIfUnchanged,
      event(ctx, "payment.taken_back", stored.id, { ...await paymentView(ctx, stored) }),
      ...await losses(ctx, payment),
    ];
  }
  const before = await loadCheckout(ctx, payment.checkout_id);
  const loaded = before?.payments.find(({ id }) => id === payment.id);
  if (before === null || loaded?.version !== payment.version) throw new ConstraintError("check", "conflict");
  const after = takeBack(before, payment.id, amount, ctx.clock.now());
  return await changeStatements(ctx, before, after, "checkout.payment_taken_back");
}

/** Statements: the checkouts to which people gave a part of the payment are settled without it. */
async function losses(ctx: Context, { allocations }: Payment): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (const part of allocations ?? []) {
    const before = "checkout" in part ? await loadCheckout(ctx, part.checkout) : null;
    if (before === null) continue;
    const after = loseAllocated(before, part.amount, ctx.clock.now());
    statements.push(...await changeStatements(ctx, before, after, "checkout.payment_taken_back"));
  }
  return statements;
}

/** The checkouts to which people gave the money are settled without it; what is left of it waits for a person again. */
const withoutCheckouts = (payment: Payment): Payment =>
  !(payment.allocations ?? []).some((part) => "checkout" in part) ? payment : {
    ...payment,
    allocations: null,
    receipt_source: sourceOfFree(payment, "person"),
    status: payment.status === "taken_back" ? payment.status : "unmatched",
  };

const abortIfRefundsChanged = (paymentId: string, own: readonly Refund[]): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE " +
      "(SELECT coalesce(sum(version), 0) FROM refunds WHERE payment_id = ? AND method = 'reversal') <> ?",
    paymentId,
    own.reduce((sum, { version }) => sum + version, 0),
  );
