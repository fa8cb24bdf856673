import type { Markup } from "../../pages/markup.ts";
import { languages } from "../../pages/text/language.ts";
import { Icon } from "../kit/icons.tsx";
import { type Visit, withParameters } from "../kit/visit.ts";
import { myText } from "../me/text.ts";
import { CSRF_FIELD } from "../session/csrf.ts";
import { THEMES } from "./preferences.ts";

/** Who is signed in, and how they see the console. */
export function Account({ visit }: { visit: Visit }): Markup {
  const { text, viewer, preferences } = visit;
  const back = visit.url.pathname + visit.url.search;
  return (
    <details class="account">
      <summary>
        <Icon name="person" />
        <span class="who">{viewer.person.name}</span>
      </summary>
      <div class="stack">
        <p class="soft">{viewer.person.email}</p>
        <p>
          <a href="/console/me">{myText[viewer.language].heading}</a>
        </p>
        <nav aria-label={text.language}>
          {Object.entries(languages).map(([lang, { name }]) => (
            <a
              href={withParameters(visit, { lang })}
              lang={lang}
              hreflang={lang}
              {...lang === visit.language ? { "aria-current": "true" } : {}}
            >
              {name}
            </a>
          ))}
        </nav>
        <form method="post" action="/console/preferences" class="stack">
          <input type="hidden" name={CSRF_FIELD} value={viewer.csrfToken} />
          <input type="hidden" name="back" value={back} />
          <label>
            {text.theme}
            <select name="theme">
              {THEMES.map((theme) => (
                <option value={theme} selected={theme === preferences.theme}>{text.themes[theme]}</option>
              ))}
            </select>
          </label>
          <label>
            {text.keys}
            <select name="keys">
              <option value="on" selected={preferences.hasKeys}>{text.keysOn}</option>
              <option value="off" selected={!preferences.hasKeys}>{text.keysOff}</option>
            </select>
          </label>
          <button type="submit" class="quiet small">{text.save}</button>
        </form>
        <form method="post" action="/console/sign-out">
          <input type="hidden" name={CSRF_FIELD} value={viewer.csrfToken} />
          <button type="submit" class="quiet small">{text.signOut}</button>
        </form>
      </div>
    </details>
  );
}
