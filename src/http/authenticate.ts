import type { MiddlewareHandler } from "hono";
import type { Scope } from "../auth/scopes.ts";
import { type Principal, TokenError, type Tokens } from "../auth/tokens.ts";
import { requireScope } from "../context/context.ts";
import { Problem } from "../problems/problem.ts";
import { addFields, type Env } from "./env.ts";
import type { Gates } from "./gates.ts";
import { countRequest } from "./rate-limit.ts";

export interface AccessControl {
  readonly tokens: Tokens;
  readonly gates: Gates;
}

/** Verifies the access token, counts the request of its client, and checks the scope. Errors: `token_missing`, `token_invalid`, `token_expired`, `rate_limited`, `insufficient_scope`. */
export function authenticate(access: AccessControl, scope: Scope): MiddlewareHandler<Env> {
  return async (c, next) => {
    const header = c.req.header("authorization");
    const token = header === undefined ? null : /^Bearer +(\S+)$/i.exec(header)?.[1] ?? null;
    if (token === null) {
      throw new Problem(
        "token_missing",
        "Send an access token: Authorization: Bearer <token>, from POST /oauth/token.",
      );
    }
    const principal = await verifyToken(access.tokens, token).catch((error: unknown) => {
      if (isUnknownToken(error)) countRequest(c, access.gates.failures, c.get("address"));
      throw error;
    });
    countRequest(c, access.gates.clients, principal.clientId);
    addFields(c.get("fields"), { client: principal.clientId, merchant: principal.merchantId });
    c.set("principal", principal);
    requireScope(principal, scope); // `run` checks again; this check comes before the body is read
    await next();
  };
}

async function verifyToken(tokens: Tokens, token: string): Promise<Principal> {
  try {
    return await tokens.verify(token);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const code = error.code === "token_expired" || error.code === "token_missing" ? error.code : "token_invalid";
    throw new Problem(code, `${error.message} Get one from POST /oauth/token; they live 10 minutes.`);
  }
}

/** Whether a token was never ours. One that has expired was. */
const isUnknownToken = (error: unknown): boolean => error instanceof Problem && error.code === "token_invalid";
