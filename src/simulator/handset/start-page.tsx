import type { HtmlEscapedString } from "hono/utils/html";
import type { SimulatedShortcode } from "../options.ts";

/** What the last four digits of a phone do; the README has all of them. */
const phones: readonly (readonly [string, string])[] = [
  ["0712 345 678 and most others", "pays"],
  ["…1032", "cancels the prompt"],
  ["…1037", "does not answer"],
  ["…2001", "enters a wrong PIN"],
  ["…0001", "has too little money"],
  ["…9001", "pays, but no callback comes"],
  ["…9003", "pays, and four callbacks come at once"],
  ["…9004", "pays, and the callback comes late"],
  ["…9014", "payout: paid, but no result comes"],
  ["…9017", "payout: accepted, and nobody can find it"],
];

/** The first page: where Daraja's paths are, with which credentials, and how phones answer. */
export function StartPage(
  { origin, shortcodes }: { readonly origin: string; readonly shortcodes: readonly SimulatedShortcode[] },
): HtmlEscapedString | Promise<HtmlEscapedString> {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>A stand-in for Daraja</title>
        <link rel="stylesheet" href="/_simulator/handset.css" />
      </head>
      <body>
        <header>
          <h1>A stand-in for Daraja</h1>
          <p>
            Use <code>{origin}</code> in place of{" "}
            <code>https://sandbox.safaricom.co.ke</code>. Paths, payloads and errors are Daraja's; no money moves.
          </p>
          <p>
            <a href="/_simulator/">Virtual handsets</a> · <a href="/_simulator/transactions">Transactions</a> ·{" "}
            <a href="/_simulator/requests">Requests</a>
          </p>
        </header>
        <main>
          <h2>Shortcodes</h2>
          {shortcodes.map((one) => (
            <section>
              <h3>
                {one.kind} {one.number}
                {one.storeNumber === undefined ? "" : ` (store ${one.storeNumber})`}
              </h3>
              <dl>
                <dt>Consumer key and secret</dt>
                <dd>
                  <code>{one.consumerKey}</code> <code>{one.consumerSecret}</code>
                </dd>
                <dt>Passkey</dt>
                <dd>
                  <code>{one.passkey}</code>
                </dd>
                <dt>Initiator and its password</dt>
                <dd>
                  <code>{one.initiatorName}</code> <code>{one.initiatorPassword}</code>
                </dd>
              </dl>
            </section>
          ))}
          <p>
            Encrypt the initiator's password with <a href="/_simulator/certificate.cer">this certificate</a>.
          </p>
          <h2>Phones, by their last four digits</h2>
          <ul>
            {phones.map(([phone, what]) => (
              <li>
                <strong>{phone}</strong> {what}
              </li>
            ))}
          </ul>
        </main>
      </body>
    </html>
  );
}
