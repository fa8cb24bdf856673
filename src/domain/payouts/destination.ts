import type { Context } from "../../context/context.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { PayoutOrder } from "./order.ts";
import type { Limits } from "./limits.ts";
import type { Payout } from "./machine/facts.ts";
import { newPhonePayout } from "./new-payout.ts";

/** daraja.md section 7.4: what a business is told as account where the order names none. */
const defaultAccountReference = (reference: string): string =>
  reference.replaceAll(/[^A-Za-z0-9 ._\/#-]/g, "-").slice(0, 13);

/** A payout of an order, not stored yet. Limits count by whom it goes to, be it a phone or a business. */
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
  const made = await newPhonePayout(ctx, { ...order, phone_number: receiver, purpose: "business" }, shortcode, limits);
  return {
    ...made,
    phone_index: ctx.vault.index(to.type, receiver),
    phone_masked: receiver,
    destination: to.type,
    receiver,
    account_reference: to.type === "kra"
      ? to.payment_registration_number
      : to.account_reference ?? defaultAccountReference(order.reference),
  };
}

/** Where the caller named whom it goes to. */
export const recipientPointer = (order: PayoutOrder): string =>
  order.destination === undefined ? "/phone_number" : "/destination";
