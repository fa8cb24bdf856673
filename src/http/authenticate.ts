import type { Context as HonoContext, MiddlewareHandler } from "hono";
import { isFromAllowed } from "../auth/client-access.ts";
import { DpopError, type DpopProofs } from "../auth/dpop.ts";
import type { Scope } from "../auth/scopes.ts";
import type { OutsideTokens } from "../auth/outside/outside-tokens.ts";
import type { Standings } from "../auth/standings.ts";
import { type Principal, TokenError, type Tokens } from "../auth/tokens.ts";
import { reachOfRequest, requireScope } from "../context/context.ts";
import { Problem } from "../problems/problem.ts";
import { addFields, type Env } from "./env.ts";
import type { Gates } from "./gates.ts";
import type { Operation } from "./operation.ts";
import { countRequest } from "./rate-limit.ts";

export interface AccessControl {
  readonly tokens: Tokens;
  readonly outside: OutsideTokens;
  readonly standings: Standings;
  readonly dpop: DpopProofs;
  /** The origin that callers name in their proofs. */
  readonly publicUrl: string;
  readonly gates: Gates;
}

/** Money and administration: for these a revocation counts at once, for the others within 5 s. */
const CHECKED_AT_ONCE: ReadonlySet<Scope> = new Set(
  [
    "payouts:write",
    "payouts:approve",
    "refunds:write",
    "shortcodes:write",
    "webhooks:write",
    "audit:read",
    "operator",
    "platform",
  ] as const,
);

/**
 * Verifies the access token, counts the request of its client, checks the scope, and whether the client may still act.
 * Errors: `token_missing`, `token_invalid`, `token_expired`, `issuer_unavailable`, `rate_limited`,
 * `insufficient_scope`, `token_revoked`, `merchant_disabled`, `dpop_invalid`, `address_not_allowed`.
 */
export function authenticate(
  access: AccessControl,
  { scope, orScope, anyScope, reach }: Pick<Operation, "scope" | "orScope" | "anyScope" | "reach">,
): MiddlewareHandler<Env> {
  return async (c, next) => {
    const [, scheme = "", token] = /^(Bearer|DPoP) +(\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
    if (token === undefined) {
      throw new Problem(
        "token_missing",
        "Send an access token: Authorization: Bearer <token>, from POST /oauth/token.",
      );
    }
    const principal = await verifyToken(access, token).catch((error: unknown) => {
      if (error instanceof OtherIssuer) addFields(c.get("fields"), { token_issuer: error.issuer });
      else if (isUnknownToken(error)) countRequest(c, access.gates.failures, c.get("address"));
      throw error;
    });
    countRequest(c, access.gates.clients, principal.clientId);
    addFields(c.get("fields"), { client: principal.clientId, merchant: principal.merchantId });
    c.set("principal", principal);
    // `run` checks the scope again; this check comes before the body is read
    const held = orScope !== undefined && principal.scopes.has(orScope) ? orScope : scope;
    if (anyScope !== true) requireScope({ scopes: principal.scopes, reach: reachOfRequest(reach, principal) }, held);
    const own = await access.standings.check(principal, anyScope !== true && CHECKED_AT_ONCE.has(scope));
    c.set("access", own);
    await requireProof(c, access, { principal, token, isDpop: scheme.toLowerCase() === "dpop", ...own });
    if (!isFromAllowed(own, c.get("address"))) {
      throw new Problem("address_not_allowed", `This client may not call from ${c.get("address")}.`);
    }
    await next();
  };
}

/** What decides whether a request needs a proof of its key. */
interface Bound {
  readonly principal: Principal;
  readonly token: string;
  /** Whether the token came with the scheme DPoP. */
  readonly isDpop: boolean;
  /** What the settings of its client say. */
  readonly dpop: "allowed" | "required";
}

/** Refuses a token that is bound to a key without a proof of that key. Errors: `dpop_invalid`. */
async function requireProof(c: HonoContext<Env>, access: AccessControl, bound: Bound): Promise<void> {
  const { keyThumbprint } = bound.principal;
  if (keyThumbprint === null) {
    if (bound.dpop === "allowed" && !bound.isDpop) return;
    const why = bound.isDpop ? "This token is bound to no key" : "This client uses tokens that are bound to a key only";
    throw new Problem("dpop_invalid", `${why}. Ask for one with a DPoP proof at POST /oauth/token.`);
  }
  if (!bound.isDpop) {
    throw new Problem("dpop_invalid", "This token is bound to a key. Send it as `Authorization: DPoP <token>`.");
  }
  const url = access.publicUrl + new URL(c.req.url).pathname;
  const request = { proof: c.req.header("dpop"), method: c.req.method, url, token: bound.token };
  const proven = await access.dpop.verify(request).catch((error: unknown) => {
    if (!(error instanceof DpopError)) throw error;
    throw new Problem("dpop_invalid", `The DPoP proof is not valid: ${error.message}.`);
  });
  if (proven !== keyThumbprint) throw new Problem("dpop_invalid", "The DPoP proof is of another key than the token.");
}

/** The token is good, but was issued under another PUBLIC_URL: two processes of one service are set up differently. */
class OtherIssuer extends Problem {
  constructor(readonly issuer: string) {
    super(
      "token_invalid",
      `The access token was issued by ${issuer}, and this service has another PUBLIC_URL. Get a token from the address that ` +
        "you call. If both are one service, its operator has to give every process the same PUBLIC_URL.",
    );
  }
}

async function verifyToken({ tokens, outside }: AccessControl, token: string): Promise<Principal> {
  const isOutside = outside.isFrom(token);
  try {
    return await (isOutside ? outside : tokens).verify(token);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const code = error.code === "token_expired" || error.code === "token_missing" ? error.code : "token_invalid";
    if (error.issuer !== null) throw new OtherIssuer(error.issuer);
    const source = isOutside ? "its issuer." : "POST /oauth/token; they live 10 minutes.";
    throw new Problem(code, `${error.message} Get one from ${source}`);
  }
}

/** Whether a token was never ours. One that has expired was. */
const isUnknownToken = (error: unknown): boolean => error instanceof Problem && error.code === "token_invalid";
