import type { Hono } from "hono";
import type { Services } from "../../context/services.ts";
import { personOfLink, redeemLink } from "../../domain/people/links.ts";
import { endSession, findSession, type Visit } from "../../domain/people/sessions.ts";
import { openIdentity, rolesOf } from "../../domain/people/store.ts";
import type { Role } from "../../auth/roles.ts";
import type { Gates } from "../../http/gates.ts";
import { countRequest } from "../../http/rate-limit.ts";
import { languageOf } from "../../pages/pay/phone-cookie.ts";
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

/** Signing in by a one-time link, and signing out. */
export function sessionRoutes(app: Hono<Env>, services: Services, gates: Gates): void {
  app.get("/console", requireViewer(services), (c) => {
    const { merchantId, roles } = c.get("viewer");
    return c.redirect(homeOf(merchantId, roles), 303);
  });
  app.get("/console/sign-in", gates.slots.pages, async (c) => {
    const { language, text } = textOf(c, services);
    return c.html(await signInPage(language, text.signIn, <p>{text.howToSignIn}</p>));
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
