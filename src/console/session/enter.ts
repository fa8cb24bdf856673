import type { Role } from "../../auth/roles.ts";
import type { Services } from "../../context/services.ts";
import { endSession, findSession, type Visit } from "../../domain/people/sessions.ts";
import { type PersonRow, rolesOf } from "../../domain/people/store.ts";
import type { Language } from "../../pages/text/language.ts";
import { languageOf } from "../../pages/pay/phone-cookie.ts";
import type { ConsolePage } from "./context-of.ts";
import { sessionToken, setSessionCookie } from "./cookie.ts";
import { keptAddress } from "./kept-form.ts";
import { type SignInText, signInText } from "./text.ts";

/* What the ways of signing in share. */

/** The page where a person starts: cashiers sell, approvers approve, people of the platform look after all merchants, the others see how today is. */
export function homeOf(merchantId: string, roles: readonly Role[]): string {
  if (roles.includes("platform")) return "/console/platform";
  const [only, ...others] = roles;
  const page = others.length > 0 ? "home" : only === "cashier" ? "sell" : only === "approver" ? "approvals" : "home";
  return `/console/m/${merchantId}/${page}`;
}

/** Where to go after signing in: a page of the console. Null for anything else, which may lead to another site. */
export function pathAfter(next: string | undefined): string | null {
  const url = URL.parse(next ?? "", "http://console.invalid");
  if (url?.host !== "console.invalid" || !url.pathname.startsWith("/console/")) return null;
  return url.pathname.startsWith("/console/sign-") ? null : url.pathname + url.search;
}

/** Where a request comes from. */
export const visitOf = (c: ConsolePage): Visit => ({
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

/** Whom a new session is for, and its token. */
export interface SignedIn {
  readonly token: string;
  readonly person: PersonRow;
}

/** Gives the browser its session, and leads to `next`, or to the first page of the person. */
export async function enter(
  c: ConsolePage,
  services: Services,
  { token, person }: SignedIn,
  next: string | null,
): Promise<Response> {
  await endEarlier(c, services);
  setSessionCookie(c, services, token);
  const page = next ?? await keptAddress(c, services, person.id) ?? homeOf(person.merchant_id, rolesOf(person));
  return c.redirect(page, 303);
}

/** The words of the pages before signing in, in the visitor's language. */
export function textOf(
  c: ConsolePage,
  services: Services,
): { readonly language: Language; readonly text: SignInText } {
  const language = languageOf(c, services, c.req.query("lang"), "/console");
  return { language, text: signInText[language] };
}
