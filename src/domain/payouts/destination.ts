import type { Context } from "../../context/context.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { PayoutOrder } from "./order.ts";
import type { Limits } from "./limits.ts";
import type { Payout } from "./machine/facts.ts";
import { newPhonePayout } from "./new-payout.ts";

/** The account reference where the order has none: the payout's reference, as far as Daraja takes it (daraja.md section 7.4). */
const defaultAccountReference = (reference: string): string =>
  reference.replaceAll(/[^A-Za-z0-9 ._\/#-]/g, "-").slice(0, 13);

/** A new payout, not stored yet. Limits count by receiver, which is a phone or a business. */
export async function newPayoutToDestination(
  ctx: Context,
  order: PayoutOrder,
  shortcode: Shortcode,
  limits: Limits,
): Promise<Payout> {
  const to = order.destination;
  if (to === undefined || to.type === "phone") {
    const phone = to?.phone_number ?? order.phone_number ?? ""; // one of them is there, as the schema says
    return await newPhonePayout(
      ctx,
      { ...order, phone_number: phone, purpose: order.purpose ?? "business" },
      shortcode,
      limits,
    );
  }
  const receiver = to.type === "kra" ? "kra" : to.number;
  const payout = await newPhonePayout(
    ctx,
    { ...order, phone_number: receiver, purpose: "business" },
    shortcode,
    limits,
  );
  return {
    ...payout,
    phone_index: ctx.vault.index(to.type, receiver),
    phone_masked: receiver,
    destination: to.type,
    receiver,
    account_reference: to.type === "kra"
      ? to.payment_registration_number
      : to.account_reference ?? defaultAccountReference(order.reference),
  };
}

/** JSON Pointer to the receiver in the request. */
export const recipientPointer = (order: PayoutOrder): string =>
  order.destination === undefined ? "/phone_number" : "/destination";
