import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import { proposable } from "../../domain/change-requests/propose.ts";
import * as contract from "../../domain/people/contract.ts";
import type { PersonView } from "../../domain/people/contract.ts";
import { listPeople } from "../../domain/people/read.ts";
import { type Operation, type Route, route } from "../../http/operation.ts";
import { actPages } from "../kit/act-page.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { When } from "../kit/values.tsx";
import { hrefOf, type Look, type Visit } from "../kit/visit.ts";
import { personActs, personSubject } from "./acts.tsx";
import { invitePage, linkPage } from "./invite.tsx";
import { peopleText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => peopleText[language];

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
    cell: (row, visit) => row.roles.map((role) => words(visit).roles[role].split(":")[0]).join(", "),
    card: "amount",
  },
  { head: (look) => words(look).passkeys, cell: (row) => String(row.passkeys), end: true },
  {
    head: (look) => words(look).lastSeen,
    cell: (row, visit) => <When at={row.last_seen_at} look={visit} />,
    card: "time",
  },
  { head: (look) => look.text.status, cell: (row, visit) => <Status row={row} visit={visit} />, card: "chip" },
];

const Status = ({ row, visit }: { row: PersonView; visit: Visit }) => (
  <>
    {words(visit).statuses[row.status]}
    {row.status === "invited" && row.invited_by === visit.viewer.person.id && (
      <>
        {" · "}
        <a href={hrefOf(visit, `people/${row.id}/link`)}>{words(visit).newLink}</a>
      </>
    )}
  </>
);

const Invite = ({ visit }: { visit: Visit }) => (
  <p>
    <a class="button" href={hrefOf(visit, "people/invite")}>{words(visit).invite}</a>
  </p>
);

/** The route of an operation that is proposed first where it has to be. */
function proposing(kinds: ChangeKinds, { id }: Pick<Operation, "id">): Route {
  const kind = kinds.get(id);
  if (kind === undefined) throw new Error(`${id} is no change that is proposed`);
  return proposable(kind.route, kind);
}

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
      acts,
      aside: (visit) => <Invite visit={visit} />,
      empty: (visit) => <p>{words(visit).empty}</p>,
    }),
    invitePage(proposing(kinds, contract.invitePerson)),
    linkPage,
    ...actPages(personSubject, acts),
  ];
}
