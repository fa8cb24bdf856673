import type { Context as HonoContext } from "hono";
import type { Services } from "../../context/context.ts";
import { receiptUrl } from "../../domain/checkouts/receipt-url.ts";
import type { Brand } from "../../domain/merchants/brands.ts";
import type { Env } from "../../http/env.ts";
import { toProblem } from "../../http/respond.ts";
import type { ProblemCode } from "../../problems/problem.ts";
import { errorText } from "../../telemetry/log.ts";
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
  { token, phone, brand }: { token: string; phone: string | null; brand: Brand | null },
): Promise<View> {
  const language = languageOf(c, services, lang, undefined, brand?.language ?? "en");
  return {
    assets: await assets(),
    brand,
    language,
    text: languages[language].text,
    chosenLanguage: isLanguage(lang) ? lang : undefined,
    token,
    receiptUrl: (paymentId) => receiptUrl(services, paymentId),
    now: services.clock.now(),
    phone: phone === null ? "" : `0${phone.slice(3)}`,
    remember: phone !== null,
    error: null,
  };
}

/** Answers the page for a wrong link. It does not say what is wrong with the link. */
export async function renderNotFound(c: Page, services: Services): Promise<Response> {
  const view = await createView(c, services, c.req.query("lang"), { token: "", phone: null, brand: null });
  return await renderPage(c, messagePage(view, view.text.notFoundHeading, view.text.notFoundText, hereIn(c)), 404);
}

/** Besides 200. 499: nobody reads the page any more. */
export type PageStatus = 404 | 408 | 413 | 422 | 429 | 499 | 500 | 503;

/** The address of this page in the language of a view. An address that takes only forms has the page that it belongs to. */
export function hereIn(c: Page): (view: Pick<View, "chosenLanguage">) => string {
  const url = new URL(c.req.url);
  const path = c.req.method === "GET" ? url.pathname : url.pathname.replace(/\/prompt$/, "");
  return ({ chosenLanguage }) => {
    const query = new URLSearchParams(url.search);
    if (chosenLanguage !== undefined) query.set("lang", chosenLanguage);
    return `${path}?${query}`;
  };
}

/** What is inside of these is no text that a browser breaks into lines. */
const KEPT = ["title", "script", "style", "textarea"];
/** M-Pesa's name, and phone numbers as pages show them. */
const UNBROKEN = /M-Pesa|0[\d•]{3} (?:\d{3}|•{3}) \d{3}/g;
const ON_ONE_LINE = '<span class="nb">$&</span>';

/** Keeps names and numbers on one line in the texts of a page, and changes no tag, title or script. */
function unbroken(page: string): string {
  let inside: string | null = null;
  return page.split("<").map((part) => {
    const end = part.indexOf(">") + 1;
    if (inside !== null && !part.startsWith(`/${inside}`)) return part;
    inside = KEPT.find((name) => part.startsWith(name)) ?? null;
    return inside !== null ? part : part.slice(0, end) + part.slice(end).replaceAll(UNBROKEN, ON_ONE_LINE);
  }).join("<");
}

/** Answers with a page. */
export async function renderPage(
  c: Page,
  page: Markup,
  status: 200 | PageStatus = 200,
): Promise<Response> {
  return c.html(unbroken(String(await page)), status as 200); // Hono's type knows no 499
}

/** The problems that a page may answer, besides failures of ours. */
const pageStatus: Partial<Record<ProblemCode, PageStatus>> = {
  body_too_large: 413,
  rate_limited: 429,
  request_aborted: 499,
  request_timeout: 408,
  unavailable: 503,
};

/** Answers an error with a page for customers. */
export async function renderError(error: Error, c: Page, services: Services): Promise<Response> {
  const problem = toProblem(error);
  c.get("fields").problem = problem.code;
  if (problem.code === "internal_error") c.get("fields").error = errorText(error);
  const view = await createView(c, services, c.req.query("lang"), { token: "", phone: null, brand: null });
  if (problem.retryAfterSeconds !== undefined) c.header("retry-after", String(problem.retryAfterSeconds));
  const status = pageStatus[problem.code] ?? 500;
  return await renderPage(c, messagePage(view, view.text.errorHeading, view.text.errorText, hereIn(c)), status);
}
