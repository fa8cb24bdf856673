import type { Context as HonoContext } from "hono";
import { type Context, type IdempotencyClaim, reachOfRequest } from "../../context/context.ts";
import type { Services } from "../../context/services.ts";
import { addFields, type Env } from "../../http/env.ts";

export type { Viewer } from "../../context/viewer.ts";

export type ConsolePage = HonoContext<Env>;

/**
 * The context for verbs. Who acts is the person, so the audit trail and the API name them. `reach`: `platform` for a page
 * about every merchant, which needs the scope. `claim`: the form's idempotency key.
 */
export function contextOf(
  c: ConsolePage,
  services: Services,
  { reach = "own", claim = null }: { readonly reach?: "own" | "platform"; readonly claim?: IdempotencyClaim | null } =
    {},
): Context {
  const viewer = c.get("viewer");
  return {
    ...services,
    merchantId: viewer.merchantId,
    reach: reachOfRequest(reach, viewer),
    actor: viewer.person.id,
    actorMerchantId: viewer.homeMerchantId,
    address: c.get("address"),
    requestId: c.get("requestId"),
    scopes: viewer.scopes,
    claim,
    language: viewer.language,
    note: (fields) => addFields(c.get("fields"), fields),
  };
}
