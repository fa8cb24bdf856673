import { html, raw } from "hono/html";
import type { Child, FC } from "hono/jsx";
import type { Markup } from "../markup.ts";
import { Support } from "../brand/support.tsx";
import { clockTime, kes } from "./format.ts";
import { Paybill } from "./paybill.tsx";
import { isPayable, type PageState } from "./page-state.ts";
import { headline, StageView } from "./stages.tsx";
import { OPEN_PAYBILL_MS, waited } from "./waiting.ts";
import { DARK_PAPER, DEFAULT_COLOUR, themePath, themes } from "../brand/theme.ts";
import { otherLanguages, pageUrl, type View } from "./view.ts";

/** How often (s) a browser without script reloads the page while a prompt is out. */
const REFRESH_SECONDS = 5;

/** The page of a checkout in its current state. */
export function payPage(view: View, pageState: PageState): Markup {
  const { text } = view;
  const title = text.title(headline(view, pageState.stage), pageState.merchant);
  const follows = isPayable(pageState.stage);
  return html`<!DOCTYPE html>${(
    <Frame
      view={view}
      title={title}
      urlOf={(other) => pageUrl(pageState.id, other)}
      refresh={pageState.stage === "waiting"}
      script
    >
      <main
        data-page={pageUrl(pageState.id, view)}
        data-events={pageUrl(pageState.id, view, "/events")}
        data-stage={pageState.stage}
        data-version={String(pageState.version)}
        data-live={follows ? "yes" : undefined}
        data-waited={pageState.waitsSince === null ? undefined : String(waited(view, pageState))}
        data-say={headline(view, pageState.stage)}
      >
        {pageState.stage !== "paid" && <Bill view={view} pageState={pageState} />}
        {pageState.promptsFail && pageState.paybill !== null
          ? (
            <>
              <p class="note" role="status">{text.promptsFail}</p>
              <Paybill view={view} pageState={pageState} open />
              <StageView view={view} pageState={pageState} />
            </>
          )
          : (
            <>
              {pageState.promptsFail && <p class="note" role="status">{text.promptsFailTill}</p>}
              <StageView view={view} pageState={pageState} />
              <Paybill view={view} pageState={pageState} open={waited(view, pageState) >= OPEN_PAYBILL_MS} />
            </>
          )}
        {pageState.hasReturnUrl && <Return view={view} pageState={pageState} />}
      </main>
    </Frame>
  )}`;
}

/** How long (s) the receipt is shown before a browser with script goes back to the shop. */
const RETURN_AFTER_S = 5;

const Return: FC<{ view: View; pageState: PageState }> = ({ view, pageState }) => {
  const { text } = view;
  const isPaid = pageState.stage === "paid";
  const href = pageUrl(pageState.id, view, "/return");
  return (
    <>
      <a class={isPaid ? "button" : "button quiet"} href={href} rel="noreferrer">{text.returnTo(pageState.merchant)}</a>
      {isPaid && (
        <p class="going" data-go={href} hidden>
          <span>
            {text.returning(pageState.merchant)} <b data-seconds>{RETURN_AFTER_S}</b> s
          </span>
          <button type="button" class="quiet small" data-stay>{text.stay}</button>
        </p>
      )}
    </>
  );
};

const Bill: FC<{ view: View; pageState: PageState }> = ({ view, pageState }) => (
  <section class="card bill">
    <p class="sum">{kes(isPayable(pageState.stage) ? pageState.due : pageState.amount)}</p>
    {isPayable(pageState.stage) && pageState.received > 0 && <p class="part">{partText(view, pageState)}</p>}
    <Progress view={view} pageState={pageState} />
    <Items view={view} pageState={pageState} />
    <p class="fine">{view.text.reference}: {pageState.reference}</p>
    {isPayable(pageState.stage) && (
      <p class="fine">
        {view.text.payableUntil(clockTime(view.language, pageState.expiresAt, view.now))}
        <span data-left={String(Math.max(0, pageState.expiresAt - view.now))} hidden>
          {" · "}
          {view.text.timeLeft} <b></b>
        </span>
      </p>
    )}
  </section>
);

const partText = ({ text }: View, { received, amount, refusesParts }: PageState): string =>
  refusesParts ? text.partRefused(kes(received)) : text.part(kes(received), kes(amount));

