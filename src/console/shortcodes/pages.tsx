import * as contract from "../../domain/shortcodes/contract.ts";
import type { ShortcodeView } from "../../domain/shortcodes/contract.ts";
import { getShortcode, listShortcodes } from "../../domain/shortcodes/read.ts";
import { route } from "../../http/operation.ts";
import type { Markup } from "../../pages/markup.ts";
import type { LinkedAct, Subject } from "../kit/act.ts";
import { Label } from "../kit/chip.tsx";
import { detailPages, type Fact } from "../kit/detail-page.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { phoneText, WhenLong } from "../kit/values.tsx";
import { hrefOf, type Look, type Visit } from "../kit/visit.ts";
import { checkPage } from "./check-page.tsx";
import { shortcodesText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => shortcodesText[language];
const ROLES = ["admin", "platform"] as const;

const Proof = ({ row, look }: { row: ShortcodeView; look: Look }): Markup =>
  row.proven_at === null
    ? <Label icon="alert" word={words(look).notProven} />
    : <Label icon="tick" word={words(look).proven} />;

const columns: readonly Column<ShortcodeView>[] = [
  { head: (look) => words(look).number, cell: ({ number }) => number, card: "who" },
  { head: (look) => words(look).kind, cell: (row, visit) => words(visit).kinds[row.kind], card: "time" },
  {
    head: (look) => words(look).name,
    cell: ({ name }) => <span class="cut" title={name}>{name}</span>,
    card: "reason",
  },
  { head: (look) => words(look).isDefault, cell: (row, visit) => row.default ? words(visit).yes : "" },
  { head: (look) => words(look).check, cell: (row, visit) => <Proof row={row} look={visit} />, card: "chip" },
];

const subject: Subject<ShortcodeView> = {
  path: "shortcodes",
  table: "shortcodes",
  load: (ctx, id) => getShortcode(ctx, { id }),
  summary: ({ number }) => <b>{number}</b>,
};

const check: LinkedAct<ShortcodeView> = {
  name: "check",
  roles: ["admin"],
  scopes: ["shortcodes:write"],
  label: (look) => words(look).check,
  offered: () => true,
  href: ({ id }, visit) => hrefOf(visit, `shortcodes/${id}/check`),
};

function facts(row: ShortcodeView, visit: Visit): readonly Fact[] {
  const text = words(visit);
  const set = (isSet: boolean): string => isSet ? text.yes : text.notSet;
  return [
    { label: text.kind, value: text.kinds[row.kind] },
    { label: text.name, value: row.name },
    { label: text.isDefault, value: row.default ? text.yes : text.no },
    ...row.store_number === null ? [] : [{ label: text.storeNumber, value: row.store_number }],
    ...row.kind === "paybill" ? [{ label: text.tariff, value: row.tariff ?? text.notSet }] : [],
    { label: text.passkey, value: set(row.has_passkey) },
    { label: text.initiator, value: set(row.has_initiator) },
    {
      label: text.urls,
      value: row.urls === null ? text.notRegistered : <WhenLong at={row.urls.registered_at} look={visit} />,
    },
    { label: text.pulled, value: row.nominated_number === null ? text.notSet : phoneText(row.nominated_number) },
    { label: text.saved, value: <WhenLong at={row.created_at} look={visit} /> },
  ];
}

/** Shortcodes: is my paybill set up? */
export const shortcodePages: readonly Page[] = [
  listPage<ShortcodeView>({
    path: "shortcodes",
    roles: ROLES,
    nav: { name: "shortcodes", group: "setup", icon: "hash" },
    question: (look) => words(look).question,
    route: route(contract.listShortcodes, listShortcodes),
    filters: [],
    columns,
    href: ({ id }) => `shortcodes/${id}`,
    acts: [check],
    empty: (visit) => <p>{words(visit).empty}</p>,
  }),
  ...detailPages<ShortcodeView>({
    subject,
    roles: ROLES,
    title: ({ number }) => number,
    headline: ({ name }) => name,
    chip: (row, look) => <Proof row={row} look={look} />,
    facts,
    acts: [check],
  }),
  checkPage,
];
