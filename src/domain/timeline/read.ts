import { type Context, requireScope } from "../../context/context.ts";
import { loadOwn as loadOwnCheckout } from "../checkouts/read.ts";
import { receiptUrl } from "../checkouts/receipt-url.ts";
import { loadOwnPayment } from "../payments/read.ts";
import { loadOwn as loadOwnPayout } from "../payouts/read.ts";
import { loadOwn as loadOwnRefund } from "../refunds/read.ts";
import type { TimelineEntry } from "./contract.ts";
import { timelineOf, type TimelineSubject } from "./timeline.ts";

interface Timeline {
  data: TimelineEntry[];
}

const answer = async (ctx: Context, subject: TimelineSubject): Promise<Timeline> => ({
  data: await timelineOf(ctx, subject, ctx.language ?? "en"),
});

/** Errors: `not_found`. */
export async function getCheckoutTimeline(ctx: Context, { id }: { id: string }): Promise<Timeline> {
  requireScope(ctx, "checkouts:read");
  const { checkout, payments } = await loadOwnCheckout(ctx, id);
  return await answer(ctx, {
    kind: "checkout",
    id,
    merchantId: checkout.merchant_id,
    related: payments.filter((payment) => payment.checkout_id === id).map((payment) => payment.id),
    status: checkout.status,
    reference: checkout.reference,
    updatedAt: checkout.updated_at,
    needsPerson: false,
  });
}

/** Errors: `not_found`. */
export async function getPaymentTimeline(ctx: Context, { id }: { id: string }): Promise<Timeline> {
  requireScope(ctx, "payments:read");
  const payment = await loadOwnPayment(ctx, id);
  return await answer(ctx, {
    kind: "payment",
    id: payment.id,
    merchantId: payment.merchant_id,
    related: [],
    arrived: { amount: payment.amount, receipt: payment.receipt, at: payment.created_at },
    status: payment.status,
    reference: payment.receipt ?? payment.id,
    updatedAt: payment.updated_at,
    needsPerson: false,
    receiptUrl: receiptUrl(ctx, payment.id),
  });
}

/** Errors: `not_found`. */
export async function getPayoutTimeline(ctx: Context, { id }: { id: string }): Promise<Timeline> {
  requireScope(ctx, "payouts:read");
  const payout = await loadOwnPayout(ctx, id);
  return await answer(ctx, {
    kind: "payout",
    id,
    merchantId: payout.merchant_id,
    related: [],
    status: payout.status,
    reference: payout.reference,
    updatedAt: payout.updated_at,
    needsPerson: payout.needs_person,
  });
}

/** Errors: `not_found`. */
export async function getRefundTimeline(ctx: Context, { id }: { id: string }): Promise<Timeline> {
  requireScope(ctx, "refunds:read");
  const refund = await loadOwnRefund(ctx, id);
  return await answer(ctx, {
    kind: "refund",
    id,
    merchantId: refund.merchant_id,
    related: refund.payout_id === null ? [] : [refund.payout_id],
    status: refund.status,
    reference: refund.id,
    updatedAt: refund.updated_at,
    needsPerson: refund.needs_person,
  });
}
