import type { Context as HonoContext } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Services } from "../../context/services.ts";
import { LONGEST_MS } from "../../domain/people/sessions.ts";
import type { Env } from "../../http/env.ts";

type Page = HonoContext<Env>;
const MAX_TOKEN = 100;

/**
 * The cookie of a session. With `__Host-` no other host and no page over http can set it, so nobody can give a visitor a
 * session of their own. Browsers accept that name over https only, so over http (development, on this machine) the cookie
 * has a plain name.
 */
const cookieOf = ({ config }: Services) => {
  const secure = config.server.publicUrl.startsWith("https:");
  return {
    name: secure ? "__Host-malipo_session" : "malipo_session",
    // Lax: a link in an e-mail opens the console, and no other site can post a form to it
    options: { path: "/", httpOnly: true, sameSite: "Lax", secure } as const,
  };
};

/** The token of the visitor's session; null if the request has none. */
export function sessionToken(c: Page, services: Services): string | null {
  const token = getCookie(c, cookieOf(services).name);
  return token === undefined || token === "" || token.length > MAX_TOKEN ? null : token;
}

export function setSessionCookie(c: Page, services: Services, token: string): void {
  const { name, options } = cookieOf(services);
  setCookie(c, name, token, { ...options, maxAge: LONGEST_MS / 1000 });
}

export function clearSessionCookie(c: Page, services: Services): void {
  const { name, options } = cookieOf(services);
  deleteCookie(c, name, options);
}
