import type { MiddlewareHandler } from "hono";
import type { InferSelectModel } from "drizzle-orm";
import type { Role } from "../../auth/roles.ts";
import { scopesOf } from "../../auth/roles.ts";
import { merchantDisabled } from "../../auth/standings.ts";
import type { Services } from "../../context/services.ts";
import { first, select } from "../../db/query.ts";
import { merchants } from "../../db/schema.ts";
import { findSession, type OpenSession } from "../../domain/people/sessions.ts";
import { openIdentity, rolesOf } from "../../domain/people/store.ts";
import { addFields, type Env } from "../../http/env.ts";
import { languageOf } from "../../pages/pay/phone-cookie.ts";
import { Problem } from "../../problems/problem.ts";
import { clearSessionCookie, sessionToken } from "./cookie.ts";
import { csrfTokenOf } from "./csrf.ts";
import { keepForm } from "./kept-form.ts";
import { LIVE_PART } from "../live/live.ts";
import { PageRefused } from "./page-refused.ts";
import type { ConsolePage, Viewer } from "./context-of.ts";

/** What a page asks by itself. It does not prolong the session. */
const LIVE_HEADER = "x-malipo-live";

type Merchant = InferSelectModel<typeof merchants>;
const selectMerchant = select(merchants, "WHERE id = ?");

/**
 * Sets `c.get("viewer")`. Without a session it sends the visitor to the sign-in page, and back here afterwards. For paths
 * with `:merchant` the merchant must be the person's own; people of the platform open any. Errors: `not_found`,
 * `merchant_disabled`.
 */
export function requireViewer(services: Services): MiddlewareHandler<Env> {
  return async (c, next) => {
    const token = sessionToken(c, services);
    const isLive = c.req.query("part") === LIVE_PART;
    const isUse = !isLive && c.req.header(LIVE_HEADER) === undefined;
    const open = token === null ? null : await findSession(services, token, { isUse });
    if (open === null) {
      if (isLive) return c.body(null, 204); // only this keeps a browser from connecting again
      if (token !== null) {
        await keepForm(c, services, token);
        clearSessionCookie(c, services);
      }
      return c.redirect(signInUrl(c), 303);
    }
    c.set("viewer", await viewerOf(c, services, open));
    return await next();
  };
}

/** Lets through who has one of the roles. Errors: {@link PageRefused} `role`. */
export function requireRole(...roles: readonly Role[]): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!c.get("viewer").roles.some((role) => roles.includes(role))) throw new PageRefused("role");
    await next();
  };
}

/** Where to go after signing in: the page that was asked for, or that the form stands on. */
const signInUrl = (c: ConsolePage): string => {
  const url = new URL(c.req.url);
  const isPage = c.req.method === "GET" || url.pathname.startsWith("/console/m/") ||
    url.pathname.startsWith("/console/platform/");
  const next = isPage && url.pathname !== "/console" ? url.pathname + url.search : null;
  return next === null ? "/console/sign-in" : `/console/sign-in?${new URLSearchParams({ next })}`;
};

async function viewerOf(c: ConsolePage, services: Services, open: OpenSession): Promise<Viewer> {
  const { person, session } = open;
  const roles = rolesOf(person);
  const isPlatform = roles.includes("platform");
  addFields(c.get("fields"), { person: person.id, merchant: person.merchant_id });
  const merchant = await merchantOfPage(services, open, isPlatform, c.req.param("merchant"));
  if (!isPlatform && merchant.status === "disabled") throw merchantDisabled();
  const { name, email } = await openIdentity(services.vault, person);
  return {
    person: { id: person.id, name, email },
    merchantId: merchant.id,
    merchantName: merchant.name,
    homeMerchantId: person.merchant_id,
    roles,
    scopes: scopesOf(roles),
    isPlatform,
    csrfToken: csrfTokenOf(services, session.id),
    sessionId: session.id,
    method: session.method,
    signedInAt: session.created_at,
    sessionEndsAt: open.endsAt,
    language: languageOf(c, services, c.req.query("lang"), "/console"),
  };
}

async function merchantOfPage(
  { db }: Services,
  { merchant }: OpenSession,
  isPlatform: boolean,
  asked: string | undefined,
): Promise<Merchant> {
  if (asked === undefined || asked === merchant.id) return merchant;
  const other = isPlatform ? await first(db, selectMerchant(asked)) : null;
  if (other === null) throw new Problem("not_found", "There is no such merchant.");
  return other;
}
