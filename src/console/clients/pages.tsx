import * as contract from "../../domain/merchants/contract.ts";
import type { ClientView } from "../../domain/merchants/contract.ts";
import { getClient, listClients, revokeClient } from "../../domain/merchants/clients.ts";
import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import { cancelUnsent } from "../../domain/payouts/cancel-unsent.ts";
import { route } from "../../http/operation.ts";
import type { Act, Subject } from "../kit/act.ts";
import { Actor } from "../kit/actor.tsx";
import { Label } from "../kit/chip.tsx";
import { detailPages, type Fact } from "../kit/detail-page.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { When, WhenLong } from "../kit/values.tsx";
import type { Look, Visit } from "../kit/visit.ts";
import { createClientPage } from "./create.tsx";
import { rotateAct, rotateClientPage } from "./rotate.tsx";
import { clientsText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => clientsText[language];
const ROLES = ["admin"] as const;

const State = ({ row, look }: { row: ClientView; look: Look }) => (
  <Label icon={row.status === "active" ? "tick" : "dash"} word={words(look).states[row.status]} />
);

const columns: readonly Column<ClientView>[] = [
  { head: (look) => words(look).name, cell: ({ name }) => <span class="cut" title={name}>{name}</span>, card: "who" },
  {
    head: (look) => words(look).scopes,
    cell: ({ scopes }) => <span class="cut" title={scopes.join(" ")}>{scopes.join(", ")}</span>,
    card: "reason",
  },
  { head: (look) => words(look).owner, cell: (row, visit) => <Actor id={row.owner} visit={visit} /> },
  {
    head: (look) => words(look).lastUsed,
    cell: (row, visit) => <When at={row.last_used_at} look={visit} />,
    card: "time",
  },
  { head: (look) => look.text.status, cell: (row, visit) => <State row={row} look={visit} />, card: "chip" },
];

const subject: Subject<ClientView> = {
  path: "clients",
  table: "clients",
  load: (ctx, id) => getClient(ctx, { id }),
  summary: ({ name, id }) => (
    <>
      <b>{name}</b>
      <span class="id">{id}</span>
    </>
  ),
};

const revoke: Act<ClientView> = {
  name: "revoke",
  roles: ROLES,
  scopes: ["operator"],
  label: (look) => words(look).revoke,
  offered: ({ status }) => status === "active",
  isGrave: true,
  fields: (_row, look) => (
    <label class="choice">
      <input type="checkbox" name="cancel" value="1" />
      <span>{words(look).cancelToo}</span>
    </label>
  ),
  consequence: ({ name }, look) => words(look).revokeSays(name),
  run: (ctx, { id }, form) =>
    revokeClient(cancelUnsent)(ctx, { id, ...form.get("cancel") === "1" ? { payouts: "cancel" as const } : {} }),
  did: (look) => words(look).revoked,
};

const facts = (row: ClientView, visit: Visit): readonly Fact[] => [
  { label: words(visit).scopes, value: row.scopes.join(", ") },
  { label: words(visit).owner, value: <Actor id={row.owner} visit={visit} /> },
  { label: words(visit).lastUsed, value: <WhenLong at={row.last_used_at} look={visit} /> },
  ...row.previous_secret_until === null
    ? []
    : [{ label: words(visit).oldSecret, value: <When at={row.previous_secret_until} look={visit} /> }],
  { label: words(visit).made, value: <WhenLong at={row.created_at} look={visit} /> },
  ...row.revoked_at === null
    ? []
    : [{ label: words(visit).ended, value: <WhenLong at={row.revoked_at} look={visit} /> }],
];

/** Clients: which programs may act? */
export const clientPages = (kinds: ChangeKinds): readonly Page[] => [
  listPage<ClientView>({
    path: "clients",
    roles: ROLES,
    nav: { name: "clients", group: "setup", icon: "key" },
    question: (look) => words(look).question,
    route: route(contract.listClients, listClients),
    filters: [],
    columns,
    href: ({ id }) => `clients/${id}`,
    acts: [rotateAct, revoke],
    create: (look) => words(look).create,
    empty: (visit) => <p>{words(visit).empty}</p>,
  }),
  createClientPage(kinds),
  rotateClientPage,
  ...detailPages<ClientView>({
    subject,
    roles: ROLES,
    title: ({ name }) => name,
    headline: ({ name }) => name,
    chip: (row, look) => <State row={row} look={look} />,
    facts,
    acts: [rotateAct, revoke],
  }),
];
