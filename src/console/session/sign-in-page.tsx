import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { assets } from "../../pages/assets/assets.ts";
import { passkeyScript } from "../signing/script.ts";
import { signInText } from "./text.ts";
import type { Markup } from "../../pages/markup.ts";
import { type Language, languages } from "../../pages/text/language.ts";

/**
 * A page for somebody who is not signed in: a heading, and what to do. `next` is where the visitor goes after it, which the
 * links to the other languages keep. They lead to the same address: without a script, and also after a form.
 */
export async function signInPage(
  language: Language,
  heading: string,
  children: Child,
  next: string | null = null,
): Promise<Markup> {
  const [{ icon, style }, script] = await Promise.all([assets(), passkeyScript()]);
  return html`<!DOCTYPE html>${(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${heading} · Malipo`}</title>
        <link rel="icon" href={icon.path} type={icon.type} />
        <link rel="stylesheet" href={style.path} />
        <script src={script.path} defer></script>
      </head>
      <body>
        <header class="top">
          <span class="brand">
            <img src={icon.path} alt="" width="24" height="24" /> Malipo
          </span>
          <nav class="language" aria-label={signInText[language].language}>
            {Object.entries(languages).map(([lang, { name }]) => (
              <a
                href={`?${new URLSearchParams({ ...next === null ? {} : { next }, lang })}`}
                lang={lang}
                hreflang={lang}
                {...lang === language ? { "aria-current": "true" } : {}}
              >
                {name}
              </a>
            ))}
          </nav>
        </header>
        <main>
          <section class="card stage center">
            <h1>{heading}</h1>
            {children}
          </section>
        </main>
      </body>
    </html>
  )}`;
}
