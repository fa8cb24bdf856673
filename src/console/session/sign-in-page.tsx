import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { assets } from "../../pages/assets/assets.ts";
import { passkeyScript } from "../signing/script.ts";
import type { Markup } from "../../pages/markup.ts";
import type { Language } from "../../pages/text/language.ts";

/** A page for somebody who is not signed in: a heading, and what to do. */
export async function signInPage(language: Language, heading: string, children: Child): Promise<Markup> {
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
