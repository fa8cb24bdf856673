import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { Chip } from "../kit/chip.tsx";
import type { Column } from "../kit/list.ts";
import { Money, Phone, Unknown, When } from "../kit/values.tsx";
import type { Look } from "../kit/visit.ts";
import type { Markup } from "../../pages/markup.ts";
import { paymentsText } from "./text.ts";

const words = ({ language }: Look) => paymentsText[language];

/** Who paid, as far as M-Pesa told it. */
export function Payer({ payment, look }: { payment: Pick<PaymentView, "payer">; look: Look }): Markup {
  const { name, phone_number } = payment.payer;
  if (name === null) return <Phone masked={phone_number} look={look} />;
  return (
    <>
      <span class="cut">{name}</span>
      {phone_number !== null && (
        <>
          <Phone masked={phone_number} look={look} />
        </>
      )}
    </>
  );
}

/** The columns of payments. */
export const paymentColumns: readonly Column<PaymentView>[] = [
  {
    head: (look) => words(look).time,
    cell: (row, visit) => <When at={row.paid_at ?? row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  { head: (look) => words(look).payer, cell: (row, visit) => <Payer payment={row} look={visit} />, card: "who" },
  {
    head: (look) => words(look).for,
    cell: (row, visit) =>
      row.account_reference === null
        ? <Unknown text={visit.text} />
        : <span class="cut" title={row.account_reference}>{row.account_reference}</span>,
    card: "reason",
  },
  {
    head: (look) => words(look).amount,
    cell: (row, visit) => <Money cents={row.amount} look={visit} bare />,
    end: true,
    card: "amount",
  },
  {
    head: (look) => words(look).fee,
    cell: (row, visit) => row.fee_estimate === null ? "" : <Money cents={row.fee_estimate} look={visit} bare />,
    end: true,
    spare: true,
  },
  { head: (look) => words(look).channel, cell: (row, visit) => words(visit).channels[row.channel] },
  {
    head: (look) => words(look).receipt,
    cell: (row, visit) =>
      row.receipt === null ? <Unknown text={visit.text} /> : <span class="id whole">{row.receipt}</span>,
  },
  {
    head: (look) => look.text.status,
    cell: (row, visit) => <Chip kind="payment" status={row.status} language={visit.language} />,
    card: "chip",
  },
];
