import type { Hono } from "hono";
import type { Services } from "../../context/services.ts";
import { personOfLink, redeemLink } from "../../domain/people/links.ts";
import { endSession } from "../../domain/people/sessions.ts";
import { signInByPasskey, signInChallenge } from "../../domain/people/sign-in-by-passkey.ts";
import { openIdentity } from "../../domain/people/store.ts";
import type { Gates } from "../../http/gates.ts";
import { limitBody } from "../../http/body-limit.ts";
import { countRequest } from "../../http/rate-limit.ts";
import type { Markup } from "../../pages/markup.ts";
import { PasskeyForm } from "../signing/form.tsx";
import { signOptions } from "../signing/options.ts";
import { clearSessionCookie } from "./cookie.ts";
import { enter, homeOf, pathAfter, textOf, visitOf } from "./enter.ts";
import { oidcRoutes } from "./oidc-routes.tsx";
import { isFromOwnPage, readForm } from "./csrf.ts";
import { PageRefused } from "./page-refused.ts";
import { requireViewer } from "./require-viewer.ts";
import { signInPage } from "./sign-in-page.tsx";
import type { Env } from "../../http/env.ts";
import type { ConsolePage } from "./context-of.ts";

const SIGN_IN_BYTES = 32_768;

/** Signing in by a passkey or a one-time link, and signing out. */
export function sessionRoutes(app: Hono<Env>, services: Services, gates: Gates): void {
  const readBody = limitBody(SIGN_IN_BYTES, services.config.limits.requests.bodyDeadlineMs);
  app.get("/console", requireViewer(services), (c) => {
    const { merchantId, roles } = c.get("viewer");
    return c.redirect(homeOf(merchantId, roles), 303);
  });
  app.get("/console/session", requireViewer(services), (c) => {
    const seconds = Math.floor((c.get("viewer").sessionEndsAt - services.clock.now()) / 1000);
    return c.json({ seconds_left: Math.max(0, seconds) }, 200, { "cache-control": "no-store" });
  });
  app.get("/console/sign-in", gates.slots.pages, async (c) => c.html(await passkeyPage(c, services)));
  app.post("/console/sign-in", gates.slots.pages, readBody, async (c) => {
    if (!isFromOwnPage(c, services)) throw new PageRefused("form_not_ours"); // it would sign the visitor in as another
    const form = new URLSearchParams(await c.req.text());
    const signedIn = await signInByPasskey(services, form.get("passkey"), visitOf(c));
    if (signedIn === null) {
      countRequest(c, gates.failures, c.get("address"));
      return c.html(await passkeyPage(c, services, textOf(c, services).text.notSignedIn), 422);
    }
    return await enter(c, services, signedIn, pathAfter(c.req.query("next")));
  });
  if (services.oidc !== null) oidcRoutes(app, services, gates, services.oidc);
  // GET changes nothing: mail scanners and chat programs open every link that they see
  app.get("/console/sign-in/:token", gates.slots.pages, async (c) => {
    const person = await personOfLink(services, c.req.param("token"));
    if (person === null) return await linkEnded(c, services, gates);
    const { language, text } = textOf(c, services);
    const { email } = await openIdentity(services.vault, person);
    return c.html(
      await signInPage(
        language,
        text.signIn,
        <form method="post">
          <button type="submit">{text.signInAs(email)}</button>
          <p class="hint">{text.linkWorksOnce}</p>
        </form>,
      ),
    );
  });
  app.post("/console/sign-in/:token", gates.slots.pages, async (c) => {
    if (!isFromOwnPage(c, services)) throw new PageRefused("form_not_ours"); // it would sign the visitor in as another
    const person = await personOfLink(services, c.req.param("token"));
    const session = await redeemLink(services, c.req.param("token"), visitOf(c));
    if (person === null || session === null) return await linkEnded(c, services, gates);
    return await enter(c, services, { token: session.token, person }, null);
  });
  app.post("/console/sign-out", requireViewer(services), readForm(services), async (c) => {
    await services.db.write([endSession(c.get("viewer").sessionId, services.clock.now())]);
    clearSessionCookie(c, services);
    return c.redirect("/console/sign-in", 303);
  });
}

async function passkeyPage(c: ConsolePage, services: Services, problem: string | null = null): Promise<Markup> {
  const { language, text } = textOf(c, services);
  const next = pathAfter(c.req.query("next"));
  return await signInPage(
    language,
    text.signIn,
    <>
      {problem !== null && <p role="alert">{problem}</p>}
      <p>{text.howToSignIn}</p>
      <PasskeyForm
        language={language}
        kind="get"
        options={signOptions(services, signInChallenge(services))}
        action={next === null ? "/console/sign-in" : `/console/sign-in?${new URLSearchParams({ next })}`}
        csrfToken=""
        button={text.withPasskey}
      />
      {services.oidc !== null && (
        <p>
          <a
            class="button quiet"
            href={`/console/sign-in/oidc${next === null ? "" : `?${new URLSearchParams({ next })}`}`}
          >
            {text.withOidc(services.oidc.name)}
          </a>
        </p>
      )}
      <p class="hint">{text.askForLink}</p>
    </>,
    next,
  );
}

async function linkEnded(c: ConsolePage, services: Services, gates: Gates): Promise<Response> {
  countRequest(c, gates.failures, c.get("address"));
  const { language, text } = textOf(c, services);
  return c.html(await signInPage(language, text.linkEnded, <p>{text.linkEndedHelp}</p>), 404);
}
