import { html } from "hono/html";
import type { Child, FC } from "hono/jsx";
import type { Markup } from "../markup.ts";
import { clockTime, kes } from "./format.ts";
import { Paybill } from "./paybill.tsx";
import { isPayable, type Sight } from "./stage.ts";
import { headline, StageView } from "./stages.tsx";
import { addressOf, otherLanguages, type View } from "./view.ts";

/** Seconds after which a browser without script looks again while a prompt is out. */
const REFRESH_S = 5;

/** The checkout's page, as it stands now. */
export function payPage(view: View, sight: Sight): Markup {
  const { text } = view;
  const title = text.title(headline(view, sight.stage), sight.merchant);
  const follows = isPayable(sight.stage);
  return html`<!DOCTYPE html>${(
    <Frame view={view} title={title} id={sight.id} refresh={sight.stage === "waiting"} script>
      <main
        data-page={addressOf(sight.id, view)}
        data-events={addressOf(sight.id, view, "/events")}
        data-stage={sight.stage}
        data-version={String(sight.version)}
        data-live={follows ? "yes" : undefined}
        data-say={headline(view, sight.stage)}
      >
        {sight.stage !== "paid" && <Bill view={view} sight={sight} />}
        <StageView view={view} sight={sight} />
        <Paybill view={view} sight={sight} />
        {sight.returns && (
          <a
            class={sight.stage === "paid" ? "button" : "button quiet"}
            href={addressOf(sight.id, view, "/return")}
            rel="noreferrer"
          >
            {text.returnTo(sight.merchant)}
          </a>
        )}
      </main>
    </Frame>
  )}`;
}

const Bill: FC<{ view: View; sight: Sight }> = ({ view, sight }) => (
  <section class="card bill">
    <p class="to">{sight.merchant}</p>
    <p class="sum">{kes(sight.amount)}</p>
    <p class="fine">{view.text.reference}: {sight.reference}</p>
    {isPayable(sight.stage) && (
      <p class="fine">{view.text.payableUntil(clockTime(view.language, sight.expiresAt, view.now))}</p>
    )}
  </section>
);

/** What a page is where there is no checkout to show. */
export function messagePage(
  view: Omit<View, "token">,
  heading: string,
  message: string,
): Markup {
  return html`<!DOCTYPE html>${(
    <Frame view={{ ...view, token: "" }} title={heading} id={null} refresh={false}>
      <main>
        <section class="card stage center expired">
          <h1>{heading}</h1>
          <p>{message}</p>
        </section>
      </main>
    </Frame>
  )}`;
}

interface FrameProps {
  readonly view: View;
  readonly title: string;
  readonly id: string | null;
  readonly refresh: boolean;
  readonly script?: boolean;
  readonly children?: Child;
}

const Frame: FC<FrameProps> = ({ view, title, id, refresh, script = false, children }) => (
  <html lang={view.text.lang}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>{title}</title>
      <link rel="icon" href={view.assets.icon.path} type={view.assets.icon.type} />
      <link rel="stylesheet" href={view.assets.style.path} />
      {script && <script src={view.assets.script.path} defer></script>}
      {refresh && (
        <noscript>
          <meta http-equiv="refresh" content={String(REFRESH_S)} />
        </noscript>
      )}
    </head>
    <body>
      <header class="top">
        <span class="brand">
          <img src={view.assets.icon.path} alt="" width="24" height="24" /> Malipo
        </span>
        {id !== null && (
          <nav aria-label={view.text.languages}>
            {otherLanguages(view, id).map(({ lang, name, href }) => (
              <a key={lang} href={href} lang={lang} hreflang={lang}>{name}</a>
            ))}
          </nav>
        )}
      </header>
      <p id="say" class="sr" role="status"></p>
      {children}
      <footer class="safety">{view.text.safety}</footer>
    </body>
  </html>
);
