import * as contract from "../../domain/payments/contract.ts";
import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { listPayments, sumPayments } from "../../domain/payments/read.ts";
import { getPaymentTimeline } from "../../domain/timeline/read.ts";
import type { Input } from "../../http/operation.ts";
import { route } from "../../http/operation.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import { Chip } from "../kit/chip.tsx";
import { shortcodeFilter, statusFilter } from "../kit/common-filters.ts";
import { detailPages } from "../kit/detail-page.tsx";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { READERS } from "../kit/roles.ts";
import { giveBack, giveBackPart } from "./give-back.tsx";
import { paymentColumns } from "./columns.tsx";
import { noteAct } from "../attention/acts.tsx";
import { CaseNotes, caseOf } from "../attention/notes.tsx";
import { matchAct } from "./match.tsx";
import { moveAct } from "./move.tsx";
import { splitAct, undoMatch } from "./split.tsx";
import { paymentFacts, relatedOf } from "./facts.tsx";
import { paymentSubject } from "./subject.tsx";
import { paymentsText } from "./text.ts";

/** What people found out about money that waits for its place. */
export const paymentNote = noteAct<PaymentView>(caseOf, ({ status }) => status === "unmatched");

const acts = [matchAct, splitAct, moveAct, undoMatch, giveBack, giveBackPart, paymentNote];

/** Payments: what came in? */
export const paymentPages: readonly Page[] = [
  listPage<PaymentView>({
    path: "payments",
    roles: READERS,
    nav: { name: "payments", group: "in", icon: "into" },
    question: ({ language }) => paymentsText[language].question,
    route: route(contract.listPayments, listPayments),
    filters: [
      statusFilter("payment"),
      shortcodeFilter,
      {
        kind: "choice",
        name: "channel",
        label: ({ language }) => paymentsText[language].channel,
        isRare: true,
        options: ({ language }) => Object.entries(paymentsText[language].channels),
      },
      { kind: "amount" },
      { kind: "payer" },
    ],
    columns: paymentColumns,
    sums: {
      read: (ctx, input, most) => sumPayments(ctx, input as Input<typeof contract.listPayments>, most), // by the query above
      text: ({ count, amount }, { language }) =>
        paymentsText[language].total(shillingFigure(count * 100), shillings(amount)),
    },
    href: ({ id }) => `payments/${id}`,
    acts: [matchAct, giveBack],
    empty: ({ language }) => <p>{paymentsText[language].empty}</p>,
  }),
  ...detailPages({
    subject: paymentSubject,
    roles: READERS,
    title: (row, { language }) => row.receipt ?? paymentsText[language].noReceipt,
    headline: (row) => shillings(row.amount),
    chip: (row, { language }) => <Chip kind="payment" status={row.status} language={language} />,
    facts: paymentFacts,
    acts,
    timeline: getPaymentTimeline,
    related: relatedOf,
    more: (row, visit) => row.status === "unmatched" ? <CaseNotes row={row} visit={visit} /> : null,
  }),
];
