import { type Context as HonoContext, Hono } from "hono";
import { compress } from "hono/compress";
import type { Services } from "../context/context.ts";
import { limitBody } from "../http/body-limit.ts";
import type { Env } from "../http/env.ts";
import { toProblem } from "../http/respond.ts";
import { assets } from "./assets/assets.ts";
import { pageHeaders } from "./headers.ts";
import { CheckoutAccess, type Visit } from "./pay/checkout-access.ts";
import { streamStatus } from "./pay/status-stream.ts";
import { rememberedPhone, rememberPhone } from "./pay/phone-cookie.ts";
import { messagePage, payPage } from "./pay/page.tsx";
import { chosenPhone, promptPhone } from "./pay/prompt.ts";
import { createReturnUrls } from "./pay/return-url.ts";
import { createView, renderNotFound, renderPage } from "./pay/respond.ts";
import { pageUrl } from "./pay/view.ts";
import { StatusWatcher } from "./pay/status-watcher.ts";
import { errorText } from "../telemetry/log.ts";

type Page = HonoContext<Env>;
const FORM_BYTES = 8_192;

/** The hosted checkout: the page, the prompt form, the status stream, the redirect to the shop, and the asset files. */
export function hostedPages(services: Services, accepting: () => boolean): Hono<Env> {
  const app = new Hono<Env>();
  const checkoutAccess = new CheckoutAccess(services);
  const watcher = new StatusWatcher(services, accepting);
  const returnUrlOf = createReturnUrls(services);
  app.use("/pay/*", pageHeaders());
  for (const path of ["/assets/:file", "/pay/:id", "/pay/:id/prompt"]) app.use(path, compress());
  app.get("/assets/:file", serveAsset);

  app.get("/pay/:id", async (c) => {
    const visit = await checkoutAccess.openByLink(c, c.req.param("id"), c.req.query("token"));
    if (visit === null) return await renderNotFound(c, services);
    const phone = await rememberedPhone(c, services);
    const view = await createView(c, services, c.req.query("lang"), { token: c.req.query("token") ?? "", phone });
    return await renderPage(c, payPage(view, visit.pageState));
  });

  app.post("/pay/:id/prompt", limitBody(FORM_BYTES), async (c) => {
    const form = await readForm(c);
    const visit = await checkoutAccess.openByLink(c, c.req.param("id"), form.token);
    if (visit === null) return await renderNotFound(c, services);
    return await prompt(c, services, checkoutAccess, visit, form);
  });

  app.get("/pay/:id/events", (c) => streamStatus(c, checkoutAccess, watcher));

  app.get("/pay/:id/return", async (c) => {
    const visit = await checkoutAccess.openByLink(c, c.req.param("id"), c.req.query("token"));
    const url = visit === null ? null : await returnUrlOf(visit.state.checkout);
    return url === null ? await renderNotFound(c, services) : c.redirect(url.href, 303);
  });

  app.onError(async (error, c) => {
    const problem = toProblem(error);
    c.get("fields").problem = problem.code;
    if (problem.code === "internal_error") c.get("fields").error = errorText(error);
    const view = await createView(c, services, c.req.query("lang"), { token: "", phone: null });
    if (problem.retryAfterSeconds !== undefined) c.header("retry-after", String(problem.retryAfterSeconds));
    const status = problem.code === "unavailable" ? 503 : problem.code === "body_too_large" ? 413 : 500;
    return await renderPage(c, messagePage(view, view.text.errorHeading, view.text.errorText), status);
  });
  return app;
}

interface Form {
  readonly token: string | undefined;
  readonly phone: string;
  readonly remember: boolean;
  readonly lang: string | undefined;
}

async function readForm(c: Page): Promise<Form> {
  const form = new URLSearchParams(await c.req.text());
  return {
    token: form.get("token") ?? c.req.query("token"),
    phone: form.get("phone") ?? "",
    remember: form.get("remember") === "yes",
    lang: form.get("lang") ?? c.req.query("lang"),
  };
}

async function prompt(
  c: Page,
  services: Services,
  checkoutAccess: CheckoutAccess,
  visit: Visit,
  form: Form,
): Promise<Response> {
  const token = form.token ?? "";
  const view = await createView(c, services, form.lang, { token, phone: null });
  const phone = await chosenPhone(visit, form.phone);
  const outcome = await promptPhone(visit, phone, view.text);
  if (form.phone.trim() !== "" && phone !== null) await rememberPhone(c, services, form.remember ? phone : null);
  if (outcome.ok) return c.redirect(pageUrl(visit.pageState.id, view), 303);
  if (outcome.retryAfterSeconds !== undefined) c.header("retry-after", String(outcome.retryAfterSeconds));
  const current = await checkoutAccess.open(c, visit.pageState.id) ?? visit;
  const retryView = { ...view, phone: form.phone.slice(0, 20), remember: form.remember, error: outcome.error };
  return await renderPage(c, payPage(retryView, current.pageState), outcome.status);
}

async function serveAsset(c: Page): Promise<Response> {
  const { style, script, icon } = await assets();
  const found = [style, script, icon].find(({ path }) => path === c.req.path);
  if (found === undefined) return c.notFound();
  return c.body(found.content, 200, {
    "content-type": found.type,
    "cache-control": "public, max-age=31536000, immutable",
  });
}
