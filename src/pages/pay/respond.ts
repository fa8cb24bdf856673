import type { Context as HonoContext } from "hono";
import type { Services } from "../../context/context.ts";
import type { Env } from "../../http/env.ts";
import { assets } from "../assets/assets.ts";
import type { Markup } from "../markup.ts";
import { isLanguage, languages } from "../text/language.ts";
import { languageOf } from "./memory.ts";
import { messagePage } from "./page.tsx";
import type { View } from "./view.ts";

type Page = HonoContext<Env>;

/** What a page is drawn with, in the language of this visit. */
export async function viewOf(
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
    chosen: isLanguage(lang) ? lang : undefined,
    token,
    now: services.clock.now(),
    phone: phone === null ? "" : `0${phone.slice(3)}`,
    remember: true,
    error: null,
  };
}

/** The page of a wrong link: it does not say what was wrong. */
export async function notFound(c: Page, services: Services): Promise<Response> {
  const view = await viewOf(c, services, undefined, { token: "", phone: null });
  return await show(c, messagePage(view, view.text.notFoundHeading, view.text.notFoundText), 404);
}

/** Answers with a page. */
export async function show(
  c: Page,
  page: Markup,
  status: 200 | 404 | 413 | 422 | 429 | 500 | 503 = 200,
): Promise<Response> {
  return c.html(await page, status);
}