/** How far a checkout is that M-Pesa can't take at once. */
const Progress: FC<{ view: View; pageState: PageState }> = ({ view, pageState }) => {
  const { split, stage, received, amount, prompted, ask } = pageState;
  if (split === null || !isPayable(stage)) return null;
  return (
    <div class="split">
      <progress max={amount} value={received} aria-label={view.text.splitProgress(kes(received), kes(amount))}>
      </progress>
      <p>
        <b>{view.text.splitPart(split.part, split.of)}</b> {kes(prompted ?? ask)}
      </p>
      <p class="fine">{view.text.splitText}</p>
    </div>
  );
};

const Items: FC<{ view: View; pageState: PageState }> = ({ view, pageState: { items } }) =>
  items.length === 0 ? null : (
    <ul class="items" aria-label={view.text.items}>
      {items.map(({ name, quantity, amount }) => (
        <li>
          <span>{quantity === 1 ? name : `${quantity} × ${name}`}</span> <span>{kes(amount)}</span>
        </li>
      ))}
    </ul>
  );

/** A page without a checkout: a heading and a message. */
export function messagePage(
  view: View,
  heading: string,
  message: string,
  urlOf: FrameProps["urlOf"],
): Markup {
  return html`<!DOCTYPE html>${(
    <Frame view={view} title={heading} urlOf={urlOf} refresh={false}>
      <main>
        <section class="card stage center expired">
          <h1>{heading}</h1>
          <p>{message}</p>
        </section>
        <Support view={view} reference={null} />
      </main>
    </Frame>
  )}`;
}

interface FrameProps {
  readonly view: View;
  readonly title: string;
  /** The page's address in the language of a view. */
  readonly urlOf: (view: View) => string;
  readonly refresh: boolean;
  readonly script?: boolean;
  /** The whole style, for a file that works alone: it has no links to files of ours. */
  readonly inlineStyle?: string | null;
  /** More of the head, such as what a preview in a chat shows. */
  readonly head?: Child;
  readonly children?: Child;
}

/** What is around every page for shoppers. */
export function Frame(
  { view, title, urlOf, refresh, script = false, inlineStyle = null, head, children }: FrameProps,
): Markup {
  const colour = view.brand?.colour ?? null;
  return (
    <html lang={view.text.lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        {head}
        {inlineStyle === null
          ? (
            <>
              <link rel="icon" href={view.assets.icon.path} type={view.assets.icon.type} />
              <link rel="stylesheet" href={view.assets.style.path} />
              {colour !== null && <link rel="stylesheet" href={themePath(colour)} />}
            </>
          )
          : <style>{raw(inlineStyle)}</style>}
        <meta name="theme-color" content={themes(colour ?? DEFAULT_COLOUR).light.green} media={LIGHT_SCHEME} />
        <meta name="theme-color" content={DARK_PAPER} media="(prefers-color-scheme: dark)" />
        {script && <script src={view.assets.script.path} defer></script>}
        {refresh && (
          <noscript>
            <meta http-equiv="refresh" content={String(REFRESH_SECONDS)} />
          </noscript>
        )}
      </head>
      <body>
        <header class="top">
          <Brand view={view} />
          {inlineStyle === null && (
            <nav aria-label={view.text.languages}>
              {otherLanguages(view, urlOf).map(({ lang, name, href }) => (
                <a href={href} lang={lang} hreflang={lang}>{name}</a>
              ))}
            </nav>
          )}
        </header>
        <p id="say" class="sr" role="status"></p>
        {children}
        {view.brand !== null && (
          <footer class="secured">
            {inlineStyle === null && <img src={view.assets.icon.path} alt="" width="16" height="16" />}{" "}
            {view.text.securedBy}
          </footer>
        )}
      </body>
    </html>
  );
}

const LIGHT_SCHEME = "(prefers-color-scheme: light)";

/** Whose page it is: the merchant's, or ours where it belongs to no merchant. */
const Brand: FC<{ view: View }> = ({ view: { brand, assets } }) =>
  brand === null
    ? (
      <span class="brand">
        <img src={assets.icon.path} alt="" width="24" height="24" /> Malipo
      </span>
    )
    : (
      <span class="brand">
        {brand.logo !== null && <img class="logo" src={brand.logo} alt="" height="32" />} {brand.name}
      </span>
    );
