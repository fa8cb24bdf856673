import { html } from "hono/html";
import type { PublicKey } from "../../crypto/signing.ts";
import type { ReceiptClaims } from "../../domain/receipts/claims.ts";
import type { ReceiptState } from "../../domain/receipts/read-receipt.ts";
import type { Markup } from "../markup.ts";
import { Frame } from "../pay/page.tsx";
import type { View } from "../pay/view.ts";
import { Facts, saidOf } from "./page.tsx";

/** What a check has found. `claims` null: the text is no receipt of ours. `now` null: the payment is gone. */
export interface Checked {
  readonly claims: ReceiptClaims | null;
  readonly now: { readonly state: ReceiptState; readonly givenBack: number } | null;
}

/** What the page brings, so that its script can check receipts without a network. */
export interface CheckPage {
  readonly keys: readonly PublicKey[];
  readonly issuer: string;
  readonly script: string;
  readonly path: string;
  /** What was sent by the form of a browser without script, and what became of it. */
  readonly given: string;
  readonly checked: Checked | null;
}

const AMOUNT = "{}";

/** The page that checks a receipt: by its script, and without script by a form. */
export function checkPage(view: View, page: CheckPage): Markup {
  const { text } = view;
  const { receiptPage: words } = text;
  return html`<!DOCTYPE html>${(
    <Frame
      view={view}
      title={words.checkHeading}
      urlOf={({ chosenLanguage: lang }) => lang === undefined ? page.path : `${page.path}?lang=${lang}`}
      refresh={false}
      head={<script src={page.script} defer></script>}
    >
      <main>
        <section class="card stage">
          <h1>{words.checkHeading}</h1>
          <p class="hint">{words.checkText}</p>
          <form method="post" action={page.path} data-check={JSON.stringify(forScript(view, page))}>
            {view.chosenLanguage !== undefined && <input type="hidden" name="lang" value={view.chosenLanguage} />}
            <div class="field">
              <label for="receipt-text">{words.checkLabel}</label>
              <textarea id="receipt-text" name="receipt" rows={4} required spellcheck={false}>{page.given}</textarea>
            </div>
            <button type="submit">{words.checkButton}</button>
          </form>
          <div id="result" class="stage" role="status">
            {page.checked !== null && <Result view={view} checked={page.checked} />}
          </div>
        </section>
      </main>
    </Frame>
  )}`;
}

function Result({ view, checked: { claims, now } }: { view: View; checked: Checked }): Markup {
  const { receiptPage: words } = view.text;
  if (claims === null) return <p class="note bad">{words.bad}</p>;
  return (
    <>
      <p class="note good">{words.good}</p>
      {now === null
        ? <p class="note">{words.unknownNow}</p>
        : <p class={now.state === "paid" ? "hint" : "note bad"}>{saidOf(view, now.state, now.givenBack)}</p>}
      <Facts view={view} receipt={{ claims }} />
    </>
  );
}

/** The keys and the words for the script. */
const forScript = ({ text }: View, { keys, issuer }: CheckPage) => ({
  keys,
  issuer,
  text: {
    good: text.receiptPage.good,
    bad: text.receiptPage.bad,
    unknownNow: text.receiptPage.unknownNow,
    states: {
      paid: text.receiptPage.paid,
      partly_given_back: text.receiptPage.partlyGivenBack(AMOUNT),
      given_back: text.receiptPage.givenBack,
      taken_back: text.receiptPage.takenBack,
    },
    names: {
      from: text.receiptPage.from,
      pin: text.receiptPage.kraPin,
      amount: text.receiptPage.total,
      mpesa: text.receipt,
      ref: text.reference,
      date: text.date,
    },
  },
});
