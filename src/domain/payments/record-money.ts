import { addPaybillPayment, type Aggregate, type Payment } from "../checkouts/machine.ts";
import { saveCheckout } from "../checkouts/save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { commit, type Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, select } from "../../db/query.ts";
import { payments } from "../../db/schema.ts";
import { auditEntry, event } from "../../db/trail.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { findCheckout } from "./find-checkout.ts";
import { addMissingDetails } from "./add-missing-details.ts";
import type { Money } from "./money.ts";
import { payerDataPlace, resealMovedData } from "../checkouts/payment-sealing.ts";
import { paymentView } from "../checkouts/payment-view.ts";

const insertPayment = insert(payments);
const selectByReceipt = select(payments, "WHERE receipt = ?");

/**
 * What a view of money came to. `completed`: a payment without a receipt took this one. `known`: the receipt was there
 * already, with the same amount. The last two contradict what is known, and change nothing.
 */
export interface RecordedMoney {
  readonly outcome: "created" | "completed" | "known" | "amount_differs" | "receipt_of_another_shortcode";
  readonly paymentId: string;
  /** Cents, as we have it. */
  readonly amount: number;
}

/**
 * Records money that reached a shortcode, once per receipt, whichever view of it comes first: it pays the checkout that
 * its account reference names, or waits unmatched for a person. `ending` goes into the same batch.
 */
export async function recordMoney(
  ctx: Context,
  shortcode: Shortcode,
  money: Money,
  ending: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  return await retryOnConflict(async () => {
    const known = await first(ctx.db, selectByReceipt(money.receipt));
    if (known !== null) return await recordKnown(ctx, shortcode, known, money, ending);
    const payment = await paymentOf(ctx, shortcode, money);
    const checkout = await findCheckout(ctx, shortcode, money);
    if (checkout !== null) return await recordForCheckout(ctx, checkout, payment, ending);
    const recorded: RecordedMoney = { outcome: "created", paymentId: payment.id, amount: payment.amount };
    await commit(ctx, payment.id, [
      insertPayment(payment),
      event(ctx, "payment.received", payment.id, await paymentView(ctx, payment)),
      auditEntry(ctx, "payment.received", payment.id, { receipt: payment.receipt, status: payment.status }),
      ...ending(recorded),
    ]);
    return recorded;
  });
}

async function recordKnown(
  ctx: Context,
  shortcode: Shortcode,
  known: Payment,
  money: Money,
  ending: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  const outcome = known.shortcode_id !== shortcode.id
    ? "receipt_of_another_shortcode"
    : known.amount === money.amount
    ? "known"
    : "amount_differs";
  const recorded: RecordedMoney = { outcome, paymentId: known.id, amount: known.amount };
  const gaps = outcome === "known" ? await addMissingDetails(ctx, known, money) : [];
  await ctx.db.write([...gaps, ...ending(recorded)]);
  return recorded;
}

async function recordForCheckout(
  ctx: Context,
  before: Aggregate,
  payment: Payment,
  ending: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  const told = addPaybillPayment(
    before,
    { ...payment, checkout_id: before.checkout.id, status: "partial" },
    ctx.clock.now(),
  );
  const after = await resealMovedData(ctx, told, payment);
  const as = after.payments.find((p) => p.receipt === payment.receipt)?.id ?? payment.id;
  const outcome = as === payment.id ? "created" : "completed";
  const recorded: RecordedMoney = { outcome, paymentId: as, amount: payment.amount };
  await saveCheckout(ctx, before, after, "checkout.paid_by_paybill", { statements: ending(recorded) });
  return recorded;
}

async function paymentOf(ctx: Context, shortcode: Shortcode, money: Money): Promise<Payment> {
  const id = newId("pay");
  const now = ctx.clock.now();
  const sealed = async (column: "phone" | "payer_name", text: string | null) =>
    text === null ? null : await ctx.vault.seal(text, payerDataPlace(column, id));
  return {
    id,
    merchant_id: shortcode.merchantId,
    shortcode_id: shortcode.id,
    checkout_id: null,
    attempt_id: null,
    receipt: money.receipt,
    channel: money.channel,
    status: "unmatched",
    amount: money.amount,
    currency: "KES",
    account_reference: money.accountReference,
    phone: await sealed("phone", money.phone),
    payer_name: await sealed("payer_name", money.payerName),
    paid_at: money.paidAt,
    created_at: now,
    updated_at: now,
  };
}
