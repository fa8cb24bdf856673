import type { Context as HonoContext, Hono } from "hono";
import type { Document } from "../../http/openapi/types.ts";
import type { Env } from "../../http/env.ts";
import { prepareStatic, sendStatic, type StaticText } from "../../http/static-text.ts";
import { type ProblemCode, problems } from "../../problems/problem.ts";
import { VERSION } from "../../lib/version.ts";
import { type Asset, createAsset, minifyCss } from "../assets/assets.ts";
import type { Markup } from "../markup.ts";
import { type Entry, findEntries } from "./find.ts";
import { guideTexts } from "./guide-texts.ts";
import { indexEntries } from "./index-entries.ts";
import { type Frame, Framed } from "./layout.tsx";
import { llmsText } from "./llms.ts";
import { renderGuide } from "./markdown.ts";
import { LandingPage, ProblemList } from "./problem-list.tsx";
import { ProblemPage } from "./problem-page.tsx";
import { docsJs } from "./script.ts";
import { SearchPage } from "./search-page.tsx";
import { type Pages, sitePages } from "./site.tsx";
import { referenceCss } from "./style.ts";
import type { TryOut } from "./try-out.tsx";

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const CACHE_CONTROL = "public, max-age=3600";
const HTML = "text/html; charset=utf-8";
const LONGEST_QUERY = 100;

/** What is made at the first request, and stays. */
interface Site {
  readonly frame: Frame;
  readonly pages: Pages;
  readonly entries: readonly Entry[];
  /** By their whole addresses. */
  readonly assets: ReadonlyMap<string, Asset>;
}

async function createSite(document: Document, tryOut: TryOut | null): Promise<Site> {
  const names = new Set(guideTexts.map(([name]) => name));
  const guides = guideTexts.map(([name, text]) => renderGuide(name, text, names));
  const entries = indexEntries({ document, guides });
  const [style, script, index] = await Promise.all([
    createAsset("docs", "css", "text/css; charset=utf-8", minifyCss(referenceCss)),
    createAsset("docs", "js", "text/javascript; charset=utf-8", docsJs),
    createAsset("search", "json", "application/json", JSON.stringify(entries)),
  ]);
  const [stylePath, scriptPath, indexPath] = [style, script, index].map(({ path }) => `/docs${path}`);
  const frame = { document, guides, style: stylePath ?? "", script: scriptPath ?? "", index: indexPath ?? "" };
  const assets = new Map([style, script, index].map((asset) => [`/docs${asset.path}`, asset]));
  return { frame, pages: sitePages(frame, tryOut), entries, assets };
}

/**
 * `/docs` with a page for each operation and guide, `/llms.txt`, and a page for each problem code: made from the OpenAPI
 * document and docs/guides. They load no file of another origin, and can be read without their script. `tryOut`: the
 * client with which pages run calls, in development only.
 */
export function referenceRoutes(app: Hono<Env>, document: () => Document, tryOut: TryOut | null): void {
  let made: Promise<Site> | undefined;
  const site = () => made ??= createSite(document(), tryOut);
  const prepared = new Map<string, Promise<StaticText>>(); // at most one for each page, asset and problem
  const once = (path: string, type: string, text: () => string | Promise<string>): Promise<StaticText> => {
    const found = prepared.get(path) ?? Promise.resolve(text()).then((text) => prepareStatic(type, text));
    prepared.set(path, found);
    return found;
  };
  const show = async (c: HonoContext<Env>, path: string, markup: () => Markup): Promise<Response> =>
    await sendStatic(c, await once(path, HTML, () => renderDocument(markup())), PAGE_HEADERS);

  app.get("/docs/assets/:file", async (c) => {
    const { path } = c.req;
    const asset = (await site()).assets.get(path);
    if (asset === undefined) return c.notFound();
    return await sendStatic(c, await once(path, asset.type, () => asset.content), {
      "cache-control": "public, max-age=31536000, immutable",
    });
  });
  app.get("/docs/search", async (c) => {
    const query = (c.req.query("q") ?? "").trim().slice(0, LONGEST_QUERY);
    const { frame, entries } = await site();
    return c.html(await renderDocument(searchPage(frame, entries, query, false)), 200, UNSTORED_HEADERS);
  });
  for (const pattern of ["/docs", "/docs/*"]) {
    app.get(pattern, async (c) => {
      const { frame, pages, entries } = await site();
      const page = pages.get(c.req.path);
      if (page !== undefined) return await show(c, c.req.path, page);
      const words = c.req.path.split("/").at(-1)?.slice(0, LONGEST_QUERY).replaceAll("-", " ") ?? "";
      return c.html(await renderDocument(searchPage(frame, entries, words, true)), 404, UNSTORED_HEADERS);
    });
  }
  app.get("/llms.txt", async (c) => {
    const { guides } = (await site()).frame;
    const text = await once("/llms.txt", "text/plain; charset=UTF-8", () => llmsText(document(), guides));
    return await sendStatic(c, text, { "cache-control": CACHE_CONTROL });
  });
  app.get("/problems", async (c) => {
    const { style } = (await site()).frame;
    return await show(c, "/problems", () => <ProblemList style={style} unknown={false} />);
  });
  app.get("/problems/:code", async (c) => {
    const code = c.req.param("code");
    const { style } = (await site()).frame;
    if (!Object.hasOwn(problems, code)) {
      return c.html(await renderDocument(<ProblemList style={style} unknown />), 404, UNSTORED_HEADERS);
    }
    const publicUrl = document().servers[0]?.url ?? "";
    return await show(
      c,
      `/problems/${code}`,
      // the check above proves that it is a key of the table
      () => <ProblemPage code={code as ProblemCode} publicUrl={publicUrl} style={style} />,
    );
  });
  app.get("/", async (c) => {
    if (!c.req.header("accept")?.includes("text/html")) return c.notFound();
    const { style } = (await site()).frame;
    return await show(c, "/", () => <LandingPage style={style} version={VERSION} />);
  });
}

const PAGE_HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "cache-control": CACHE_CONTROL,
  "vary": "accept",
};
const UNSTORED_HEADERS = { "content-security-policy": CONTENT_SECURITY_POLICY, "cache-control": "no-store" };

const searchPage = (frame: Frame, entries: readonly Entry[], query: string, missing: boolean): Markup => (
  <Framed frame={frame} path="/docs/search" title="Search" query={missing ? "" : query}>
    <SearchPage query={query} hits={findEntries(entries, query)} missing={missing} />
  </Framed>
);

const renderDocument = async (markup: Markup): Promise<string> => `<!doctype html>${await markup}`;
