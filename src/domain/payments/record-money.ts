import { addPaybillPayment, type Aggregate, type Payment } from "../checkouts/machine.ts";
import { saveCheckout } from "../checkouts/save.ts";
import { insertPayment } from "../checkouts/store.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { commit, type Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { first, select } from "../../db/query.ts";
import { payments } from "../../db/schema.ts";
import { auditEntry, event } from "../../db/trail.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { findCheckout } from "./find-checkout.ts";
import { addMissingDetails } from "./add-missing-details.ts";
import type { Money } from "./money.ts";
import { payerDataPlace, resealMovedData } from "../checkouts/payment-sealing.ts";
import { paymentView } from "../checkouts/payment-view.ts";

const selectByReceipt = select(payments, "WHERE receipt = ?");

/**
 * How money was recorded. `created`: as a new payment. `completed`: a payment without a receipt took this receipt. `known`:
 * a payment with this receipt and amount was stored before. The other two contradict what is stored, and change nothing.
 */
export interface RecordedMoney {
  readonly outcome: "created" | "completed" | "known" | "amount_differs" | "receipt_of_another_shortcode";
  readonly paymentId: string;
  /** Cents, of the stored payment. */
  readonly amount: number;
}

/**
 * Records money that reached a shortcode, once per receipt, whichever source reports it first. It pays the checkout that
 * its account reference names, or stays unmatched until a person decides. `finish` gives statements for the same batch.
 */
export async function recordMoney(
  ctx: Context,
  shortcode: Shortcode,
  money: Money,
  finish: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  return await retryOnConflict(async () => {
    const known = await first(ctx.db, selectByReceipt(money.receipt));
    if (known !== null) return await recordKnown(ctx, shortcode, known, money, finish);
    const payment = await newPayment(ctx, shortcode, money);
    const checkout = await findCheckout(ctx, shortcode, money);
    if (checkout !== null) return await recordForCheckout(ctx, checkout, payment, finish);
    const recorded: RecordedMoney = { outcome: "created", paymentId: payment.id, amount: payment.amount };
    await commit(ctx, payment.id, [
      insertPayment(payment),
      event(ctx, "payment.received", payment.id, await paymentView(ctx, payment)),
      auditEntry(ctx, "payment.received", payment.id, { receipt: payment.receipt, status: payment.status }),
      ...finish(recorded),
    ]);
    return recorded;
  });
}

async function recordKnown(
  ctx: Context,
  shortcode: Shortcode,
  known: Payment,
  money: Money,
  finish: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  const outcome = known.shortcode_id !== shortcode.id
    ? "receipt_of_another_shortcode"
    : known.amount === money.amount
    ? "known"
    : "amount_differs";
  const recorded: RecordedMoney = { outcome, paymentId: known.id, amount: known.amount };
  const details = outcome === "known" ? await addMissingDetails(ctx, known, money) : [];
  await ctx.db.write([...details, ...finish(recorded)]);
  return recorded;
}

async function recordForCheckout(
  ctx: Context,
  before: Aggregate,
  payment: Payment,
  finish: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  const added = addPaybillPayment(
    before,
    { ...payment, checkout_id: before.checkout.id, status: "partial" },
    ctx.clock.now(),
  );
  const after = await resealMovedData(ctx, added, payment);
  const paymentId = after.payments.find((p) => p.receipt === payment.receipt)?.id ?? payment.id;
  const outcome = paymentId === payment.id ? "created" : "completed";
  const recorded: RecordedMoney = { outcome, paymentId, amount: payment.amount };
  await saveCheckout(ctx, before, after, "checkout.paid_by_paybill", { statements: finish(recorded) });
  return recorded;
}

async function newPayment(ctx: Context, shortcode: Shortcode, money: Money): Promise<Payment> {
  const id = newId("pay");
  const now = ctx.clock.now();
  const seal = async (column: "phone" | "payer_name", text: string | null) =>
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
    phone: await seal("phone", money.phone),
    payer_name: await seal("payer_name", money.payerName),
    paid_at: money.paidAt,
    created_at: now,
    updated_at: now,
  };
}
