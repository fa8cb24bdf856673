import type { Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import type { Oidc, OidcAttempt } from "../../auth/oidc.ts";
import type { Services } from "../../context/services.ts";
import { rows, select } from "../../db/query.ts";
import { merchants } from "../../db/schema.ts";
import { emailTicket, peopleOf, signInByTicket } from "../../domain/people/sign-in-by-email.ts";
import type { PersonRow } from "../../domain/people/store.ts";
import { limitBody } from "../../http/body-limit.ts";
import type { Env } from "../../http/env.ts";
import type { Gates } from "../../http/gates.ts";
import { countRequest } from "../../http/rate-limit.ts";
import type { ConsolePage } from "./context-of.ts";
import { isFromOwnPage } from "./csrf.ts";
import { enter, pathAfter, textOf, visitOf } from "./enter.ts";
import { PageRefused } from "./page-refused.ts";
import { signInPage } from "./sign-in-page.tsx";

const PATH = "/console/sign-in/oidc";
const COOKIE = "malipo_sign_in";
const place = { table: "cookies", column: "sign_in", row: "v1" };
const LIFETIME_S = 600;
const FORM_BYTES = 8_192;

const kept = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string().nullable() });

/** Signing in at the configured issuer: there, back, and, where one address is of several people, which of them. */
export function oidcRoutes(app: Hono<Env>, services: Services, gates: Gates, oidc: Oidc): void {
  const redirectUri = `${services.config.server.publicUrl}${PATH}/callback`;
  const options = {
    path: PATH,
    httpOnly: true,
    sameSite: "Lax", // the issuer sends the browser back by a link
    secure: redirectUri.startsWith("https:"),
  } as const;

  app.get(PATH, gates.slots.pages, async (c) => {
    const begun = await oidc.begin(redirectUri);
    if (begun === null) return await refused(c, services, gates);
    const value = JSON.stringify({ ...begun.attempt, next: pathAfter(c.req.query("next")) });
    const sealed = await services.vault.seal(value, place);
    setCookie(c, COOKIE, sealed.toBase64({ alphabet: "base64url", omitPadding: true }), {
      ...options,
      maxAge: LIFETIME_S,
    });
    return c.redirect(begun.url, 303);
  });
  app.get(`${PATH}/callback`, gates.slots.pages, async (c) => {
    const attempt = await readAttempt(services, getCookie(c, COOKIE));
    deleteCookie(c, COOKIE, options);
    if (attempt === null) return await refused(c, services, gates);
    const cameBack = new URL(redirectUri + new URL(c.req.url).search);
    const email = await oidc.finish(cameBack, redirectUri, attempt);
    const people = email === null ? [] : await peopleOf(services, email);
    const [person] = people;
    if (person === undefined) return await refused(c, services, gates);
    if (people.length > 1) return await choice(c, services, people);
    return await enterBy(c, services, gates, person.id, emailTicket(services, person.id), attempt.next);
  });
  app.post(PATH, gates.slots.pages, limitBody(FORM_BYTES), async (c) => {
    if (!isFromOwnPage(c, services)) throw new PageRefused("form_not_ours");
    const form = new URLSearchParams(await c.req.text());
    return await enterBy(c, services, gates, form.get("person") ?? "", form.get("ticket") ?? "", null);
  });
}

async function readAttempt(
  { vault }: Services,
  cookie: string | undefined,
): Promise<OidcAttempt & { readonly next: string | null } | null> {
  if (cookie === undefined || cookie.length > 4_096) return null;
  try {
    const sealed = Uint8Array.fromBase64(cookie, { alphabet: "base64url" });
    return kept.parse(JSON.parse(await vault.openText(sealed, place)));
  } catch {
    return null; // not sealed by this service, or with a key that is gone
  }
}

async function enterBy(
  c: ConsolePage,
  services: Services,
  gates: Gates,
  personId: string,
  ticket: string,
  next: string | null,
): Promise<Response> {
  const signedIn = await signInByTicket(services, personId, ticket, visitOf(c));
  return signedIn === null ? await refused(c, services, gates) : await enter(c, services, signedIn, next);
}

/** One answer, whatever failed: nobody learns which addresses have an account. */
async function refused(c: ConsolePage, services: Services, gates: Gates): Promise<Response> {
  countRequest(c, gates.failures, c.get("address"));
  const { language, text } = textOf(c, services);
  const body = (
    <>
      <p role="alert">{text.oidcRefused}</p>
      <p>
        <a class="button" href="/console/sign-in">{text.signIn}</a>
      </p>
    </>
  );
  return c.html(await signInPage(language, text.signIn, body), 422);
}

const selectMerchants = select(merchants, "WHERE id IN (SELECT value FROM json_each(?))");

/** The same address at several merchants. */
async function choice(c: ConsolePage, services: Services, people: readonly PersonRow[]): Promise<Response> {
  const { language, text } = textOf(c, services);
  const [found] = await rows(services.db, selectMerchants(JSON.stringify(people.map((row) => row.merchant_id))));
  const names = new Map(found.map(({ id, name }) => [id, name]));
  const body = people.map(({ id, merchant_id }) => (
    <form method="post" action={PATH}>
      <input type="hidden" name="person" value={id} />
      <input type="hidden" name="ticket" value={emailTicket(services, id)} />
      <button type="submit">{names.get(merchant_id) ?? merchant_id}</button>
    </form>
  ));
  return c.html(await signInPage(language, text.whichMerchant, <>{body}</>));
}
