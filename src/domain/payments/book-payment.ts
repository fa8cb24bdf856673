import { type Context, requireScope } from "../../context/context.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import type { Payment } from "../checkouts/machine.ts";
import { openPayer } from "../checkouts/payer-view.ts";
import type { bookPayment as contract, PaymentDetail } from "./contract.ts";
import { paymentDetail } from "./detail.ts";
import type { Money } from "./money.ts";
import { isOfNobody } from "./outranked.ts";
import { loadOwnPayment } from "./read.ts";
import { recordMoney } from "./record-money.ts";

/**
 * Books money that M-Pesa confirmed for a number of nobody at a shortcode of the merchant, as an operator decided. It is
 * recorded anew, in one commit with the end of the old row, whose id goes on answering. Errors: `not_found`,
 * `validation_failed` at `/shortcode`, `wrong_state` where the money is at another shortcode.
 */
export async function bookPayment(ctx: Context, input: Input<typeof contract>): Promise<PaymentDetail> {
  requireScope(ctx, "operator");
  const payment = await loadOwnPayment(ctx, input.id);
  const shortcode = input.shortcode === undefined
    ? await ctx.shortcodes.byId(payment.shortcode_id)
    : await ctx.shortcodes.pick(ctx.merchantId, input.shortcode);
  if (isOfNobody(payment)) await book(ctx, payment, shortcode);
  const booked = await loadOwnPayment(ctx, input.id); // somebody may have placed it meanwhile
  if (booked.shortcode_id !== shortcode.id) {
    const { number } = await ctx.shortcodes.byId(booked.shortcode_id);
    throw new Problem(
      "wrong_state",
      `The payment belongs to shortcode ${number}. Only money for a number that is no shortcode can be booked elsewhere.`,
    );
  }
  return await paymentDetail(ctx, booked);
}

/** An operator's word is like a file's: what M-Pesa itself says of the receipt later replaces it. */
async function book(ctx: Context, payment: Payment, shortcode: Shortcode): Promise<void> {
  const { receipt, channel } = payment;
  if (receipt === null || channel === "stk") return; // money of nobody comes by a confirmation, with its receipt
  const { phone, name } = await openPayer(ctx, payment);
  const money: Money = {
    channel,
    uploaded: true,
    receipt,
    amount: payment.amount,
    accountReference: payment.account_reference,
    paidAt: payment.paid_at,
    phone,
    payerName: name,
  };
  const was = { payment: payment.id, shortcode: payment.shortcode_id };
  const { outcome, paymentId } = await recordMoney(
    ctx,
    shortcode,
    money,
    ({ outcome, paymentId }) =>
      outcome === "created" || outcome === "completed"
        ? [auditEntry(ctx, "payment.booked", paymentId, { receipt, was, shortcode: shortcode.id })]
        : [],
  );
  ctx.note({ payment: paymentId, shortcode: shortcode.id, outcome });
}
