import * as contract from "../../domain/payouts/batch-contract.ts";
import type { BatchView, ListedBatchView } from "../../domain/payouts/batch-contract.ts";
import { listBatches } from "../../domain/payouts/list-batches.ts";
import { route } from "../../http/operation.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import { Actor } from "../kit/actor.tsx";
import { Chip } from "../kit/chip.tsx";
import { detailPages, type Fact } from "../kit/detail-page.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { PAYOUT_READERS } from "../kit/roles.ts";
import { Money, When, WhenLong } from "../kit/values.tsx";
import { hrefOf, type Look, mayUse, type Visit } from "../kit/visit.ts";
import { approveBatchAct, rejectBatchAct } from "./decide.tsx";
import { BatchParts } from "./parts.tsx";
import { batchSubject } from "./subject.tsx";
import { batchesText } from "./text.ts";
import { uploadPage } from "./upload-page.tsx";

const words = ({ language }: Look) => batchesText[language];
const figure = (count: number): string => shillingFigure(count * 100);

type Counted = Pick<ListedBatchView, "counts">;
const waitingOf = ({ counts }: Counted): number => (counts.awaiting_approval ?? 0) + (counts.in_doubt ?? 0);

const columns: readonly Column<ListedBatchView>[] = [
  {
    head: (look) => words(look).time,
    cell: (row, visit) => <When at={row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  { head: (look) => words(look).name, cell: (row, visit) => words(visit).title(figure(row.total)), card: "who" },
  {
    head: (look) => words(look).sum,
    cell: (row, visit) => <Money cents={row.amount} look={visit} bare />,
    end: true,
    card: "amount",
  },
  { head: (look) => words(look).paidOut, cell: ({ counts }) => figure(counts.succeeded ?? 0), end: true },
  { head: (look) => words(look).needsPerson, cell: (row) => figure(waitingOf(row)), end: true },
  {
    head: (look) => words(look).madeBy,
    cell: (row, visit) => <Actor id={row.created_by} visit={visit} />,
    card: "reason",
  },
  {
    head: (look) => look.text.status,
    cell: (row, visit) => <Chip kind="batch" status={row.status} language={visit.language} />,
    card: "chip",
  },
];

function UploadLink({ visit }: { visit: Visit }) {
  if (!mayUse(visit, "payouts:write")) return null;
  return (
    <p>
      <a class="button" href={hrefOf(visit, "batches/new")}>{batchesText[visit.language].upload}</a>
    </p>
  );
}

const facts = (row: BatchView, visit: Visit): readonly Fact[] => [
  { label: words(visit).rows, value: figure(row.total) },
  { label: words(visit).needsPerson, value: figure(waitingOf(row)) },
  { label: words(visit).madeBy, value: <Actor id={row.created_by} visit={visit} /> },
  { label: words(visit).made, value: <WhenLong at={row.created_at} look={visit} /> },
];

/** Batches: many payouts at once. */
export const batchPages: readonly Page[] = [
  uploadPage,
  listPage<ListedBatchView>({
    path: "batches",
    roles: PAYOUT_READERS,
    nav: { name: "batches", group: "out", icon: "layers" },
    question: ({ language }) => batchesText[language].question,
    route: route(contract.listBatches, listBatches),
    filters: [{ kind: "amount" }],
    columns,
    href: ({ id }) => `batches/${id}`,
    empty: (visit) => <p>{batchesText[visit.language].empty}</p>,
    aside: (visit) => <UploadLink visit={visit} />,
  }),
  ...detailPages<BatchView>({
    subject: batchSubject,
    roles: PAYOUT_READERS,
    title: (row, visit) => words(visit).title(figure(row.total)),
    headline: (row) => shillings(row.amount),
    chip: (row, { language }) => <Chip kind="batch" status={row.status} language={language} />,
    facts,
    acts: [approveBatchAct, rejectBatchAct],
    more: (row, visit) => <BatchParts row={row} visit={visit} />,
  }),
];
