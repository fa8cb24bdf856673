import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { World } from "../core/world.ts";
import { answerPush, releasePush } from "../stk/flow.ts";
import { isRecord } from "../core/requests.ts";
import { HANDSET_CSS, HANDSET_JS } from "./assets.ts";
import { DEMO_CERTIFICATE_PEM } from "../demo.ts";
import { HandsetPage } from "./page.tsx";
import { StartPage } from "./start-page.tsx";
import { handsets, normalisePhone, promptView, recentPrompts } from "./view.ts";

/** The answers that a person may give, with their result codes. */
const resultCodes: Readonly<Record<string, number>> = { pay: 0, decline: 1032, wrong_pin: 2001 };

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; " +
  "base-uri 'none'";

/** The virtual handsets: a page, its script, and the calls that the page makes (as JSON or as forms). */
export function handsetRoutes(world: World): Hono {
  const app = new Hono();
  app.get("/", (c) => {
    c.header("content-security-policy", CONTENT_SECURITY_POLICY);
    c.header("cache-control", "no-store");
    const { origin } = new URL(c.req.url);
    return c.html(html`<!DOCTYPE html>${<StartPage origin={origin} shortcodes={world.options.shortcodes} />}`);
  });
  app.get("/_simulator/certificate.cer", (c) => c.text(DEMO_CERTIFICATE_PEM));
  app.get("/_simulator", (c) => c.redirect("/_simulator/"));
  app.get("/_simulator/", (c) => {
    const only = normalisePhone(c.req.query("phone") ?? "");
    c.header("content-security-policy", CONTENT_SECURITY_POLICY);
    c.header("cache-control", "no-store");
    return c.html(html`<!DOCTYPE html>${<HandsetPage handsets={handsets(world, only)} only={only} />}`);
  });
  app.get("/_simulator/handset.css", (c) => c.body(HANDSET_CSS, 200, { "content-type": "text/css; charset=utf-8" }));
  app.get("/_simulator/handset.js", (c) => c.body(HANDSET_JS, 200, { "content-type": "text/javascript" }));
  app.get("/_simulator/prompts", (c) => c.json({ data: recentPrompts(world, c.req.query("phone")) }));
  app.post("/_simulator/prompts/:id", (c) => answer(world, c));
  app.post("/_simulator/handsets", (c) => hold(world, c));
  app.post("/_simulator/handsets/:phone", (c) => hold(world, c));
  return app;
}

async function answer(world: World, c: Context): Promise<Response> {
  const { fields, isForm } = await read(c);
  const push = world.pushes.get(c.req.param("id") ?? "");
  if (!push) return c.json({ error: "unknown prompt" }, 404);
  const code = resultCodes[String(fields["answer"])];
  if (code === undefined) return c.json({ error: `answer: one of ${Object.keys(resultCodes).join(", ")}` }, 422);
  const isFirstAnswer = answerPush(world, push, code);
  if (isForm) return redirectBack(c, fields);
  return isFirstAnswer ? c.json(promptView(push)) : c.json({ error: "the prompt has been answered" }, 409);
}

/** With `{"manual": true}` a person answers the phone's prompts; with `false` the scenarios answer again. */
async function hold(world: World, c: Context): Promise<Response> {
  const { fields, isForm } = await read(c);
  const phone = normalisePhone(c.req.param("phone") ?? String(fields["phone"] ?? ""));
  if (!phone) return c.json({ error: "phone: a Kenyan mobile number" }, 422);
  const manual = String(fields["manual"]) === "true";
  if (manual) world.manualPhones.add(phone);
  else {
    world.manualPhones.delete(phone);
    for (const push of world.recentPushes.list()) if (push.phone === phone) releasePush(world, push);
  }
  return isForm ? redirectBack(c, fields) : c.json({ phone, manual });
}

function redirectBack(c: Context, fields: Record<string, unknown>): Response {
  const view = normalisePhone(String(fields["view"] ?? ""));
  return c.redirect(view ? `/_simulator/?phone=${view}` : "/_simulator/", 303);
}

async function read(c: Context): Promise<{ fields: Record<string, unknown>; isForm: boolean }> {
  const isForm = !c.req.header("content-type")?.startsWith("application/json");
  const body: unknown = await (isForm ? c.req.parseBody() : c.req.json()).catch(() => null);
  return { fields: isRecord(body) ? body : {}, isForm };
}
