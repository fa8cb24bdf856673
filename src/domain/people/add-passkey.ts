import type { Services } from "../../context/services.ts";
import { ConstraintError } from "../../db/database.ts";
import { auditEntry, type Author } from "../../db/trail.ts";
import { isChallengeFor, isInTime, newChallenge, useChallenge } from "./challenge.ts";
import { insertPasskey, newPasskey, type PasskeyRow } from "./passkey-rows.ts";
import { verifyRegistration } from "./webauthn.ts";

/** Who adds a passkey: the challenge is of their session only. */
interface Owner {
  readonly personId: string;
  readonly sessionId: string;
}

const purposeOf = ({ personId, sessionId }: Owner): readonly string[] => ["add-passkey", personId, sessionId];

export const addingChallenge = (services: Services, owner: Owner): string => newChallenge(services, purposeOf(owner));

/** Adds a passkey to the person who is signed in. Null: what the browser sent does not hold, or was sent before. */
export async function addPasskey(
  services: Services,
  author: Author,
  owner: Owner,
  { text, name }: { readonly text: unknown; readonly name: string },
): Promise<PasskeyRow | null> {
  let answered = "";
  const credential = await verifyRegistration(services, text, (challenge) => {
    answered = challenge;
    return isChallengeFor(services, challenge, purposeOf(owner)) && isInTime(services, challenge);
  });
  if (credential === null) return null;
  const row = await newPasskey(services, owner.personId, name, credential);
  try {
    await services.db.write([
      useChallenge(answered),
      insertPasskey(row),
      auditEntry(author, "passkey.added", row.id, { person: owner.personId }),
    ]);
  } catch (error) {
    if (error instanceof ConstraintError && error.kind === "unique") return null; // sent before, or already a passkey here
    throw error;
  }
  return row;
}
