import { type Context as HonoContext, Hono } from "hono";
import { compress } from "hono/compress";
import type { Services } from "../context/context.ts";
import { limitBody } from "../http/body-limit.ts";
import type { Gates } from "../http/gates.ts";
import type { Env } from "../http/env.ts";
import { assets } from "./assets/assets.ts";
import { pageHeaders } from "./headers.ts";
import type { CheckoutAccess, Visit } from "./pay/checkout-access.ts";
import { streamStatus } from "./pay/status-stream.ts";
import { rememberedPhone } from "./pay/phone-cookie.ts";
import { messagePage, payPage } from "./pay/page.tsx";
import { parseForm, submitPrompt } from "./pay/submit-prompt.ts";
import { createReturnUrls } from "./pay/return-url.ts";
import { createView, hereIn, renderError, renderNotFound, renderPage } from "./pay/respond.ts";
import { StatusWatcher } from "./pay/status-watcher.ts";

type Page = HonoContext<Env>;
const FORM_BYTES = 8_192;

/** The hosted checkout: the page, the prompt form, the status stream, the redirect to the shop, and the asset files. */
export function hostedPages(
  services: Services,
  gates: Gates,
  checkoutAccess: CheckoutAccess,
  accepting: () => boolean,
): Hono<Env> {
  const app = new Hono<Env>();
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
    const view = await createView(c, services, c.req.query("lang"), {
      token: c.req.query("token") ?? "",
      phone,
      brand: visit.brand,
    });
    return await renderPage(c, payPage(view, visit.pageState));
  });

  app.post("/pay/:id/prompt", readForm, gates.slots.api, async (c) => {
    const form = await parseForm(c);
    const visit = await checkoutAccess.openToPay(c, c.req.param("id"), form.token);
    if (visit === null) return await renderNotFound(c, services);
    return await submitPrompt(c, { services, gates, access: checkoutAccess }, visit, form);
  });

  app.get("/pay/:id/events", gates.slots.pages, (c) => streamStatus(c, checkoutAccess, watcher, services.flags));

  app.get("/pay/:id/return", gates.slots.pages, async (c) => {
    const visit = await checkoutAccess.openToPay(c, c.req.param("id"), c.req.query("token"));
    const url = visit === null ? null : await returnUrlOf(visit.state.checkout);
    return url === null ? await renderNotFound(c, services) : c.redirect(url.href, 303);
  });

  app.onError((error, c) => renderError(error, c as Page, services)); // the same Env
  return app;
}

/** The receipt without the payer's phone and without the way back to the shop, or that there is none. */
async function renderReceipt(c: Page, services: Services, { pageState, brand }: Visit): Promise<Response> {
  const token = c.req.query("token") ?? "";
  const view = await createView(c, services, c.req.query("lang"), { token, phone: null, brand });
  if (pageState.stage === "paid") {
    return await renderPage(c, payPage(view, { ...pageState, phone: null, hasReturnUrl: false }));
  }
  return await renderPage(c, messagePage(view, view.text.receiptOnlyHeading, view.text.receiptOnlyText, hereIn(c)));
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
