import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import { Chip } from "../kit/chip.tsx";
import type { Column } from "../kit/list.ts";
import { Money, Phone, When } from "../kit/values.tsx";
import type { Look } from "../kit/visit.ts";
import { failureText } from "./failure.ts";
import { checkoutsText } from "./text.ts";

const words = ({ language }: Look) => checkoutsText[language];

/** The columns of checkouts. */
export const checkoutColumns: readonly Column<CheckoutView>[] = [
  {
    head: (look) => words(look).time,
    cell: (row, visit) => <When at={row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  {
    head: (look) => words(look).reference,
    cell: (row) => <span class="cut" title={row.reference}>{row.reference}</span>,
    card: "who",
  },
  {
    head: (look) => words(look).phone,
    cell: (row, visit) => <Phone masked={row.attempts.at(-1)?.phone_number ?? null} look={visit} />,
  },
  {
    head: (look) => words(look).amount,
    cell: (row, visit) => <Money cents={row.amount} look={visit} bare />,
    end: true,
    card: "amount",
  },
  {
    head: (look) => words(look).received,
    cell: (row, visit) => <Money cents={row.amount_received} look={visit} bare />,
    end: true,
  },
  {
    head: (look) => words(look).reason,
    cell: (row, visit) => <span class="cut">{failureText(row, visit)}</span>,
    card: "reason",
  },
  {
    head: (look) => look.text.status,
    cell: (row, visit) => <Chip kind="checkout" status={row.status} language={visit.language} />,
    card: "chip",
  },
];
