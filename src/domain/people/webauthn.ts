import { z } from "zod";
import type { Services } from "../../context/services.ts";
import { relyingParty } from "./relying-party.ts";

/* What a browser's passkey answers, and whether it holds. The library is loaded at the first passkey: it is large. */

/** Text that decodes: also one letter more than whole groups of four looks like base64url, and is none. */
const base64url = z.string().max(8_192).regex(/^[A-Za-z0-9_-]*$/).refine((text) => text.length % 4 !== 1);
const transports = z.array(z.enum(["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"])).max(10);

const registration = z.object({
  id: base64url,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: transports.optional().catch(undefined),
  }),
});

const assertion = z.object({
  id: base64url,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
  }),
});

/** What a passkey has signed. */
export type Assertion = z.infer<typeof assertion>;

/** A passkey's public half. */
export interface Credential {
  /** In base64url. */
  readonly id: string;
  /** In COSE, as base64url. */
  readonly publicKey: string;
}

export interface NewCredential extends Credential {
  readonly counter: number;
  readonly isBackedUp: boolean;
}

const MAX_TEXT = 20_000;

/** The assertion that the script has put into a form; null if it is none. */
export function readAssertion(text: unknown): Assertion | null {
  const read = assertion.safeParse(json(text));
  return read.success ? read.data : null;
}

function json(text: unknown): unknown {
  if (typeof text !== "string" || text.length > MAX_TEXT) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The challenge that was answered, as the browser says; the signature covers it. */
export function challengeOf({ response }: Assertion): string {
  const data = json(
    new TextDecoder().decode(Uint8Array.fromBase64(response.clientDataJSON, { alphabet: "base64url" })),
  );
  const read = z.object({ challenge: base64url }).safeParse(data);
  return read.success ? read.data.challenge : "";
}

/** Whether a credential has signed this challenge on a page of ours, with the person present and verified. */
export async function verifyAssertion(
  { config }: Pick<Services, "config">,
  { id, response }: Assertion,
  credential: Credential & { readonly counter: number },
  challenge: string,
): Promise<{ readonly counter: number; readonly isBackedUp: boolean } | null> {
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
  const party = relyingParty(config);
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { id, rawId: id, type: "public-key", response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: [...party.origins],
      expectedRPID: party.id,
      credential: {
        id: credential.id,
        publicKey: Uint8Array.fromBase64(credential.publicKey, { alphabet: "base64url" }),
        counter: credential.counter,
      },
    });
    if (!verified) return null;
    return { counter: authenticationInfo.newCounter, isBackedUp: authenticationInfo.credentialBackedUp };
  } catch {
    return null; // the library throws for each thing that does not fit
  }
}

/** The credential that the script has put into a form, if it was made for this challenge on a page of ours. */
export async function verifyRegistration(
  { config }: Pick<Services, "config">,
  text: unknown,
  isOurs: (challenge: string) => boolean,
): Promise<NewCredential | null> {
  const read = registration.safeParse(json(text));
  if (!read.success) return null;
  const { id, response } = read.data;
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
  const party = relyingParty(config);
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: "public-key",
        response: { clientDataJSON: response.clientDataJSON, attestationObject: response.attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: isOurs,
      expectedOrigin: [...party.origins],
      expectedRPID: party.id,
    });
    if (!verified) return null;
    const { credential, credentialBackedUp: isBackedUp } = registrationInfo;
    const publicKey = credential.publicKey.toBase64({ alphabet: "base64url", omitPadding: true });
    return { id: credential.id, publicKey, counter: credential.counter, isBackedUp };
  } catch {
    return null; // as above
  }
}
