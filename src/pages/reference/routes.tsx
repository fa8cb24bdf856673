import type { Context as HonoContext, Hono } from "hono";
import type { Document } from "../../http/openapi/types.ts";
import type { Env } from "../../http/env.ts";
import { type ProblemCode, problems } from "../../problems/problem.ts";
import { VERSION } from "../../lib/version.ts";
import { type Asset, createAsset, minifyCss } from "../assets/assets.ts";
import type { Markup } from "../markup.ts";
import { llmsText } from "./llms.ts";
import { ReferencePage } from "./page.tsx";
import { LandingPage, ProblemList } from "./problem-list.tsx";
import { ProblemPage } from "./problem-page.tsx";
import { referenceCss } from "./style.ts";

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const CACHE_CONTROL = "public, max-age=3600";

/**
 * `/docs`, `/llms.txt` and one page for each problem code, made from the OpenAPI document. The pages have no script, and
 * load no file of another origin.
 */
export function referenceRoutes(app: Hono<Env>, document: () => Document): void {
  let style: Promise<Asset> | undefined;
  const styleAsset = () => style ??= createAsset("docs", "css", "text/css; charset=utf-8", minifyCss(referenceCss));
  let page: Promise<string> | undefined;
  let text: string | undefined;

  app.get("/docs", async (c) => {
    const { path } = await styleAsset();
    page ??= renderDocument(<ReferencePage document={document()} style={`/docs${path}`} />);
    return show(c, await page);
  });
  app.get("/docs/assets/:file", async (c) => {
    const { path, type, content } = await styleAsset();
    if (c.req.path !== `/docs${path}`) return c.notFound();
    return c.body(content, 200, { "content-type": type, "cache-control": "public, max-age=31536000, immutable" });
  });
  app.get("/llms.txt", (c) => c.text(text ??= llmsText(document()), 200, { "cache-control": CACHE_CONTROL }));
  app.get("/problems", async (c) => {
    const { path } = await styleAsset();
    return show(c, await renderDocument(<ProblemList style={`/docs${path}`} unknown={false} />));
  });
  app.get("/", async (c) => {
    if (!c.req.header("accept")?.includes("text/html")) return c.notFound();
    const { path } = await styleAsset();
    return show(c, await renderDocument(<LandingPage style={`/docs${path}`} version={VERSION} />));
  });
  app.get("/problems/:code", async (c) => {
    const code = c.req.param("code");
    const { path } = await styleAsset();
    if (!Object.hasOwn(problems, code)) {
      return show(c, await renderDocument(<ProblemList style={`/docs${path}`} unknown />), 404);
    }
    const publicUrl = document().servers[0]?.url ?? "";
    // the check above proves that it is a key of the table
    return show(
      c,
      await renderDocument(<ProblemPage code={code as ProblemCode} publicUrl={publicUrl} style={`/docs${path}`} />),
    );
  });
}

const renderDocument = async (markup: Markup): Promise<string> => `<!doctype html>${await markup}`;

const show = (c: HonoContext<Env>, html: string, status: 200 | 404 = 200): Response =>
  c.html(html, status, {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cache-control": status === 200 ? CACHE_CONTROL : "no-store",
    "vary": "accept",
  });
