import type { PayoutView } from "../../domain/payouts/contract.ts";
import type { Markup } from "../../pages/markup.ts";
import { Actor } from "../kit/actor.tsx";
import { Chip } from "../kit/chip.tsx";
import type { Column } from "../kit/list.ts";
import { Money, Unknown, When } from "../kit/values.tsx";
import type { Look } from "../kit/visit.ts";
import { Payee } from "./payee.tsx";
import { payoutsText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => payoutsText[language];

/** M-Pesa's fee as it was told; before that, what the tariff says. */
export function Fee({ payout, look, bare = false }: { payout: PayoutView; look: Look; bare?: boolean }): Markup {
  if (payout.fee !== null) return <Money cents={payout.fee} look={look} bare={bare} />;
  if (payout.fee_estimate === null) return <Unknown text={look.text} />;
  return (
    <span class="soft" title={words(look).estimated}>
      ≈ <Money cents={payout.fee_estimate} look={look} bare={bare} />
      <span class="sr">{words(look).estimated}</span>
    </span>
  );
}

/** The columns of payouts. */
export const payoutColumns: readonly Column<PayoutView>[] = [
  {
    head: (look) => words(look).time,
    cell: (row, visit) => <When at={row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  { head: (look) => words(look).to, cell: (row, visit) => <Payee payout={row} look={visit} />, card: "who" },
  {
    head: (look) => words(look).reference,
    cell: (row) => <span class="cut" title={row.reference}>{row.reference}</span>,
    card: "reason",
  },
  { head: (look) => words(look).purpose, cell: (row, visit) => words(visit).purposes[row.purpose], spare: true },
  {
    head: (look) => words(look).amount,
    cell: (row, visit) => <Money cents={row.amount} look={visit} bare />,
    end: true,
    card: "amount",
  },
  {
    head: (look) => words(look).fee,
    cell: (row, visit) => <Fee payout={row} look={visit} bare />,
    end: true,
    spare: true,
  },
  { head: (look) => words(look).madeBy, cell: (row, visit) => <Actor id={row.created_by} visit={visit} /> },
  {
    head: (look) => words(look).approvedBy,
    cell: (row, visit) => row.approval === null ? "" : <Actor id={row.approvals.at(-1)?.by ?? null} visit={visit} />,
  },
  {
    head: (look) => look.text.status,
    cell: (row, visit) => <Chip kind="payout" status={row.status} language={visit.language} />,
    card: "chip",
  },
];
