import * as contract from "../../domain/reconciliations/contract.ts";
import type { ReconciliationDetail, ReconciliationView } from "../../domain/reconciliations/contract.ts";
import { getReconciliation, listReconciliations } from "../../domain/reconciliations/read.ts";
import { reverseReconciliation } from "../../domain/reconciliations/reverse-reconciliation.ts";
import { route } from "../../http/operation.ts";
import { shillingFigure } from "../../lib/shillings.ts";
import type { Act, Subject } from "../kit/act.ts";
import { Actor } from "../kit/actor.tsx";
import { Chip } from "../kit/chip.tsx";
import { shortcodeFilter, statusFilter } from "../kit/common-filters.ts";
import { detailPages, type Fact } from "../kit/detail-page.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { KEEPERS, READERS } from "../kit/roles.ts";
import { shortTime, When, WhenLong } from "../kit/values.tsx";
import { hrefOf, type Look, mayUse, type Visit } from "../kit/visit.ts";
import { Differences } from "./differences.tsx";
import { reconciliationText } from "./text.ts";
import { statementPage } from "./upload-page.tsx";

const words = ({ language }: Pick<Look, "language">) => reconciliationText[language];
const figure = (count: number): string => shillingFigure(count * 100);

const periodOf = ({ from, to }: ReconciliationView, look: Look): string =>
  `${shortTime(Date.parse(from), look)} – ${shortTime(Date.parse(to), look)}`;

const count = (
  head: "seen" | "same" | "added" | "differ" | "unreadable",
  field: "seen" | "matched" | "created" | "differing" | "unreadable",
): Column<ReconciliationView> => ({
  head: (look) => words(look)[head],
  cell: (row) => figure(row[field]),
  end: true,
  ...head === "differ" ? { card: "amount" as const } : {},
});

const columns: readonly Column<ReconciliationView>[] = [
  {
    head: (look) => words(look).run,
    cell: (row, visit) => <When at={row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  { head: (look) => look.text.shortcode, cell: ({ shortcode }) => shortcode, card: "who" },
  { head: (look) => words(look).source, cell: (row, visit) => words(visit).sources[row.source] },
  { head: (look) => words(look).period, cell: periodOf, card: "reason" },
  count("seen", "seen"),
  count("same", "matched"),
  count("added", "created"),
  count("differ", "differing"),
  count("unreadable", "unreadable"),
  {
    head: (look) => look.text.status,
    cell: (row, visit) => <Chip kind="reconciliation" status={row.status} language={visit.language} />,
    card: "chip",
  },
];

const subject: Subject<ReconciliationDetail> = {
  path: "reconciliation",
  table: "reconciliations",
  load: (ctx, id) => getReconciliation(ctx, { id }),
  summary: (row, visit) => (
    <>
      <b>{row.shortcode}</b>
      <span>{periodOf(row, visit)}</span>
    </>
  ),
};

/** Takes the payments of a statement out again, while nothing builds on them. */
const undoRun: Act<ReconciliationDetail> = {
  name: "undo",
  roles: KEEPERS,
  scopes: ["payments:write"],
  label: (look) => words(look).undo,
  offered: ({ source, status }) => source === "statement" && status === "completed",
  isGrave: true,
  consequence: (_row, look) => words(look).undoSays,
  run: (ctx, { id }) => reverseReconciliation(ctx, { id }),
  did: (look) => words(look).undone,
};

const facts = (row: ReconciliationDetail, visit: Visit): readonly Fact[] => [
  { label: words(visit).source, value: words(visit).sources[row.source] },
  { label: words(visit).period, value: periodOf(row, visit) },
  { label: words(visit).seen, value: figure(row.seen) },
  { label: words(visit).same, value: figure(row.matched) },
  { label: words(visit).added, value: figure(row.created) },
  { label: words(visit).differ, value: figure(row.differing) },
  ...row.problem === null ? [] : [{ label: words(visit).problem, value: row.problem }],
  { label: words(visit).startedBy, value: <Actor id={row.started_by} visit={visit} /> },
  { label: words(visit).run, value: <WhenLong at={row.created_at} look={visit} /> },
];

/** Reconciliation: do M-Pesa and we agree? */
export const reconciliationPages: readonly Page[] = [
  statementPage,
  listPage<ReconciliationView>({
    path: "reconciliation",
    roles: READERS,
    nav: { name: "reconciliation", group: "books", icon: "scale" },
    question: (look) => words(look).question,
    route: route(contract.listReconciliations, listReconciliations),
    filters: [statusFilter("reconciliation"), shortcodeFilter],
    columns,
    href: ({ id }) => `reconciliation/${id}`,
    empty: (visit) => <p>{words(visit).empty}</p>,
    aside: (visit) =>
      mayUse(visit, "payments:write")
        ? (
          <p>
            <a class="button" href={hrefOf(visit, "reconciliation/new")}>{words(visit).upload}</a>
          </p>
        )
        : null,
  }),
  ...detailPages<ReconciliationDetail>({
    subject,
    roles: READERS,
    title: (row) => row.shortcode,
    headline: (row, visit) => `${figure(row.differing)} · ${words(visit).differ}`,
    chip: (row, { language }) => <Chip kind="reconciliation" status={row.status} language={language} />,
    facts,
    acts: [undoRun],
    more: (row, visit) => <Differences row={row} visit={visit} />,
  }),
];
