import { beginning } from "../lib/beginning.ts";

const MAX_LENGTH = 300;
/** How much is read. More could only be cut away, and expressions cost time on every character. */
const MAX_READ = 4_096;

/**
 * A message of Daraja, or the answer of a webhook endpoint, without tokens, passwords and phone numbers, so that it may be
 * stored, logged and shown. Daraja repeats the rejected token in its messages (daraja.md section 1), and its ids end with
 * the number of the payer (2.2). `secrets` are removed wherever they occur. At most 300 characters.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = beginning(text, MAX_READ);
  for (const secret of secrets) {
    if (secret.length >= 4) clean = clean.replaceAll(secret, "[secret]");
  }
  return clean
    .replace(/\bws_CO_\w+/g, "[checkout request id]")
    .replace(/(\btoken\s{0,9}[-:=]\s{0,9})[^\s"]{16,}/gi, "$1[secret]")
    .replace(/[A-Za-z0-9+/]{24,}={0,2}/g, (run) => /\d/.test(run) ? "[secret]" : run) // long names of fields have no digit
    .replace(/\+?(\b254|\b0)([17])\d{5}(\d{3})\b/g, (_all, prefix: string, first: string, last: string) => {
      return prefix === "0" ? `0${first}•••••${last}` : `254${first}•••••${last}`;
    })
    .slice(0, MAX_LENGTH);
}
