import type { Services } from "../../context/services.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { abortIfUnchanged, first } from "../../db/query.ts";
import { isChallengeFor, isInTime, useChallenge } from "./challenge.ts";
import { openCredential, type PasskeyRow, selectByCredential, storePasskey, usedPasskey } from "./passkey-rows.ts";
import { type Assertion, challengeOf, verifyAssertion } from "./webauthn.ts";

/** What a passkey has signed, the passkey, and the statements that note its use: each challenge counts once. */
export interface PasskeyUse {
  readonly passkey: PasskeyRow;
  readonly challenge: string;
  readonly assertion: Assertion;
  readonly statements: readonly Statement[];
}

/** Verifies what a passkey has signed for a purpose. Null: it does not hold, is too old, or the passkey is not known. */
export async function verifyUse(
  services: Services,
  assertion: Assertion,
  purpose: readonly string[],
): Promise<PasskeyUse | null> {
  const challenge = challengeOf(assertion);
  if (!isChallengeFor(services, challenge, purpose) || !isInTime(services, challenge)) return null;
  const passkey = await first(services.db, selectByCredential(assertion.id));
  const credential = passkey === null ? null : await openCredential(services.vault, passkey);
  if (passkey === null || credential === null) return null;
  const verified = await verifyAssertion(services, assertion, { ...credential, counter: passkey.counter }, challenge);
  if (verified === null) return null;
  const after = usedPasskey(passkey, verified, services.clock.now());
  const statements = [useChallenge(challenge), storePasskey(after, passkey.id, passkey.version), abortIfUnchanged];
  return { passkey, challenge, assertion, statements };
}

/** Whether a batch failed because its challenge had been answered before. */
export const isReplay = (error: unknown): boolean =>
  error instanceof ConstraintError && error.kind === "unique" && error.rule.startsWith("used_challenges.");
