import type { MiddlewareHandler } from "hono";
import type { Scope } from "../auth/scopes.ts";
import type { Services } from "../context/services.ts";
import { prefixOf } from "../crypto/ids.ts";
import { auditEntry } from "../db/trail.ts";
import { createLru } from "../lib/lru.ts";
import { Problem, type ProblemCode } from "../problems/problem.ts";
import { errorText } from "../telemetry/log.ts";
import type { Env } from "./env.ts";
import type { Operation } from "./operation.ts";

const MINUTE_MS = 60_000;
const MAX_KNOWN = 2_000;

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

/**
 * Records in the audit trail that a client was refused what moves money or administers. The same refusal is recorded once
 * a minute in each process, with how often it came before: a caller can't fill the table. The answer does not depend on it.
 */
export function recordDenials(services: Services): (operation: Operation) => MiddlewareHandler<Env> {
  const { db, clock, log } = services;
  const known = createLru<string, { readonly until: number; repeats: number }>(MAX_KNOWN);
  return (operation) => {
    const isWatched = WATCHED.has(operation.scope);
    return async (c, next) => {
      await next();
      const error = c.error;
      const principal = c.get("principal");
      if (!isWatched || !(error instanceof Problem) || !DENIALS.has(error.code) || principal === undefined) return;
      const now = clock.now();
      const key = `${principal.clientId} ${operation.id} ${error.code}`;
      const before = known.get(key);
      if (before !== undefined && now < before.until) return void before.repeats++;
      known.set(key, { until: now + MINUTE_MS, repeats: 0 });
      const id = c.req.param("id") ?? "";
      const author = {
        merchantId: principal.merchantId,
        actor: principal.clientId,
        actorMerchantId: principal.merchantId,
        address: c.get("address"),
        requestId: c.get("requestId"),
        clock,
      };
      const subject = prefixOf(id) === null ? operation.id : id; // another text may be anything
      const repeats = before?.repeats ?? 0;
      const data = { operation: operation.id, code: error.code, ...(repeats === 0 ? {} : { repeats }) };
      await db.write([auditEntry(author, "access.denied", subject, data)])
        .catch((failed: unknown) => log.write("warn", "denial_not_recorded", { error: errorText(failed) }));
    };
  };
}
