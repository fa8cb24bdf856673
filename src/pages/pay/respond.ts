import type { Context as HonoContext } from "hono";
import type { Services } from "../../context/context.ts";
import type { Env } from "../../http/env.ts";
import { assets } from "../assets/assets.ts";
import type { Markup } from "../markup.ts";
import { isLanguage, languages } from "../text/language.ts";
import { languageOf } from "./phone-cookie.ts";
import { messagePage } from "./page.tsx";
import type { View } from "./view.ts";

type Page = HonoContext<Env>;

/** Creates the view of a page in the language of this visit. `phone` (12 digits) fills the number field. */
export async function createView(
  c: Page,
  services: Services,
  lang: string | undefined,
  { token, phone }: { token: string; phone: string | null },
): Promise<View> {
  const language = languageOf(c, services, lang);
  return {
    assets: await assets(),
    language,
    text: languages[language].text,
    chosenLanguage: isLanguage(lang) ? lang : undefined,
    token,
    now: services.clock.now(),
    phone: phone === null ? "" : `0${phone.slice(3)}`,
    remember: true,
    error: null,
  };
}

/** Answers the page for a wrong link. It does not say what is wrong with the link. */
export async function renderNotFound(c: Page, services: Services): Promise<Response> {
  const view = await createView(c, services, undefined, { token: "", phone: null });
  return await renderPage(c, messagePage(view, view.text.notFoundHeading, view.text.notFoundText), 404);
}

/** Besides 200. 499: nobody reads the page any more. */
export type PageStatus = 404 | 408 | 413 | 422 | 429 | 499 | 500 | 503;

/** Answers with a page. */
export async function renderPage(
  c: Page,
  page: Markup,
  status: 200 | PageStatus = 200,
): Promise<Response> {
  return c.html(await page, status as 200); // Hono's type knows no 499
}
