import type { InferSelectModel } from "drizzle-orm";
import type { Services } from "../../context/context.ts";
import type { payments } from "../../db/schema.ts";
import { estimateFee } from "../../daraja/tariffs.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import { payerView } from "./payer-view.ts";
import type { PaymentView } from "./payment-contract.ts";

/** A payment as the API answers it to its merchant: the payer's phone and name are masked. */
export async function paymentView(
  services: Pick<Services, "shortcodes" | "vault">,
  payment: InferSelectModel<typeof payments>,
): Promise<PaymentView> {
  const shortcode = await services.shortcodes.byId(payment.shortcode_id);
  return {
    id: payment.id,
    receipt: payment.receipt,
    amount: payment.amount,
    amount_refunded: payment.amount_refunded,
    amount_taken_back: payment.amount_taken_back,
    fee_estimate: estimateFee(shortcode.row.tariff, payment.amount, payment.paid_at ?? payment.created_at),
    currency: payment.currency,
    channel: payment.channel,
    status: payment.status,
    shortcode: shortcode.number,
    account_reference: payment.account_reference,
    checkout: payment.checkout_id ?? onlyCheckout(payment),
    allocations: allocationsOf(payment),
    payer: await payerView(services, payment),
    paid_at: formatTimeOrNull(payment.paid_at),
    created_at: formatTime(payment.created_at),
    updated_at: formatTime(payment.updated_at),
    version: payment.version,
  };
}

type Row = InferSelectModel<typeof payments>;

function allocationsOf({ allocations, checkout_id: checkout, status, amount }: Row): PaymentView["allocations"] {
  if (allocations !== null) return [...allocations];
  return checkout !== null && (status === "matched" || status === "partial") ? [{ checkout, amount }] : [];
}

/** The checkout that has all that was allocated; null where there are several places. */
function onlyCheckout({ allocations }: Row): string | null {
  const [only, ...others] = allocations ?? [];
  return only !== undefined && others.length === 0 && "checkout" in only ? only.checkout : null;
}
