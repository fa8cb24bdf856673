import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { endSessions, listSessions } from "./end-sessions.ts";
import { invitePerson } from "./invite-person.ts";
import { linkPerson } from "./link-person.ts";
import { getPerson, listPeople } from "./read.ts";
import { removePerson } from "./remove-person.ts";
import { updatePerson } from "./update-person.ts";

export const peopleRoutes: readonly Route[] = [
  route(contract.invitePerson, invitePerson),
  route(contract.listPeople, listPeople),
  route(contract.getPerson, getPerson),
  route(contract.updatePerson, updatePerson),
  route(contract.removePerson, removePerson),
  route(contract.linkPerson, linkPerson),
  route(contract.listSessions, listSessions),
  route(contract.endSessions, endSessions),
];
