import type { Context } from "../../context/context.ts";
import { securityCredential } from "../../daraja/credential.ts";
import { invalidField } from "../../problems/problem.ts";
import type { Credentials } from "../../context/shortcode.ts";
import { credentialsPlace, pullPhonePlace } from "./lookup.ts";

export const SECRET_NAMES = [
  "consumer_key",
  "consumer_secret",
  "passkey",
  "initiator_name",
  "initiator_password",
  "security_credential",
  "certificate",
] as const;

type GivenSecrets = { readonly [K in typeof SECRET_NAMES[number]]?: string | null | undefined };

/** Merges the secrets of a request into the stored ones; null removes a secret. `changed` names those in the request. */
export function mergeSecrets(
  known: Partial<Credentials>,
  given: GivenSecrets,
): { secrets: Credentials; changed: string[] } {
  const changed = SECRET_NAMES.filter((name) => given[name] !== undefined);
  const all = { ...known, ...Object.fromEntries(changed.map((name) => [name, given[name]])) };
  const secrets = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== undefined));
  return { secrets: secrets as Credentials, changed }; // the contract requires every secret that the type requires
}

/** Encrypts the initiator's password with the certificate, to test both. Errors: `validation_failed` at `/certificate` or `/initiator_password`. */
export async function checkCertificate({ certificate, initiator_password: password }: Credentials): Promise<void> {
  if (certificate === undefined) return;
  try {
    await securityCredential(password ?? "probe", certificate);
  } catch (error) {
    if (error instanceof RangeError) throw invalidField("/initiator_password", "is too long for the certificate's key");
    throw invalidField(
      "/certificate",
      "must be a PEM with an RSA public key; copy it whole, with its first and last line",
    );
  }
}

export const sealSecrets = (ctx: Pick<Context, "vault">, id: string, secrets: Credentials): Promise<Uint8Array> =>
  ctx.vault.seal(JSON.stringify(secrets), credentialsPlace(id));

export const sealPullPhone = (ctx: Pick<Context, "vault">, id: string, phone: string): Promise<Uint8Array> =>
  ctx.vault.seal(phone, pullPhonePlace(id));
