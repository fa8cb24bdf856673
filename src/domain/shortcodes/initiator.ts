import type { Initiator } from "../../daraja/daraja.ts";
import { securityCredential } from "../../daraja/credential.ts";
import type { Credentials, Shortcode } from "../../context/shortcode.ts";

/** The encrypted passwords. RSA is slow and the result can be reused, so it is kept as long as the credentials object. */
const encryptedPasswords = new WeakMap<Credentials, Promise<string>>();

/** Whether the shortcode has an initiator that can send payouts and reversals. */
export const canPay = ({ credentials }: Shortcode): boolean =>
  credentials.initiator_name !== undefined &&
  (credentials.security_credential !== undefined ||
    (credentials.initiator_password !== undefined && credentials.certificate !== undefined));

/** The initiator of the shortcode's requests to Daraja (daraja.md section 8). Null: the shortcode has none that is usable. */
export async function initiatorOf({ credentials }: Shortcode): Promise<Initiator | null> {
  const { initiator_name: name, initiator_password: password, certificate, security_credential: pasted } = credentials;
  if (name === undefined) return null;
  if (pasted !== undefined) return { name, securityCredential: pasted };
  if (password === undefined || certificate === undefined) return null;
  const encrypted = encryptedPasswords.get(credentials) ?? securityCredential(password, certificate);
  encryptedPasswords.set(credentials, encrypted);
  return { name, securityCredential: await encrypted };
}
