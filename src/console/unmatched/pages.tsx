import * as contract from "../../domain/payments/contract.ts";
import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { listPayments, sumPayments } from "../../domain/payments/read.ts";
import { type Input, route } from "../../http/operation.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import { shortcodeFilter } from "../kit/common-filters.ts";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { rowAnchor } from "../kit/done.ts";
import { type Visit, withParameters } from "../kit/visit.ts";
import type { Markup } from "../../pages/markup.ts";
import { READERS } from "../kit/roles.ts";
import { ageText, Money, Unknown, When } from "../kit/values.tsx";
import { Payer } from "../payments/columns.tsx";
import { giveBack } from "../payments/give-back.tsx";
import { matchAct } from "../payments/match.tsx";
import { splitAct } from "../payments/split.tsx";
import { paymentNote } from "../payments/pages.tsx";
import { paymentsText } from "../payments/text.ts";
import { Opened } from "./opened.tsx";

const columns: readonly Column<PaymentView>[] = [
  {
    head: ({ language }) => paymentsText[language].time,
    cell: (row, visit) => <When at={row.paid_at ?? row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  {
    head: ({ language }) => paymentsText[language].payer,
    cell: (row, visit) => <Payer payment={row} look={visit} />,
    card: "who",
  },
  {
    head: ({ language }) => paymentsText[language].account,
    cell: (row, visit) =>
      row.account_reference === null
        ? <Unknown text={visit.text} />
        : <span class="cut" title={row.account_reference}>{row.account_reference}</span>,
    card: "reason",
  },
  {
    head: ({ language }) => paymentsText[language].amount,
    cell: (row, visit) => <Money cents={row.amount} look={visit} bare />,
    end: true,
    card: "amount",
  },
  {
    head: ({ language }) => paymentsText[language].age,
    cell: (row, visit) => ageText(visit.now - Date.parse(row.paid_at ?? row.created_at), visit.text),
    end: true,
  },
  {
    head: ({ language }) => paymentsText[language].receipt,
    cell: (row, visit) => row.receipt === null ? <Unknown text={visit.text} /> : <span class="id">{row.receipt}</span>,
  },
  {
    head: ({ language }) => paymentsText[language].candidates,
    cell: (row, visit) => <Opener row={row} visit={visit} />,
    card: "chip",
  },
];

/** Opens the row, or closes it. */
function Opener({ row, visit }: { row: PaymentView; visit: Visit }): Markup {
  const words = paymentsText[visit.language];
  const isOpen = visit.url.searchParams.get("open") === row.id;
  const href = `${withParameters(visit, { open: isOpen ? null : row.id, done: null })}#${rowAnchor(row.id)}`;
  return (
    <a class="act above" href={href} aria-expanded={isOpen ? "true" : "false"}>
      {isOpen ? words.hideCandidates : words.showCandidates}
    </a>
  );
}

/** Unmatched: whose money is this? */
export const unmatchedPage: Page = listPage<PaymentView>({
  path: "unmatched",
  actsAt: "payments",
  roles: READERS,
  nav: { name: "unmatched", group: "in", icon: "question" },
  question: ({ language }) => paymentsText[language].whose,
  route: route(contract.listPayments, listPayments),
  always: { status: "unmatched" },
  filters: [shortcodeFilter, { kind: "amount" }, { kind: "payer" }],
  columns,
  sums: {
    read: (ctx, input, most) => sumPayments(ctx, input as Input<typeof contract.listPayments>, most), // by the route above
    text: ({ count, amount }, { language }) =>
      paymentsText[language].unplaced(shillingFigure(count * 100), shillings(amount)),
  },
  href: ({ id }) => `payments/${id}`,
  acts: [matchAct, splitAct, giveBack, paymentNote],
  opened: (row, visit) => <Opened row={row} visit={visit} />,
  empty: ({ language }) => <p>{paymentsText[language].allPlaced}</p>,
});
