import type { Initiator } from "../../daraja/daraja.ts";
import { securityCredential } from "../../daraja/credential.ts";
import type { Credentials, Shortcode } from "../../context/shortcode.ts";

/** Encrypting costs a big power, and the result may be used again: kept for as long as the credentials are. */
const encryptedPasswords = new WeakMap<Credentials, Promise<string>>();

/** Whether the shortcode has what a payout needs. */
export const canPay = ({ credentials }: Shortcode): boolean =>
  credentials.initiator_name !== undefined &&
  (credentials.security_credential !== undefined ||
    (credentials.initiator_password !== undefined && credentials.certificate !== undefined));

/** Who asks Daraja in the shortcode's name; null where the shortcode has no usable initiator (daraja.md section 8). */
export async function initiatorOf({ credentials }: Shortcode): Promise<Initiator | null> {
  const { initiator_name: name, initiator_password: password, certificate, security_credential: pasted } = credentials;
  if (name === undefined) return null;
  if (pasted !== undefined) return { name, securityCredential: pasted };
  if (password === undefined || certificate === undefined) return null;
  const known = encryptedPasswords.get(credentials) ?? securityCredential(password, certificate);
  encryptedPasswords.set(credentials, known);
  return { name, securityCredential: await known };
}
