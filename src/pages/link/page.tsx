import { html } from "hono/html";
import type { FC } from "hono/jsx";
import type { LinkStage, OpenLink } from "../../domain/payment-links/start-checkout.ts";
import { Support } from "../brand/support.tsx";
import type { Markup } from "../markup.ts";
import { PhoneField } from "../pay/form.tsx";
import { kes } from "../pay/format.ts";
import { Icon } from "../pay/icons.tsx";
import { Frame } from "../pay/page.tsx";
import type { View } from "../pay/view.ts";

/** What the page of a link shows. */
export interface LinkPage {
  readonly open: OpenLink;
  /** The whole address, for the preview in a chat. */
  readonly url: string;
  readonly path: string;
  /** A random text that this form has once: sent twice, it starts one checkout. */
  readonly start: string;
  /** What was typed as the amount, and what is wrong with it. */
  readonly amount: string;
  readonly amountError: string | null;
  /** The most (cents) that one payment can be. */
  readonly most: number;
  /** The page of the checkout that is under way. */
  readonly current: string | null;
  /** A logo that chats can show: they know no SVG. */
  readonly picture: string | null;
}

interface Props {
  readonly view: View;
  readonly page: LinkPage;
}

/** The page of a payment link. */
export function linkPage(view: View, page: LinkPage): Markup {
  const { link, stage } = page.open;
  const name = view.brand?.name ?? "";
  const sum = link.amount === null ? "" : `${kes(link.amount)} – `;
  return html`<!DOCTYPE html>${(
    <Frame
      view={view}
      title={view.text.title(link.description, name)}
      urlOf={({ chosenLanguage: lang }) => lang === undefined ? page.path : `${page.path}?lang=${lang}`}
      refresh={false}
      script
      head={
        <>
          <meta property="og:type" content="website" />
          <meta property="og:site_name" content={name} />
          <meta property="og:title" content={`${sum}${link.description}`} />
          <meta property="og:description" content={view.text.link.preview(name)} />
          <meta property="og:url" content={page.url} />
          {page.picture !== null && <meta property="og:image" content={page.picture} />}
          <meta name="description" content={view.text.link.preview(name)} />
        </>
      }
    >
      <main data-page={page.path} data-stage={stage}>
        <section class="card bill">
          {link.amount !== null && <p class="sum">{kes(link.amount)}</p>}
          <p class="for">{link.description}</p>
        </section>
        {stage === "active" ? <PayForm view={view} page={page} /> : <Over view={view} page={page} />}
      </main>
    </Frame>
  )}`;
}

const AMOUNT_ERROR_ID = "amount-error";

const PayForm: FC<Props> = ({ view, page }) => {
  const { text } = view;
  const { link } = page.open;
  return (
    <section class="card stage ready">
      <div class="head">
        <h1 tabindex={-1}>{text.readyHeading}</h1>
        <p class="hint">{text.readyText}</p>
        <p class="safety">{text.safety}</p>
      </div>
      <form method="post" action={page.path}>
        <input type="hidden" name="start" value={page.start} />
        {link.amount === null && (
          <div class="field">
            <label for="amount">{text.link.amountLabel}</label>
            <input
              id="amount"
              name="amount"
              type="text"
              inputmode="numeric"
              autocomplete="off"
              maxlength={12}
              required
              value={page.amount}
              autofocus={page.amountError !== null}
              aria-invalid={page.amountError === null ? undefined : "true"}
              aria-describedby={page.amountError === null ? "amount-hint" : AMOUNT_ERROR_ID}
            />
            {page.amountError === null
              ? <p class="hint" id="amount-hint">{text.link.amountHint(kes(page.most))}</p>
              : <p class="error" id={AMOUNT_ERROR_ID} role="alert">{page.amountError}</p>}
          </div>
        )}
        <PhoneField view={view} hint={view.phone === "" ? text.phoneHint : null} required />
        <button type="submit" data-busy={text.sending}>
          {link.amount === null ? text.link.pay : text.pay(kes(link.amount))}
        </button>
      </form>
    </section>
  );
};

const icons = { paid: "tick", expired: "clock", disabled: "cross", busy: "phone", review: "alert" } as const;

/** A link by which nobody can begin to pay now, and why. */
const Over: FC<Props> = ({ view, page }) => {
  const { text } = view;
  const stage = page.open.stage === "active" ? "disabled" : page.open.stage;
  const name = view.brand?.name ?? "";
  const said: Record<Exclude<LinkStage, "active">, readonly [heading: string, words: string]> = {
    paid: [text.link.paidHeading, text.link.paidText(name)],
    expired: [text.link.expiredHeading, text.link.overText(name)],
    disabled: [text.link.disabledHeading, text.link.overText(name)],
    busy: [text.link.busyHeading, text.link.busyText],
    review: [text.reviewHeading, text.reviewText],
  };
  const [heading, words] = said[stage];
  return (
    <>
      <section class={`card stage center ${stage === "busy" ? "ready" : stage}`}>
        <Icon name={icons[stage]} />
        <h1 tabindex={-1}>{heading}</h1>
        <p>{words}</p>
        {stage === "busy" && <a class="button" href={page.path}>{text.checkNow}</a>}
        {stage === "busy" && page.current !== null && <a class="button quiet" href={page.current}>{text.link.goOn}</a>}
      </section>
      <Support view={view} reference={stage === "review" ? page.open.link.code : null} />
    </>
  );
};
