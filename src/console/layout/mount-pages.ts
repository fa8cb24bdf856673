import type { Hono, MiddlewareHandler } from "hono";
import type { Services } from "../../context/services.ts";
import type { Env } from "../../http/env.ts";
import type { Gates } from "../../http/gates.ts";
import { toProblem } from "../../http/respond.ts";
import { Problem } from "../../problems/problem.ts";
import { errorText } from "../../telemetry/log.ts";
import { consoleAssets } from "../assets/assets.ts";
import { backTo } from "../kit/done.ts";
import type { Page, PageAnswer, View } from "../kit/page.ts";
import { platformHref, type Visit } from "../kit/visit.ts";
import { readForm } from "../session/csrf.ts";
import { type ConsolePage, contextOf } from "../session/context-of.ts";
import { PageRefused } from "../session/page-refused.ts";
import { requireViewer } from "../session/require-viewer.ts";
import { passkeyScript } from "../signing/script.ts";
import { texts } from "../text/texts.ts";
import { LIVE_PART } from "../live/live.ts";
import type { LiveStreams } from "../live/stream.ts";
import { takeKeptForm } from "../session/kept-form.ts";
import { framed } from "./frame.tsx";
import { recordPageDenials } from "./page-denials.ts";
import { navLinks } from "./nav.tsx";
import { keepPreferences, preferencesOf } from "./preferences.ts";
import { forbiddenView, messageView, problemView } from "./problem-view.tsx";

/** Adds the pages of the table to the app, with what they share: who is signed in, roles, forms, errors, the frame. */
export function mountPages(
  app: Hono<Env>,
  services: Services,
  gates: Gates,
  pages: readonly Page[],
  streams: LiveStreams,
): void {
  app.get("/console/assets/:file", gates.slots.pages, serveAsset);
  const slot = gates.slots.pages;
  const viewer = requireViewer(services);
  const form = readForm(services);
  const denials = recordPageDenials(services);
  app.post("/console/preferences", slot, viewer, form, (c) => {
    keepPreferences(c, services, c.get("form"));
    const visit = visitOf(c, services, pages, "own");
    return c.redirect(backTo(visit, c.get("form").get("back"), "/console"), 303);
  });
  for (const page of pages) {
    const address = addressOf(page);
    const reach = page.area === "platform" ? "platform" : "own";
    const answer = (run: (visit: Visit) => Promise<PageAnswer>) => async (c: ConsolePage) => {
      const visit = visitOf(c, services, pages, reach);
      return await show(visit, pages, await view(visit, page, run));
    };
    const { live } = page;
    const get = (visit: Visit) =>
      live !== undefined && visit.url.searchParams.get("part") === LIVE_PART
        ? streams.answer(visit, page, live)
        : page.get(visit);
    app.get(
      address,
      denials(page),
      slot,
      viewer,
      answer(async (visit) => {
        const kept = await takeKeptForm(visit.c, services);
        const shown = await get({ ...visit, kept });
        return shown instanceof Response ? shown : { ...shown, isKept: kept !== null };
      }),
    );
    const { post, formBytes } = page;
    if (post === undefined) continue;
    app.post(
      address,
      denials(page),
      slot,
      viewer,
      guardedForm(formBytes === undefined ? form : readForm(services, formBytes), services, pages),
      answer((visit) => post(visit, visit.c.get("form"))),
    );
  }
  app.all("/console/m/:merchant/*", slot, viewer, async (c) => {
    const visit = visitOf(c, services, pages, "own");
    return await show(visit, pages, messageView(visit.text.notFoundTitle, visit.text.notFound, 404));
  });
}

export const addressOf = ({ area, path }: Pick<Page, "area" | "path">): string =>
  area === "platform" ? platformHref(path) : `/console/m/:merchant/${path}`;

/** A form that is refused is answered by a page: it may have been open for too long, or carry a file that is too large. */
function guardedForm(form: MiddlewareHandler<Env>, services: Services, pages: readonly Page[]): MiddlewareHandler<Env> {
  return async (c, next) => {
    try {
      return await form(c, next);
    } catch (error) {
      const visit = visitOf(c, services, pages, "own");
      if (error instanceof PageRefused) {
        c.get("fields").problem = error.reason;
        return await show(visit, pages, messageView(visit.text.formExpiredTitle, visit.text.formExpired, 403));
      }
      if (!(error instanceof Problem) || error.code !== "body_too_large") throw error;
      c.get("fields").problem = error.code;
      return await show(visit, pages, problemView(visit.text, error, c.get("requestId")));
    }
  };
}

/** A request for a page, with what pages need of it. */
export function visitOf(
  c: ConsolePage,
  services: Services,
  pages: readonly Page[],
  reach: "own" | "platform",
): Visit {
  const viewer = c.get("viewer");
  return {
    c,
    viewer,
    ctx: contextOf(c, services, { reach }),
    text: texts[viewer.language],
    language: viewer.language,
    now: services.clock.now(),
    url: new URL(c.req.url),
    preferences: preferencesOf(c),
    kept: null,
    knows: (path) => pages.some((page) => page.path === path && page.roles.some((role) => viewer.roles.includes(role))),
  };
}

/** The page's answer; a page about the problem if it fails. */
async function view(visit: Visit, page: Page, run: (visit: Visit) => Promise<PageAnswer>): Promise<PageAnswer> {
  const { c, text, viewer } = visit;
  if (!page.roles.some((role) => viewer.roles.includes(role))) return forbiddenView(text, page.roles);
  try {
    return await run(visit);
  } catch (error) {
    const problem = toProblem(error);
    c.get("fields").problem = problem.code;
    if (problem.code === "internal_error") c.get("fields").error = errorText(error);
    if (problem.retryAfterSeconds !== undefined) c.header("retry-after", String(problem.retryAfterSeconds));
    return problemView(text, problem, c.get("requestId"));
  }
}

/** Answers a page in the frame of the console. */
export async function show(visit: Visit, pages: readonly Page[], answer: PageAnswer): Promise<Response> {
  if (answer instanceof Response) return answer;
  const page: View = answer;
  const links = navLinks(pages, visit);
  const [assets, passkeys] = await Promise.all([consoleAssets(), passkeyScript()]);
  return visit.c.html(await framed({ visit, view: page, links, assets, passkeyScript: passkeys }), page.status ?? 200);
}

async function serveAsset(c: ConsolePage): Promise<Response> {
  const found = Object.values(await consoleAssets()).find(({ path }) => path === c.req.path);
  if (found === undefined) return c.notFound();
  return c.body(found.content, 200, {
    "content-type": found.type,
    "cache-control": "public, max-age=31536000, immutable",
  });
}
