import type { PersonView } from "../../domain/people/contract.ts";
import { endSessions } from "../../domain/people/end-sessions.ts";
import { getPerson } from "../../domain/people/read.ts";
import { removePerson } from "../../domain/people/remove-person.ts";
import type { Route } from "../../http/operation.ts";
import type { Act, LinkedAct, Offer, Subject } from "../kit/act.ts";
import { hrefOf, type Look } from "../kit/visit.ts";
import { RoleField, rolesIn } from "./role-field.tsx";
import { peopleText } from "./text.ts";

const wordsOf = ({ language }: Pick<Look, "language">) => peopleText[language];

/** What the acts on people are about. */
export const personSubject: Subject<PersonView> = {
  path: "people",
  table: "people",
  load: (ctx, id) => getPerson(ctx, { id }),
  summary: (row) => (
    <>
      <b>{row.name}</b>
      <span class="soft">{row.email}</span>
    </>
  ),
};

const base = { roles: ["admin"], scopes: ["operator"] } as const;
const isHere = (row: PersonView): boolean => row.status !== "removed";

/** Gives other roles. `update`: the operation, which proposes what needs a second person. */
const changeRole = (update: Route): Act<PersonView> => ({
  ...base,
  name: "role",
  label: (look) => wordsOf(look).changeRole,
  offered: isHere,
  fields: (row, visit, form) => {
    const typed = rolesIn(form);
    return <RoleField text={wordsOf(visit)} chosen={typed.length > 0 ? typed : row.roles} />;
  },
  consequence: (_, visit) => wordsOf(visit).roleChanges,
  run: (ctx, { id }, form) => update.run(ctx, { id, roles: rolesIn(form) }),
  did: (look) => wordsOf(look).roleChanged,
});

const end: Act<PersonView> = {
  ...base,
  name: "end-sessions",
  label: (look) => wordsOf(look).end,
  offered: (row) => row.status === "active",
  consequence: (_, visit) => wordsOf(visit).endSays,
  run: (ctx, { id }) => endSessions(ctx, { id }),
  did: (look) => wordsOf(look).ended,
};

const remove: Act<PersonView> = {
  ...base,
  name: "remove",
  label: (look) => wordsOf(look).remove,
  offered: isHere,
  consequence: (_, visit) => wordsOf(visit).removeSays,
  isGrave: true,
  run: (ctx, { id }) => removePerson(ctx, { id }),
  did: (look) => wordsOf(look).removed,
};

/** Who has invited somebody gives them the link. */
const newLink: LinkedAct<PersonView> = {
  ...base,
  name: "link",
  label: (look) => wordsOf(look).newLink,
  offered: (row, { viewer }) => row.status === "invited" && row.invited_by === viewer.person.id,
  href: ({ id }, visit) => hrefOf(visit, `people/${id}/link`),
};

/** What an admin does with a person. */
export const personActs = (update: Route): readonly Offer<PersonView>[] => [changeRole(update), newLink, end, remove];
