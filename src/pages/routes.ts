import { type Context as HonoContext, Hono } from "hono";
import { compress } from "hono/compress";
import type { Services } from "../context/context.ts";
import { limitBody } from "../http/body-limit.ts";
import type { Env } from "../http/env.ts";
import { toProblem } from "../http/respond.ts";
import { assets } from "./assets/assets.ts";
import { pageHeaders } from "./headers.ts";
import { Entrance, type Visit } from "./pay/entrance.ts";
import { watchCheckout } from "./pay/events.ts";
import { rememberedPhone, rememberPhone } from "./pay/memory.ts";
import { messagePage, payPage } from "./pay/page.tsx";
import { phoneMeant, promptPhone } from "./pay/prompt.ts";
import { createReturn } from "./pay/result.ts";
import { notFound, show, viewOf } from "./pay/respond.ts";
import { addressOf } from "./pay/view.ts";
import { Watch } from "./pay/watch.ts";
import { errorText } from "../telemetry/log.ts";

type Page = HonoContext<Env>;
const FORM_BYTES = 8_192;

/** The hosted checkout: page, prompt form, live status, the way back, and its files. */
export function hostedPages(services: Services, accepting: () => boolean): Hono<Env> {
  const app = new Hono<Env>();
  const entrance = new Entrance(services);
  const watch = new Watch(services, accepting);
  const returnTo = createReturn(services);
  app.use("/pay/*", pageHeaders());
  for (const path of ["/assets/:file", "/pay/:id", "/pay/:id/prompt"]) app.use(path, compress());
  app.get("/assets/:file", serveAsset);

  app.get("/pay/:id", async (c) => {
    const visit = await entrance.enter(c, c.req.param("id"), c.req.query("token"));
    if (visit === null) return await notFound(c, services);
    const phone = await rememberedPhone(c, services);
    const view = await viewOf(c, services, c.req.query("lang"), { token: c.req.query("token") ?? "", phone });
    return await show(c, payPage(view, visit.sight));
  });

  app.post("/pay/:id/prompt", limitBody(FORM_BYTES), async (c) => {
    const form = await readForm(c);
    const visit = await entrance.enter(c, c.req.param("id"), form.token);
    if (visit === null) return await notFound(c, services);
    return await prompt(c, services, entrance, visit, form);
  });

  app.get("/pay/:id/events", (c) => watchCheckout(c, entrance, watch));

  app.get("/pay/:id/return", async (c) => {
    const visit = await entrance.enter(c, c.req.param("id"), c.req.query("token"));
    const url = visit === null ? null : await returnTo(visit.state.checkout);
    return url === null ? await notFound(c, services) : c.redirect(url.href, 303);
  });

  app.onError(async (error, c) => {
    const problem = toProblem(error);
    c.get("fields").problem = problem.code;
    if (problem.code === "internal_error") c.get("fields").error = errorText(error);
    const view = await viewOf(c, services, c.req.query("lang"), { token: "", phone: null });
    if (problem.retryAfterSeconds !== undefined) c.header("retry-after", String(problem.retryAfterSeconds));
    const status = problem.code === "unavailable" ? 503 : problem.code === "body_too_large" ? 413 : 500;
    return await show(c, messagePage(view, view.text.errorHeading, view.text.errorText), status);
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

async function prompt(c: Page, services: Services, entrance: Entrance, visit: Visit, form: Form): Promise<Response> {
  const token = form.token ?? "";
  const view = await viewOf(c, services, form.lang, { token, phone: null });
  const phone = await phoneMeant(visit, form.phone);
  const done = await promptPhone(visit, phone, view.text);
  if (form.phone.trim() !== "" && phone !== null) await rememberPhone(c, services, form.remember ? phone : null);
  if (done.ok) return c.redirect(addressOf(visit.sight.id, view), 303);
  if (done.retryAfterSeconds !== undefined) c.header("retry-after", String(done.retryAfterSeconds));
  const now = await entrance.open(c, visit.sight.id) ?? visit;
  const again = { ...view, phone: form.phone.slice(0, 20), remember: form.remember, error: done.error };
  return await show(c, payPage(again, now.sight), done.status);
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
