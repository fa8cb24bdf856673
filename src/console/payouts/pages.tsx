import * as contract from "../../domain/payouts/contract.ts";
import type { PayoutView } from "../../domain/payouts/contract.ts";
import { listBatches } from "../../domain/payouts/list-batches.ts";
import { listPayouts, sumPayouts } from "../../domain/payouts/read.ts";
import { getPayoutTimeline } from "../../domain/timeline/read.ts";
import { type Input, route } from "../../http/operation.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import { Chip } from "../kit/chip.tsx";
import { statusFilter } from "../kit/common-filters.ts";
import { detailPages } from "../kit/detail-page.tsx";
import type { Filter } from "../kit/filters.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { PAYOUT_READERS } from "../kit/roles.ts";
import { shortTime } from "../kit/values.tsx";
import { askNow, cancelAct, confirmName } from "./acts.tsx";
import { payoutColumns } from "./columns.tsx";
import { approveAct, rejectAct } from "./decide.tsx";
import { payoutFacts, PayoutNotes, relatedOfPayout } from "./facts.tsx";
import { resolveAct } from "./resolve.ts";
import { payoutSubject } from "./subject.tsx";
import { payoutsText } from "./text.ts";

const acts = [approveAct, rejectAct, confirmName, askNow, resolveAct, cancelAct];
const RECENT_BATCHES = 20;

/** One of the latest batches, or the one that the address names. */
const batchFilter: Filter = {
  kind: "choice",
  name: "batch",
  label: ({ language }) => payoutsText[language].batch,
  options: async (visit) => {
    const { data } = await listBatches(visit.ctx, { limit: RECENT_BATCHES });
    const options = data.map(({ id, created_at, amount }) =>
      [id, `${shortTime(Date.parse(created_at), visit)}, ${shillings(amount)}`] as const
    );
    const asked = visit.url.searchParams.get("batch");
    return asked === null || asked === "" || options.some(([id]) => id === asked)
      ? options
      : [...options, [asked, asked] as const];
  },
};

/** Payouts: what went out? */
export const payoutPages: readonly Page[] = [
  listPage<PayoutView>({
    path: "payouts",
    roles: PAYOUT_READERS,
    nav: { name: "payouts", group: "out", icon: "outOf" },
    question: ({ language }) => payoutsText[language].question,
    route: route(contract.listPayouts, listPayouts),
    filters: [statusFilter("payout"), batchFilter, { kind: "amount" }, { kind: "payer" }],
    columns: payoutColumns,
    sums: {
      read: (ctx, input, most) => sumPayouts(ctx, input as Input<typeof contract.listPayouts>, most), // by the route above
      text: ({ count, amount }, { language }) =>
        payoutsText[language].total(shillingFigure(count * 100), shillings(amount)),
    },
    href: ({ id }) => `payouts/${id}`,
    acts,
    empty: ({ language }) => <p>{payoutsText[language].empty}</p>,
  }),
  ...detailPages({
    subject: payoutSubject,
    roles: PAYOUT_READERS,
    title: (row) => row.reference,
    headline: (row) => shillings(row.amount),
    chip: (row, { language }) => <Chip kind="payout" status={row.status} language={language} />,
    facts: payoutFacts,
    acts,
    timeline: getPayoutTimeline,
    related: relatedOfPayout,
    more: PayoutNotes,
  }),
];
