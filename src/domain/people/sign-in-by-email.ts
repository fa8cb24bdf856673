import type { Services } from "../../context/services.ts";
import { ConstraintError } from "../../db/database.ts";
import { abortIfUnchanged, first, rows } from "../../db/query.ts";
import { isChallengeFor, isInTime, newChallenge, useChallenge } from "./challenge.ts";
import { newSession, type Visit } from "./sessions.ts";
import { type PersonRow, rolesOf, selectByEmailAnywhere, selectPerson, storePerson } from "./store.ts";

/** Whom an issuer that verifies e-mail addresses can sign in: nobody who reaches every merchant. */
export async function peopleOf({ db, vault }: Services, email: string): Promise<readonly PersonRow[]> {
  const [found] = await rows(db, selectByEmailAnywhere(vault, email));
  return found.filter((row) => !rolesOf(row).includes("platform"));
}

const purposeOf = (personId: string): readonly string[] => ["sign-in-by-email", personId];

/** What says, for five minutes and once, that the issuer has named this person. */
export const emailTicket = (services: Services, personId: string): string =>
  newChallenge(services, purposeOf(personId));

/** Begins a session for whom a ticket names; who was invited becomes active. Null: it does not hold, or no longer. */
export async function signInByTicket(
  services: Services,
  personId: string,
  ticket: string,
  visit: Visit,
): Promise<{ readonly token: string; readonly person: PersonRow } | null> {
  if (!isChallengeFor(services, ticket, purposeOf(personId)) || !isInTime(services, ticket)) return null;
  const person = await first(services.db, selectPerson(personId));
  if (person === null || person.status === "removed") return null;
  const active: PersonRow = {
    ...person,
    status: "active",
    updated_at: services.clock.now(),
    version: person.version + 1,
  };
  const joining = person.status === "active" ? [] : [storePerson(active, person.id, person.version), abortIfUnchanged];
  const session = newSession(services, person, "oidc", visit);
  try {
    await services.db.write([useChallenge(ticket), ...joining, ...session.statements]);
  } catch (error) {
    if (error instanceof ConstraintError) return null; // the ticket was used, or the person was changed meanwhile
    throw error;
  }
  return { token: session.token, person: active };
}
