import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import * as contract from "../../domain/checkouts/contract.ts";
import { listCheckouts, sumCheckouts } from "../../domain/checkouts/read.ts";
import { getCheckoutTimeline } from "../../domain/timeline/read.ts";
import { type Input, route } from "../../http/operation.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import { Chip } from "../kit/chip.tsx";
import { shortcodeFilter, statusFilter } from "../kit/common-filters.ts";
import { detailPages } from "../kit/detail-page.tsx";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { READERS } from "../kit/roles.ts";
import { askNow, cancelAct, checkoutSubject, promptAgain } from "./acts.tsx";
import { checkoutColumns } from "./columns.tsx";
import { checkoutFacts, moreOfCheckout, relatedOfCheckout } from "./facts.tsx";
import { checkoutsText } from "./text.ts";

const acts = [promptAgain, askNow, cancelAct];

/** Checkouts: what did we ask for? */
export const checkoutPages: readonly Page[] = [
  listPage<CheckoutView>({
    path: "checkouts",
    roles: READERS,
    nav: { name: "checkouts", group: "in", icon: "cart" },
    question: ({ language }) => checkoutsText[language].question,
    route: route(contract.listCheckouts, listCheckouts),
    filters: [statusFilter("checkout"), shortcodeFilter, { kind: "amount" }, { kind: "payer" }],
    columns: checkoutColumns,
    sums: {
      read: (ctx, input, most) => sumCheckouts(ctx, input as Input<typeof contract.listCheckouts>, most), // by the route above
      text: ({ count, amount }, { language }) =>
        checkoutsText[language].total(shillingFigure(count * 100), shillings(amount)),
    },
    href: ({ id }) => `checkouts/${id}`,
    acts,
    empty: ({ language }) => <p>{checkoutsText[language].empty}</p>,
  }),
  ...detailPages({
    subject: checkoutSubject,
    roles: READERS,
    title: (row) => row.reference,
    headline: (row) => shillings(row.amount),
    chip: (row, { language }) => <Chip kind="checkout" status={row.status} language={language} />,
    facts: checkoutFacts,
    acts,
    timeline: getCheckoutTimeline,
    related: relatedOfCheckout,
    more: moreOfCheckout,
  }),
];
