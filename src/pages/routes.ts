import { type Context as HonoContext, Hono } from "hono";
import { compress } from "hono/compress";
import type { Services } from "../context/context.ts";
import { limitBody } from "../http/body-limit.ts";
import type { Gates } from "../http/gates.ts";
import type { ProblemCode } from "../problems/problem.ts";
import type { Env } from "../http/env.ts";
import { toProblem } from "../http/respond.ts";
import { assets } from "./assets/assets.ts";
import { pageHeaders } from "./headers.ts";
import { CheckoutAccess, type Visit } from "./pay/checkout-access.ts";
import { streamStatus } from "./pay/status-stream.ts";
import { rememberedPhone, rememberPhone } from "./pay/phone-cookie.ts";
import { messagePage, payPage } from "./pay/page.tsx";
import { chosenPhone, promptPhone, tooManyPrompts } from "./pay/prompt.ts";
import { createReturnUrls } from "./pay/return-url.ts";
import { createView, type PageStatus, renderNotFound, renderPage } from "./pay/respond.ts";
import { pageUrl } from "./pay/view.ts";
import { StatusWatcher } from "./pay/status-watcher.ts";
import { errorText } from "../telemetry/log.ts";

type Page = HonoContext<Env>;
const FORM_BYTES = 8_192;

/** The hosted checkout: the page, the prompt form, the status stream, the redirect to the shop, and the asset files. */
export function hostedPages(services: Services, gates: Gates, accepting: () => boolean): Hono<Env> {
  const app = new Hono<Env>();
  const checkoutAccess = new CheckoutAccess(services);
  const watcher = new StatusWatcher(services, accepting);
  const returnUrlOf = createReturnUrls(services);
  app.use("/pay/*", pageHeaders(), gates.enterHosted);
  for (const path of ["/assets/:file", "/pay/:id", "/pay/:id/prompt"]) app.use(path, compress());
  const readForm = limitBody(FORM_BYTES, services.config.limits.requests.bodyDeadlineMs);
  app.get("/assets/:file", gates.slots.pages, serveAsset);

  app.get("/pay/:id", gates.slots.pages, async (c) => {
    const visit = await checkoutAccess.openByLink(c, c.req.param("id"), c.req.query("token"));
    if (visit === null) return await renderNotFound(c, services);
    if (visit.isReceiptOnly) return await renderReceipt(c, services, visit);
    const phone = await rememberedPhone(c, services);
    const view = await createView(c, services, c.req.query("lang"), { token: c.req.query("token") ?? "", phone });
    return await renderPage(c, payPage(view, visit.pageState));
  });

  app.post("/pay/:id/prompt", readForm, gates.slots.api, async (c) => {
    const form = await parseForm(c);
    const visit = await checkoutAccess.openToPay(c, c.req.param("id"), form.token);
    if (visit === null) return await renderNotFound(c, services);
    return await prompt(c, services, gates, checkoutAccess, visit, form);
  });

  app.get("/pay/:id/events", gates.slots.pages, (c) => streamStatus(c, checkoutAccess, watcher, services.flags));

  app.get("/pay/:id/return", gates.slots.pages, async (c) => {
    const visit = await checkoutAccess.openToPay(c, c.req.param("id"), c.req.query("token"));
    const url = visit === null ? null : await returnUrlOf(visit.state.checkout);
    return url === null ? await renderNotFound(c, services) : c.redirect(url.href, 303);
  });

  app.onError(async (error, c) => {
    const problem = toProblem(error);
    c.get("fields").problem = problem.code;
    if (problem.code === "internal_error") c.get("fields").error = errorText(error);
    const view = await createView(c, services, c.req.query("lang"), { token: "", phone: null });
    if (problem.retryAfterSeconds !== undefined) c.header("retry-after", String(problem.retryAfterSeconds));
    const status = pageStatus[problem.code] ?? 500;
    return await renderPage(c, messagePage(view, view.text.errorHeading, view.text.errorText), status);
  });
  return app;
}

/** The receipt without the payer's phone and without the way back to the shop, or that there is none. */
async function renderReceipt(c: Page, services: Services, { pageState }: Visit): Promise<Response> {
  const view = await createView(c, services, c.req.query("lang"), { token: c.req.query("token") ?? "", phone: null });
  if (pageState.stage === "paid") {
    return await renderPage(c, payPage(view, { ...pageState, phone: null, hasReturnUrl: false }));
  }
  return await renderPage(c, messagePage(view, view.text.receiptOnlyHeading, view.text.receiptOnlyText));
}

/** The problems that a page may answer, besides failures of ours. */
const pageStatus: Partial<Record<ProblemCode, PageStatus>> = {
  body_too_large: 413,
  rate_limited: 429,
  request_aborted: 499,
  request_timeout: 408,
  unavailable: 503,
};

interface Form {
  readonly token: string | undefined;
  readonly phone: string;
  readonly remember: boolean;
  readonly lang: string | undefined;
}

async function parseForm(c: Page): Promise<Form> {
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
  gates: Gates,
  checkoutAccess: CheckoutAccess,
  visit: Visit,
  form: Form,
): Promise<Response> {
  const token = form.token ?? "";
  const view = await createView(c, services, form.lang, { token, phone: null });
  const phone = await chosenPhone(visit, form.phone);
  const waitSeconds = phone === null ? null : waitForPrompt(gates, c.get("address"), visit.ctx.merchantId);
  const outcome = waitSeconds === null
    ? await promptPhone(visit, phone, view.text)
    : tooManyPrompts(visit, waitSeconds, view.text);
  if (form.phone.trim() !== "" && phone !== null) await rememberPhone(c, services, form.remember ? phone : null);
  if (outcome.ok) return c.redirect(pageUrl(visit.pageState.id, view), 303);
  if (outcome.retryAfterSeconds !== undefined) c.header("retry-after", String(outcome.retryAfterSeconds));
  const current = await checkoutAccess.open(c, visit.pageState.id) ?? visit;
  const retryView = { ...view, phone: form.phone.slice(0, 20), remember: form.remember, error: outcome.error };
  return await renderPage(c, payPage(retryView, current.pageState), outcome.status);
}

/** How long (s) nobody at this address, or on the pages of this merchant, may ask for another prompt. Null: now. */
function waitForPrompt({ prompts }: Gates, address: string, merchantId: string): number | null {
  return prompts.byAddress.take(address).retryAfterSeconds ?? prompts.byMerchant.take(merchantId).retryAfterSeconds;
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
