/** Takes out of Daraja's words what must not reach a log, an answer or a row: tokens, passwords, phone numbers. */

const LONGEST = 300;

/**
 * A message fit to store and show. Daraja echoes the rejected token in it (daraja.md section 1), and its ids end in the
 * payer's number (2.2). `secrets` are removed wherever they stand.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= 4) clean = clean.replaceAll(secret, "[secret]");
  }
  return clean
    .replace(/\bws_CO_\w+/g, "[checkout request id]")
    .replace(/(\btoken\s*[-:=]\s*)[^\s"]{16,}/gi, "$1[secret]")
    .replace(/(?=[A-Za-z+/]*\d)[A-Za-z0-9+/]{24,}={0,2}/g, "[secret]") // with a digit: a field's name is no secret
    .replace(/\+?(\b254|\b0)([17])\d{5}(\d{3})\b/g, (_all, prefix: string, first: string, last: string) => {
      return prefix === "0" ? `0${first}•••••${last}` : `254${first}•••••${last}`;
    })
    .slice(0, LONGEST);
}
