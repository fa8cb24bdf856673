import * as contract from "../../domain/refunds/contract.ts";
import type { RefundView } from "../../domain/refunds/contract.ts";
import { listRefunds, sumRefunds } from "../../domain/refunds/read.ts";
import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { payersOf } from "../../domain/payments/payers.ts";
import { getRefundTimeline } from "../../domain/timeline/read.ts";
import type { Context } from "../../context/context.ts";
import { type Input, route } from "../../http/operation.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import { Actor } from "../kit/actor.tsx";
import { Chip } from "../kit/chip.tsx";
import { statusFilter } from "../kit/common-filters.ts";
import { detailPages, type Fact } from "../kit/detail-page.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import type { Page as ApiPage } from "../../http/pagination.ts";
import { READERS } from "../kit/roles.ts";
import { Money, When, WhenLong } from "../kit/values.tsx";
import { Payer } from "../payments/columns.tsx";
import type { Look, Visit } from "../kit/visit.ts";
import { askRefundNow, refundSubject, resolveRefundAct } from "./acts.tsx";
import { refundsText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => refundsText[language];
const acts = [askRefundNow, resolveRefundAct];

/** A refund, with who gets it. */
type Row = RefundView & Pick<PaymentView, "payer">;

const NOBODY: PaymentView["payer"] = { name: null, phone_number: null };

/** The list of the API, and whose money goes back: the payer's, also where a payout carries it. */
async function listWithPayers(ctx: Context, input: Input<typeof contract.listRefunds>): Promise<ApiPage<Row>> {
  const page = await listRefunds(ctx, input);
  const payers = await payersOf(ctx, page.data.map(({ payment }) => payment));
  return { ...page, data: page.data.map((row) => ({ ...row, payer: payers.get(row.payment) ?? NOBODY })) };
}

const columns: readonly Column<Row>[] = [
  {
    head: (look) => words(look).time,
    cell: (row, visit) => <When at={row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  {
    head: (look) => words(look).to,
    cell: (row, visit) => <Payer payment={row} look={visit} />,
    card: "who",
  },
  {
    head: (look) => words(look).amount,
    cell: (row, visit) => <Money cents={row.amount} look={visit} bare />,
    end: true,
    card: "amount",
  },
  { head: (look) => words(look).method, cell: (row, visit) => words(visit).methods[row.method] },
  {
    head: (look) => words(look).reason,
    cell: (row) => <span class="cut" title={row.reason}>{row.reason}</span>,
    card: "reason",
  },
  { head: (look) => words(look).payment, cell: (row) => <span class="id">{row.payment}</span> },
  { head: (look) => words(look).by, cell: (row, visit) => <Actor id={row.created_by} visit={visit} /> },
  {
    head: (look) => look.text.status,
    cell: (row, visit) => <Chip kind="refund" status={row.status} language={visit.language} />,
    card: "chip",
  },
];

const ifKnown = (label: string, value: string | null): readonly Fact[] => value === null ? [] : [{ label, value }];

function facts(row: RefundView, visit: Visit): readonly Fact[] {
  const text = words(visit);
  return [
    { label: text.reason, value: row.reason },
    { label: text.method, value: text.methods[row.method] },
    { label: visit.text.shortcode, value: row.shortcode },
    ...ifKnown(text.receipt, row.receipt),
    ...ifKnown(text.failure, row.failure?.message ?? null),
    ...ifKnown(text.advice, row.failure?.advice ?? null),
    ...ifKnown(text.evidence, row.resolution?.evidence ?? null),
    ...row.resolution === null
      ? []
      : [{ label: text.resolvedBy, value: <Actor id={row.resolution.by} visit={visit} /> }],
    { label: text.by, value: <Actor id={row.created_by} visit={visit} /> },
    { label: text.asked, value: <WhenLong at={row.created_at} look={visit} /> },
    ...row.refunded_at === null ? [] : [{ label: text.arrived, value: <WhenLong at={row.refunded_at} look={visit} /> }],
  ];
}

/** Refunds: what went back? */
export const refundPages: readonly Page[] = [
  listPage<Row>({
    path: "refunds",
    roles: READERS,
    nav: { name: "refunds", group: "in", icon: "back" },
    question: ({ language }) => refundsText[language].question,
    route: route(contract.listRefunds, listWithPayers),
    filters: [statusFilter("refund"), { kind: "amount" }],
    columns,
    sums: {
      read: (ctx, input, most) => sumRefunds(ctx, input as Input<typeof contract.listRefunds>, most), // by the route above
      text: ({ count, amount }, look) => words(look).total(shillingFigure(count * 100), shillings(amount)),
    },
    href: ({ id }) => `refunds/${id}`,
    acts,
    empty: ({ language }) => <p>{refundsText[language].empty}</p>,
  }),
  ...detailPages<RefundView>({
    subject: refundSubject,
    roles: READERS,
    title: (row, visit) => words(visit).title(shillings(row.amount)),
    headline: (row) => shillings(row.amount),
    chip: (row, { language }) => <Chip kind="refund" status={row.status} language={language} />,
    facts,
    acts,
    timeline: getRefundTimeline,
    related: (row, visit) =>
      Promise.resolve([
        { path: `payments/${row.payment}`, label: words(visit).payment, chip: null },
        ...row.payout === null ? [] : [{ path: `payouts/${row.payout}`, label: words(visit).payout, chip: null }],
      ]),
    more: (row, visit) =>
      row.status === "in_doubt" ? <p class="note">{words(visit).inDoubt(shillings(row.amount))}</p> : null,
  }),
];
