import type { PayoutView } from "../../domain/payouts/contract.ts";
import type { Markup } from "../../pages/markup.ts";
import { Phone, wholePhone } from "../kit/values.tsx";
import type { Look } from "../kit/visit.ts";
import { payoutsText } from "./text.ts";

/** Who gets a payout: a name if one is known, and the masked phone or the number of a business. */
export function Payee({ payout, look }: { payout: PayoutView; look: Look }): Markup {
  const { destination, payee, phone_number } = payout;
  if (destination.type !== "phone") return <span>{businessText(destination, look)}</span>;
  const name = payee.given_name ?? payee.name;
  if (name === null) return <Phone masked={phone_number} look={look} />;
  return (
    <>
      <span class="cut" title={name}>{name}</span> <Phone masked={phone_number} look={look} />
    </>
  );
}

/** A business that money goes to: `Paybill 888880, account 12345`. */
export function businessText(
  { type, number, account_reference }: PayoutView["destination"],
  { language }: Pick<Look, "language">,
): string {
  const name = [payoutsText[language].destinations[type], number].filter((part) => part !== null).join(" ");
  return account_reference === null ? name : `${name}, ${account_reference}`;
}

/** Who gets it, with the whole number: for whoever approves it. */
export const wholePayee = (
  { destination, phone_number }: Pick<PayoutView, "destination" | "phone_number">,
  look: Pick<Look, "language">,
): string => destination.type === "phone" ? wholePhone(phone_number) : businessText(destination, look);
