import type { Answer, AsyncAccepted, Initiator, MoneySenders, ResultUrls } from "../../daraja/daraja.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { Payout } from "./machine/facts.ts";

/** Whether a payout goes to a business: then Daraja takes no id of ours, and an unclear request is never sent again. */
export const isToBusiness = ({ destination }: Pick<Payout, "destination">): boolean => destination !== "phone";

/** Pays a paybill, till, B2C account or KRA (daraja.md sections 7.4 and 7.5). */
export async function payBusiness(
  senders: MoneySenders,
  payout: Payout,
  shortcode: Shortcode,
  initiator: Initiator,
  urls: ResultUrls,
): Promise<Answer<AsyncAccepted>> {
  const common = {
    ...urls,
    shortcode: shortcode.number,
    initiator,
    amount: payout.amount,
    remarks: payout.remarks,
  };
  const account = payout.account_reference ?? "";
  if (payout.destination === "kra") {
    return await senders.remitTax(shortcode.app, { ...common, paymentRegistrationNumber: account });
  }
  return await senders.b2b(shortcode.app, {
    ...common,
    destination: payout.destination === "paybill" || payout.destination === "till" ? payout.destination : "bulk",
    receiver: payout.receiver ?? "",
    accountReference: account,
    ...(payout.occasion === null ? {} : { occasion: payout.occasion }),
  });
}
