import type { InferSelectModel } from "drizzle-orm";
import type { Context } from "../../context/context.ts";
import type { Services } from "../../context/services.ts";
import type { Signature, Signed } from "../../context/signature.ts";
import { isId, newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, type Query, select } from "../../db/query.ts";
import { signatures } from "../../db/schema.ts";
import { Problem } from "../../problems/problem.ts";
import { isChallengeFor, newChallenge, wasAnswered } from "./challenge.ts";
import { openCredential, selectPasskey } from "./passkey-rows.ts";
import { verifyUse } from "./use-passkey.ts";
import { challengeOf, readAssertion, verifyAssertion } from "./webauthn.ts";

/* People sign what they approve (ADR 0040). The challenge that the passkey signs says who approves what. */

export type SignatureRow = InferSelectModel<typeof signatures>;

const insertSignature = insert(signatures);
export const signaturesOf: (subjectId: string, batchId: string) => Query<SignatureRow> = select(
  signatures,
  "WHERE subject_id IN (?, ?) ORDER BY id",
);

const base64url = { alphabet: "base64url", omitPadding: true } as const;
const bytes = (text: string): Uint8Array => Uint8Array.fromBase64(text, base64url);
const text = (value: Uint8Array): string => value.toBase64(base64url);

const purposeOf = (personId: string, { action, subjectId, digest }: Signed): readonly string[] => [
  "sign",
  personId,
  action,
  subjectId,
  digest,
];

/** The challenge of a page on which a person agrees to something. */
export const signingChallenge = (
  services: Pick<Services, "digests" | "clock">,
  personId: string,
  signed: Signed,
): string => newChallenge(services, purposeOf(personId, signed));

/** What the script has put into the form, if this person's passkey has signed just that. Null: it does not hold. */
export async function takeSignature(
  services: Services,
  personId: string,
  signed: Signed,
  form: unknown,
): Promise<Signature | null> {
  const assertion = readAssertion(form);
  const use = assertion === null ? null : await verifyUse(services, assertion, purposeOf(personId, signed));
  if (use === null || use.passkey.person_id !== personId) return null;
  const { clientDataJSON, authenticatorData, signature } = use.assertion.response;
  return {
    ...signed,
    personId,
    passkeyId: use.passkey.id,
    challenge: use.challenge,
    clientData: clientDataJSON,
    authenticatorData,
    signature,
    use: use.statements,
  };
}

/** Whether this very form has been sent before, and what it signs is done. */
export async function isDoneAlready(
  services: Services,
  personId: string,
  signed: Signed,
  form: unknown,
): Promise<boolean> {
  const assertion = readAssertion(form);
  if (assertion === null) return false;
  const challenge = challengeOf(assertion);
  return isChallengeFor(services, challenge, purposeOf(personId, signed)) && await wasAnswered(services, challenge);
}

/** Whether an actor is a person: they sign what they approve. Programs can't. */
export const isPerson = (actor: string): boolean => isId("per", actor);

/**
 * Statements that store what a person has signed, for the batch of the decision; none where a client decides. `covers`: the
 * digests of the payouts of a batch. Errors: `signature_required`, `payout_changed` where something else was signed than is
 * decided now.
 */
export function requireSigned(ctx: Context, signed: Signed, covers: readonly string[] = []): readonly Statement[] {
  if (!isPerson(ctx.actor)) return [];
  const { signature } = ctx;
  if (signature === undefined || signature.personId !== ctx.actor) {
    throw new Problem("signature_required", "A person signs this by passkey, in the console. Programs use a client.");
  }
  if (signature.action !== signed.action || signature.subjectId !== signed.subjectId) {
    throw new Problem("signature_required", "What was signed is something else than this.");
  }
  if (signature.digest !== signed.digest) {
    throw new Problem(
      "payout_changed",
      "This changed after it was shown. Nothing was done. Look again, and sign anew.",
    );
  }
  return [
    ...signature.use,
    insertSignature({
      id: newId("sgn"),
      merchant_id: ctx.merchantId,
      person_id: signature.personId,
      passkey_id: signature.passkeyId,
      action: signed.action,
      subject_id: signed.subjectId,
      digest: signed.digest,
      covers: [...covers],
      challenge: bytes(signature.challenge),
      client_data: bytes(signature.clientData),
      authenticator_data: bytes(signature.authenticatorData),
      signature: bytes(signature.signature),
      created_at: ctx.clock.now(),
    }),
  ];
}

/** Whether a stored signature still holds: its challenge is ours for just that, and the person's passkey has signed it. */
export async function holds(services: Services, row: SignatureRow): Promise<boolean> {
  const challenge = text(row.challenge);
  const { action, subject_id: subjectId, digest } = row;
  const purpose = ["sign", row.person_id, action, subjectId, digest];
  if (!isChallengeFor(services, challenge, purpose)) return false;
  const passkey = await first(services.db, selectPasskey(row.passkey_id));
  if (passkey === null || passkey.person_id !== row.person_id) return false;
  const credential = await openCredential(services.vault, passkey);
  if (credential === null) return false;
  const response = {
    clientDataJSON: text(row.client_data),
    authenticatorData: text(row.authenticator_data),
    signature: text(row.signature),
  };
  // counted when it was made, so any count is right now
  return await verifyAssertion(services, { id: credential.id, response }, { ...credential, counter: 0 }, challenge) !==
    null;
}
