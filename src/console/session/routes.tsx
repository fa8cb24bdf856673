import type { Hono } from "hono";
import type { Services } from "../../context/services.ts";
import { personOfLink, redeemLink } from "../../domain/people/links.ts";
import { endSession, findSession, type Visit } from "../../domain/people/sessions.ts";
import { signInByPasskey, signInChallenge } from "../../domain/people/sign-in-by-passkey.ts";
import { openIdentity, rolesOf } from "../../domain/people/store.ts";
import type { Role } from "../../auth/roles.ts";
import type { Gates } from "../../http/gates.ts";
import { limitBody } from "../../http/body-limit.ts";
import { countRequest } from "../../http/rate-limit.ts";
import { languageOf } from "../../pages/pay/phone-cookie.ts";
import type { Markup } from "../../pages/markup.ts";
import { PasskeyForm } from "../signing/form.tsx";
import { signOptions } from "../signing/options.ts";
import { clearSessionCookie, sessionToken, setSessionCookie } from "./cookie.ts";
import { isFromOwnPage, readForm } from "./csrf.ts";
import { PageRefused } from "./page-refused.ts";
import { requireViewer } from "./require-viewer.ts";
import { signInPage } from "./sign-in-page.tsx";
import { signInText } from "./text.ts";
import type { Env } from "../../http/env.ts";
import type { ConsolePage } from "./context-of.ts";

/** The first page of a person. */
export const homeOf = (merchantId: string, roles: readonly Role[]): string =>
  roles.includes("platform") ? "/console/platform" : `/console/m/${merchantId}/home`;

const SIGN_IN_BYTES = 32_768;

/** Signing in by a passkey or a one-time link, and signing out. */
export function sessionRoutes(app: Hono<Env>, services: Services, gates: Gates): void {
  const readBody = limitBody(SIGN_IN_BYTES, services.config.limits.requests.bodyDeadlineMs);
  app.get("/console", requireViewer(services), (c) => {
    const { merchantId, roles } = c.get("viewer");
    return c.redirect(homeOf(merchantId, roles), 303);
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
    const { token, person } = signedIn;
    await endEarlier(c, services);
    setSessionCookie(c, services, token);
    return c.redirect(pathAfter(c.req.query("next")) ?? homeOf(person.merchant_id, rolesOf(person)), 303);
  });
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
    await endEarlier(c, services);
    setSessionCookie(c, services, session.token);
    return c.redirect(homeOf(person.merchant_id, rolesOf(person)), 303);
  });
  app.post("/console/sign-out", requireViewer(services), readForm(services), async (c) => {
    await services.db.write([endSession(c.get("viewer").sessionId, services.clock.now())]);
    clearSessionCookie(c, services);
    return c.redirect("/console/sign-in", 303);
  });
}

/** Where to go after signing in: a page of the console. Null for anything else, which may lead to another site. */
export function pathAfter(next: string | undefined): string | null {
  const url = URL.parse(next ?? "", "http://console.invalid");
  if (url?.host !== "console.invalid" || !url.pathname.startsWith("/console/")) return null;
  return url.pathname.startsWith("/console/sign-") ? null : url.pathname + url.search;
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
      <p class="hint">{text.askForLink}</p>
    </>,
  );
}

const visitOf = (c: ConsolePage): Visit => ({
  address: c.get("address"),
  agent: c.req.header("user-agent") ?? "",
  requestId: c.get("requestId"),
});

/** A browser has one session: whoever signs in again leaves none behind that nobody sees. */
async function endEarlier(c: ConsolePage, services: Services): Promise<void> {
  const token = sessionToken(c, services);
  const earlier = token === null ? null : await findSession(services, token);
  if (earlier !== null) await services.db.write([endSession(earlier.session.id, services.clock.now())]);
}

async function linkEnded(c: ConsolePage, services: Services, gates: Gates): Promise<Response> {
  countRequest(c, gates.failures, c.get("address"));
  const { language, text } = textOf(c, services);
  return c.html(await signInPage(language, text.linkEnded, <p>{text.linkEndedHelp}</p>), 404);
}

function textOf(c: ConsolePage, services: Services) {
  const language = languageOf(c, services, c.req.query("lang"), "/console");
  return { language, text: signInText[language] };
}
