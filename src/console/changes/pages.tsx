import * as contract from "../../domain/change-requests/contract.ts";
import type { ChangeRequestView } from "../../domain/change-requests/contract.ts";
import { rejectChange } from "../../domain/change-requests/decide.ts";
import { getChangeRequest, listChangeRequests } from "../../domain/change-requests/read.ts";
import { route } from "../../http/operation.ts";
import type { Act, LinkedAct, Subject } from "../kit/act.ts";
import { Actor } from "../kit/actor.tsx";
import { Chip } from "../kit/chip.tsx";
import { statusFilter } from "../kit/common-filters.ts";
import { detailPages, type Fact } from "../kit/detail-page.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { When, WhenLong } from "../kit/values.tsx";
import type { Look, Visit } from "../kit/visit.ts";
import { ReasonField, rejectionReason } from "../payouts/decide.tsx";
import { signHref } from "../signing/sign-page.tsx";
import { changesText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => changesText[language];
const ROLES = ["admin"] as const;

const isMine = ({ proposed_by }: ChangeRequestView, { viewer }: Visit): boolean => proposed_by === viewer.person.id;

const subject: Subject<ChangeRequestView> = {
  path: "changes",
  table: "change_requests",
  load: (ctx, id) => getChangeRequest(ctx, { id }),
  summary: (row) => <b>{row.summary}</b>,
};

/** Lets a change apply: another person than its maker signs it. */
const confirm: LinkedAct<ChangeRequestView> = {
  name: "confirm",
  roles: ["admin"],
  scopes: ["operator"],
  label: (look) => words(look).confirm,
  offered: (row, visit) => row.status === "proposed" && !isMine(row, visit),
  href: ({ id }, visit) => signHref(visit, "changes", id),
};

const endIt = (
  name: "withdraw" | "reject",
  isOf: (row: ChangeRequestView, visit: Visit) => boolean,
): Act<ChangeRequestView> => ({
  name,
  roles: ["admin"],
  scopes: ["operator"],
  label: (look) => words(look)[name],
  offered: (row, visit) => row.status === "proposed" && isOf(row, visit),
  isGrave: true,
  fields: (_row, visit, form) => ReasonField(visit, form),
  consequence: (_row, look) => words(look).withdrawSays,
  run: (ctx, { id }, form) => rejectChange(ctx, { id, reason: rejectionReason(form) }),
  did: (look) => words(look)[name === "withdraw" ? "withdrawn" : "rejected"],
});

const acts = [confirm, endIt("reject", (row, visit) => !isMine(row, visit)), endIt("withdraw", isMine)];

const columns: readonly Column<ChangeRequestView>[] = [
  {
    head: (look) => words(look).time,
    cell: (row, visit) => <When at={row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  { head: (look) => words(look).what, cell: ({ summary }) => summary, card: "who" },
  {
    head: (look) => words(look).proposedBy,
    cell: (row, visit) => <Actor id={row.proposed_by} visit={visit} />,
    card: "reason",
  },
  { head: (look) => words(look).takesEffect, cell: (row, visit) => <When at={row.applies_at} look={visit} /> },
  {
    head: (look) => look.text.status,
    cell: (row, visit) => <Chip kind="change" status={row.status} language={visit.language} />,
    card: "chip",
  },
];

/** The changed fields, each as a fact. Secrets are never among them. */
const fieldsOf = (label: string, fields: Readonly<Record<string, unknown>> | null): readonly Fact[] =>
  Object.entries(fields ?? {}).map(([name, value]) => ({
    label: `${label}: ${name}`,
    value: typeof value === "string" ? value : JSON.stringify(value),
  }));

const facts = (row: ChangeRequestView, visit: Visit): readonly Fact[] => [
  ...fieldsOf(words(visit).before, row.before),
  ...fieldsOf(words(visit).after, row.after),
  { label: words(visit).proposedBy, value: <Actor id={row.proposed_by} visit={visit} /> },
  { label: words(visit).takesEffect, value: <WhenLong at={row.applies_at} look={visit} /> },
  ...row.decided_by === null
    ? []
    : [{ label: words(visit).decidedBy, value: <Actor id={row.decided_by} visit={visit} /> }],
  ...row.reason === null ? [] : [{ label: words(visit).reason, value: row.reason }],
];

/** Changes: what waits for a second person? */
export const changePages: readonly Page[] = [
  listPage<ChangeRequestView>({
    path: "changes",
    roles: ROLES,
    nav: { name: "changes", group: "setup", icon: "swap" },
    question: (look) => words(look).question,
    route: route(contract.listChangeRequests, listChangeRequests),
    filters: [statusFilter("change")],
    columns,
    href: ({ id }) => `changes/${id}`,
    acts,
    empty: (visit) => <p>{words(visit).empty}</p>,
  }),
  ...detailPages<ChangeRequestView>({
    subject,
    roles: ROLES,
    title: (_row, visit) => words(visit).title,
    headline: (row) => row.summary,
    chip: (row, { language }) => <Chip kind="change" status={row.status} language={language} />,
    facts,
    acts,
    more: (row, visit) =>
      row.status === "proposed" && isMine(row, visit) ? <p class="note">{words(visit).own}</p> : null,
  }),
];
