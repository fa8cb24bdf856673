import type { Services } from "../../context/services.ts";
import { rows } from "../../db/query.ts";
import { openCredential, passkeysOf } from "../../domain/people/passkey-rows.ts";
import { relyingParty } from "../../domain/people/relying-party.ts";

/* What the browser is asked for, as JSON in the form; the script makes bytes of it (WebAuthn level 3). */

const TIMEOUT_MS = 120_000;
/** EdDSA, ES256 and RS256: what authenticators have. */
const ALGORITHMS = [-8, -7, -257];

const base64urlOf = (text: string): string =>
  new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });

interface Known {
  readonly type: "public-key";
  readonly id: string;
}

/** The passkeys of a person, for the browser to find. */
export async function knownPasskeys({ db, vault }: Services, personId: string): Promise<readonly Known[]> {
  const [found] = await rows(db, passkeysOf(personId));
  const credentials = await Promise.all(found.map((row) => openCredential(vault, row)));
  return credentials.flatMap((credential) => credential === null ? [] : [{ type: "public-key", id: credential.id }]);
}

/** Asks for a signature. Without `known` the browser offers every passkey that it has for us. */
export const signOptions = ({ config }: Services, challenge: string, known: readonly Known[] = []): string =>
  JSON.stringify({
    challenge,
    rpId: relyingParty(config).id,
    allowCredentials: known,
    userVerification: "required",
    timeout: TIMEOUT_MS,
  });

/** Asks for a new passkey that signs in without an e-mail address being typed. */
export const createOptions = (
  { config }: Services,
  challenge: string,
  person: { readonly id: string; readonly email: string; readonly name: string },
  known: readonly Known[],
): string =>
  JSON.stringify({
    challenge,
    rp: { id: relyingParty(config).id, name: "Malipo" },
    user: { id: base64urlOf(person.id), name: person.email, displayName: person.name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: known,
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    attestation: "none",
    timeout: TIMEOUT_MS,
  });
