import { html } from "hono/html";
import type { Markup } from "../../pages/markup.ts";
import type { Asset } from "../../pages/assets/assets.ts";
import type { ConsoleAssets } from "../assets/assets.ts";
import { Icon } from "../kit/icons.tsx";
import type { View } from "../kit/page.ts";
import { longTime } from "../kit/values.tsx";
import { hrefOf, type Visit, withParameters } from "../kit/visit.ts";
import { LIVE_PART } from "../live/live.ts";
import { CSRF_FIELD } from "../session/csrf.ts";
import { Account } from "./account.tsx";
import { KeysHelp } from "./keys-help.tsx";
import { BottomNav, type NavLink, SideNav } from "./nav.tsx";

interface FrameProps {
  readonly visit: Visit;
  readonly view: View;
  readonly links: readonly NavLink[];
  readonly assets: ConsoleAssets;
  readonly passkeyScript: Asset;
}

/** A whole page: menu, search, and what the page shows. */
export function framed(props: FrameProps): Markup {
  return html`<!DOCTYPE html>${<Frame {...props} />}`;
}

function Frame({ visit, view, links, assets, passkeyScript }: FrameProps): Markup {
  const { text, viewer, preferences, ctx } = visit;
  const isTest = ctx.config.environment !== "production";
  return (
    <html
      lang={text.lang}
      data-theme={preferences.theme}
      data-keys={preferences.hasKeys ? "on" : "off"}
      data-offline={text.offline}
      data-slow={text.stillWorking}
      data-copied={text.copied}
      data-new={text.newRows("{n}")}
      data-new-one={text.newRows("1")}
      data-lost={text.notLive("{time}")}
      data-previous={text.previousRecord}
      data-next={text.nextRecord}
      data-ends={String(Math.max(0, Math.floor((viewer.sessionEndsAt - visit.now) / 1000)))}
      data-ending={text.ending}
      data-stay={text.stay}
      data-ended={text.ended}
      data-sign-in={text.signInAgain}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${view.title} · ${viewer.merchantName} · Malipo`}</title>
        <link rel="icon" href={assets.icon.path} type={assets.icon.type} />
        <link rel="stylesheet" href={assets.style.path} />
        <script src={assets.script.path} defer></script>
        {view.usesPasskey === true && <script src={passkeyScript.path} defer></script>}
      </head>
      <body>
        <a class="skip" href="#main">{text.skip}</a>
        {isTest && <aside class="test" aria-label={text.testMode}>{text.testMode}</aside>}
        <div class="shell">
          <header class="rail">
            <p class="brand">
              <img src={assets.icon.path} alt="" width="28" height="28" />
              <span>
                <b>{viewer.merchantName}</b>
                <small>Malipo</small>
              </span>
            </p>
            <SideNav links={links} text={text} />
            <Account visit={visit} />
          </header>
          <div class="page">
            {(!viewer.isPlatform || visit.url.pathname.startsWith(hrefOf(visit, ""))) && <SearchBox visit={visit} />}
            <main id="main" tabindex={-1} data-stream={streamOf(visit, view)}>
              {view.isKept === true && <p class="note" role="status">{text.kept}</p>}
              {view.body}
            </main>
            <p class="printed">{text.printed(viewer.person.name, longTime(visit.now, visit))}</p>
          </div>
        </div>
        <BottomNav links={links} visit={visit} />
        {preferences.hasKeys && <KeysHelp look={visit} />}
        <p id="say" class="sr" role="status"></p>
      </body>
    </html>
  );
}

/** Where an open page hears that it shows something old. */
const streamOf = (visit: Visit, { shown }: View): string | undefined =>
  shown === undefined || shown.isOver
    ? undefined
    : withParameters(visit, { part: LIVE_PART, shown: shown.digest, done: null });

/** The search: it posts, so that no phone gets into an address. */
function SearchBox({ visit }: { visit: Visit }): Markup {
  const { text, viewer } = visit;
  return (
    <form class="search" method="post" action={hrefOf(visit, "search")} role="search" aria-label={text.search}>
      <input type="hidden" name={CSRF_FIELD} value={viewer.csrfToken} />
      <Icon name="search" />
      <label class="sr" for="q">{text.search}</label>
      <input id="q" name="q" type="search" maxlength={500} placeholder={text.searchHint} autocomplete="off" required />
      <button type="submit" class="sr">{text.search}</button>
    </form>
  );
}
