import { html, raw } from "hono/html";
import type { FC } from "hono/jsx";
import type { Receipt } from "../../domain/receipts/read-receipt.ts";
import { qrSvg } from "../../lib/qr.ts";
import { Support } from "../brand/support.tsx";
import type { Markup } from "../markup.ts";
import { dateTime, kes } from "../pay/format.ts";
import { Icon } from "../pay/icons.tsx";
import { Frame } from "../pay/page.tsx";
import type { View } from "../pay/view.ts";

/** What the page of a receipt needs besides the receipt. */
export interface ReceiptPage {
  readonly receipt: Receipt;
  readonly path: string;
  /** The address of the page that checks receipts. */
  readonly checkUrl: string;
  readonly script: string;
  /** For a file that works alone: the style, and the logo as a `data:` URL. */
  readonly alone: { readonly style: string; readonly logo: string | null } | null;
}

/** The page of a receipt: to share, save and print. */
export function receiptPage(view: View, page: ReceiptPage): Markup {
  const { text } = view;
  const { receipt, path, alone } = page;
  const { claims, brand } = receipt;
  const shown = alone === null ? view : { ...view, brand: { ...brand, logo: alone.logo } };
  return html`<!DOCTYPE html>${(
    <Frame
      view={shown}
      title={text.title(text.receiptPage.heading(claims.merchant), claims.mpesa ?? kes(claims.amount))}
      urlOf={({ chosenLanguage: lang }) => lang === undefined ? path : `${path}?lang=${lang}`}
      refresh={false}
      inlineStyle={alone?.style ?? null}
      head={
        <>
          <meta name="malipo-receipt" content={receipt.signed} />
          <meta property="og:type" content="website" />
          <meta property="og:title" content={text.receiptPage.heading(claims.merchant)} />
          <meta
            property="og:description"
            content={`${kes(claims.amount)}${claims.ref === null ? "" : ` – ${claims.ref}`}`}
          />
          {alone === null && <script src={page.script} defer></script>}
        </>
      }
    >
      <main data-state={receipt.state}>
        <section class={`card stage ${receipt.state === "paid" ? "paid" : "failed"}`}>
          <div class="stage center">
            <Icon name={receipt.state === "paid" ? "tick" : "alert"} />
            <h1>{text.receiptPage.heading(claims.merchant)}</h1>
            <p class="total">{kes(claims.amount)}</p>
          </div>
          {receipt.state !== "paid" && <p class="note bad">{saidOf(view, receipt.state, receipt.givenBack)}</p>}
          <Facts view={view} receipt={receipt} />
          <div class="code">
            <div role="img" aria-label={text.receiptPage.codeLabel}>
              {raw(qrSvg(`${page.checkUrl}#${receipt.short}`, { border: 2 }))}
            </div>
            <p class="hint">
              {text.receiptPage.signed}{" "}
              <a href={`${page.checkUrl}#${receipt.short}`} rel="noreferrer">{text.receiptPage.check}</a>
            </p>
          </div>
        </section>
        {alone === null && (
          <div class="acts">
            <button type="button" class="quiet" data-js data-share data-done={text.copied} hidden>
              {text.receiptPage.share}
            </button>
            <a class="button quiet" href={`${path}?save=1&lang=${view.language}`} download>{text.receiptPage.save}</a>
            <button type="button" class="quiet" data-js data-print hidden>{text.print}</button>
          </div>
        )}
        <Support view={view} reference={claims.mpesa ?? claims.ref} />
      </main>
    </Frame>
  )}`;
}

/** What became of the money, in words. */
export function saidOf({ text }: Pick<View, "text">, state: Receipt["state"], givenBack: number): string {
  const { receiptPage: words } = text;
  if (state === "partly_given_back") return words.partlyGivenBack(kes(givenBack));
  return state === "given_back" ? words.givenBack : state === "taken_back" ? words.takenBack : words.paid;
}

/** What the receipt says. */
export function Facts({ view, receipt: { claims } }: { view: View; receipt: Pick<Receipt, "claims"> }): Markup {
  const { text } = view;
  return (
    <dl class="rows receipt">
      <Row name={text.receiptPage.from} value={claims.merchant} />
      {claims.pin !== undefined && <Row name={text.receiptPage.kraPin} value={claims.pin} />}
      {(claims.items ?? []).map(([name, count, cents]) => (
        <Row name={count === 1 ? name : `${count} × ${name}`} value={kes(cents)} />
      ))}
      <Row name={text.receiptPage.total} value={kes(claims.amount)} />
      <Row name={text.receipt} value={claims.mpesa ?? text.receiptComing} />
      {claims.ref !== null && <Row name={text.reference} value={claims.ref} />}
      <Row name={text.date} value={dateTime(view.language, claims.at * 1_000)} />
      {claims.more !== undefined && <Row name={text.items} value={text.receiptPage.more(claims.more)} />}
    </dl>
  );
}

const Row: FC<{ name: string; value: string }> = ({ name, value }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <span>{value}</span>
    </dd>
  </div>
);
