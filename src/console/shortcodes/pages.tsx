import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import * as contract from "../../domain/shortcodes/contract.ts";
import type { ShortcodeView } from "../../domain/shortcodes/contract.ts";
import { listShortcodes } from "../../domain/shortcodes/read.ts";
import { route } from "../../http/operation.ts";
import type { Markup } from "../../pages/markup.ts";
import { Label } from "../kit/chip.tsx";
import { detailPages, type Fact } from "../kit/detail-page.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { phoneText, WhenLong } from "../kit/values.tsx";
import type { Look, Visit } from "../kit/visit.ts";
import { shortcodeActs, shortcodeSubject } from "./acts.tsx";
import { addressesPage } from "./addresses-page.tsx";
import { checkPage } from "./check-page.tsx";
import { newShortcodePage } from "./new-page.tsx";
import { LastMoney, Steps } from "./steps.tsx";
import { testPage } from "./test-page.tsx";
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
  { head: (look) => words(look).lastMoney, cell: (row, visit) => <LastMoney row={row} visit={visit} /> },
  { head: (look) => words(look).check, cell: (row, visit) => <Proof row={row} look={visit} />, card: "chip" },
];

function facts(row: ShortcodeView, visit: Visit): readonly Fact[] {
  const text = words(visit);
  const set = (isSet: boolean): string => isSet ? text.yes : text.notSet;
  return [
    { label: text.kind, value: text.kinds[row.kind] },
    { label: text.name, value: row.name },
    { label: text.isDefault, value: row.default ? text.yes : text.no },
    ...row.store === null ? [] : [{ label: text.shop, value: row.store }],
    ...row.store_number === null ? [] : [{ label: text.storeNumber, value: row.store_number }],
    ...row.kind === "paybill"
      ? [{ label: text.tariff, value: row.tariff === null ? text.notSet : text.tariffs[row.tariff] }]
      : [],
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
export function shortcodePages(kinds: ChangeKinds): readonly Page[] {
  const acts = shortcodeActs(kinds);
  return [
    listPage<ShortcodeView>({
      path: "shortcodes",
      roles: ROLES,
      nav: { name: "shortcodes", group: "setup", icon: "hash" },
      question: (look) => words(look).question,
      route: route(contract.listShortcodes, listShortcodes),
      filters: [],
      columns,
      href: ({ id }) => `shortcodes/${id}`,
      acts,
      create: (look) => words(look).create,
      empty: (visit) => <p>{words(visit).empty}</p>,
    }),
    newShortcodePage(kinds),
    ...detailPages<ShortcodeView>({
      subject: shortcodeSubject,
      roles: ROLES,
      title: ({ number }) => number,
      headline: ({ name }) => name,
      chip: (row, look) => <Proof row={row} look={look} />,
      facts,
      acts,
      more: (row, visit) => <Steps row={row} visit={visit} />,
    }),
    checkPage,
    addressesPage,
    testPage,
  ];
}
