import type { Services } from "../../context/services.ts";
import { first } from "../../db/query.ts";
import { isConflict } from "../../db/retry.ts";
import { newChallenge } from "./challenge.ts";
import { newSession, type Visit } from "./sessions.ts";
import { type PersonRow, selectPerson } from "./store.ts";
import { isReplay, verifyUse } from "./use-passkey.ts";
import { readAssertion } from "./webauthn.ts";

const PURPOSE = ["sign-in"] as const;

/** The challenge of a sign-in page. */
export const signInChallenge = (services: Services): string => newChallenge(services, PURPOSE);

/**
 * Begins a session for whom a passkey belongs to. Null, without a reason: the passkey is not known, its person was
 * removed, or what it signed does not hold or was sent before.
 */
export async function signInByPasskey(
  services: Services,
  text: unknown,
  visit: Visit,
): Promise<{ readonly token: string; readonly person: PersonRow } | null> {
  const assertion = readAssertion(text);
  const use = assertion === null ? null : await verifyUse(services, assertion, PURPOSE);
  const person = use === null ? null : await first(services.db, selectPerson(use.passkey.person_id));
  if (use === null || person === null || person.status !== "active") return null;
  const session = newSession(services, person, "passkey", visit);
  try {
    await services.db.write([...use.statements, ...session.statements]);
  } catch (error) {
    if (isReplay(error) || isConflict(error)) return null;
    throw error;
  }
  return { token: session.token, person };
}
