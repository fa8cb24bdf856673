import type { InferSelectModel } from "drizzle-orm";
import type { Services } from "../../context/context.ts";
import type { payments } from "../../db/schema.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { PaymentView } from "./payment-contract.ts";

/** A payment as the API answers it to its merchant: without the payer's phone and name. */
export async function paymentView(
  services: Pick<Services, "shortcodes">,
  payment: InferSelectModel<typeof payments>,
): Promise<PaymentView> {
  const shortcode = await services.shortcodes.byId(payment.shortcode_id);
  return {
    id: payment.id,
    receipt: payment.receipt,
    amount: payment.amount,
    amount_refunded: payment.amount_refunded,
    amount_taken_back: payment.amount_taken_back,
    currency: payment.currency,
    channel: payment.channel,
    status: payment.status,
    shortcode: shortcode.number,
    account_reference: payment.account_reference,
    checkout: payment.checkout_id,
    paid_at: formatTimeOrNull(payment.paid_at),
    created_at: formatTime(payment.created_at),
    updated_at: formatTime(payment.updated_at),
    version: payment.version,
  };
}
