import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import * as contract from "../../domain/people/contract.ts";
import type { PersonView } from "../../domain/people/contract.ts";
import { listPeople } from "../../domain/people/read.ts";
import { route } from "../../http/operation.ts";
import { detailPages } from "../kit/detail-page.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { proposing } from "../kit/proposing.ts";
import { When, WhenLong } from "../kit/values.tsx";
import type { Look, Visit } from "../kit/visit.ts";
import { personActs, personSubject } from "./acts.tsx";
import { InviteForm, invitePage, linkPage } from "./invite.tsx";
import { peopleText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => peopleText[language];

const rolesText = (row: PersonView, look: Look): string =>
  row.roles.map((role) => words(look).roles[role].split(":")[0]).join(", ");

const columns: readonly Column<PersonView>[] = [
  {
    head: (look) => words(look).name,
    cell: (row) => <span class="cut" title={row.name}>{row.name}</span>,
    card: "who",
  },
  {
    head: (look) => words(look).email,
    cell: (row) => <span class="cut" title={row.email}>{row.email}</span>,
    card: "reason",
  },
  {
    head: (look) => words(look).role,
    cell: rolesText,
    card: "amount",
  },
  { head: (look) => words(look).passkeys, cell: (row) => String(row.passkeys), end: true },
  {
    head: (look) => words(look).lastSeen,
    cell: (row, visit) => <When at={row.last_seen_at} look={visit} />,
    card: "time",
  },
  { head: (look) => look.text.status, cell: (row, visit) => words(visit).statuses[row.status], card: "chip" },
];

const Invite = ({ visit }: { visit: Visit }) => (
  <section class="card narrow">
    <h2>{words(visit).invite}</h2>
    <InviteForm visit={visit} form={new FormData()} errors={[]} />
  </section>
);

/** People: who may act? */
export function peoplePages(kinds: ChangeKinds): readonly Page[] {
  const acts = personActs(proposing(kinds, contract.updatePerson));
  return [
    listPage<PersonView>({
      path: "people",
      roles: ["admin"],
      nav: { name: "people", group: "setup", icon: "person" },
      question: (look) => words(look).question,
      route: route(contract.listPeople, listPeople),
      filters: [],
      columns,
      href: ({ id }) => `people/${id}`,
      acts,
      aside: (visit) => <Invite visit={visit} />,
      empty: (visit) => <p>{words(visit).empty}</p>,
    }),
    invitePage(proposing(kinds, contract.invitePerson)),
    linkPage,
    ...detailPages<PersonView>({
      subject: personSubject,
      roles: ["admin"],
      title: ({ name }) => name,
      headline: ({ name }) => name,
      chip: (row, visit) => words(visit).statuses[row.status],
      facts: (row, visit) => [
        { label: words(visit).email, value: row.email },
        { label: words(visit).role, value: rolesText(row, visit) },
        { label: words(visit).passkeys, value: String(row.passkeys) },
        { label: words(visit).lastSeen, value: <WhenLong at={row.last_seen_at} look={visit} /> },
      ],
      acts,
    }),
  ];
}
