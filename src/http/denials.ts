import type { MiddlewareHandler } from "hono";
import type { Scope } from "../auth/scopes.ts";
import type { Services } from "../context/services.ts";
import { Problem, type ProblemCode } from "../problems/problem.ts";
import { denialTrail } from "./denial-trail.ts";
import type { Env } from "./env.ts";
import type { Operation } from "./operation.ts";

/** Money and administration: what a refusal of it is worth. */
const WATCHED: ReadonlySet<Scope> = new Set(
  [
    "payouts:write",
    "payouts:approve",
    "refunds:write",
    "payments:write",
    "shortcodes:write",
    "webhooks:write",
    "audit:read",
    "operator",
    "platform",
  ] as const,
);

/** Refusals of somebody whom we know. An id of another merchant is answered as not found. */
const DENIALS: ReadonlySet<ProblemCode> = new Set(
  [
    "insufficient_scope",
    "scope_not_held",
    "own_lineage",
    "other_lineage",
    "own_payout",
    "merchant_disabled",
    "token_revoked",
    "dpop_invalid",
    "address_not_allowed",
    "signature_invalid",
    "not_found",
  ] as const,
);

/** Records in the audit trail that a client was refused what moves money or administers. */
export function recordDenials(services: Services): (operation: Operation) => MiddlewareHandler<Env> {
  const record = denialTrail(services);
  return (operation) => {
    const isWatched = WATCHED.has(operation.scope);
    return async (c, next) => {
      await next();
      const error = c.error;
      const principal = c.get("principal");
      if (!isWatched || !(error instanceof Problem) || !DENIALS.has(error.code) || principal === undefined) return;
      const author = {
        merchantId: principal.merchantId,
        actor: principal.clientId,
        actorMerchantId: principal.merchantId,
        address: c.get("address"),
        requestId: c.get("requestId"),
        clock: services.clock,
      };
      await record({ author, operation: operation.id, code: error.code, id: c.req.param("id") });
    };
  };
}
