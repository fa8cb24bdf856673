import type { MiddlewareHandler } from "hono";
import type { Services } from "../../context/services.ts";
import { denialTrail } from "../../http/denial-trail.ts";
import type { Env } from "../../http/env.ts";
import type { Page } from "../kit/page.ts";

/** Records in the audit trail that a person was refused a page or a form: it is answered 403. */
export function recordPageDenials(services: Services): (page: Pick<Page, "path">) => MiddlewareHandler<Env> {
  const record = denialTrail(services);
  return ({ path }) => async (c, next) => {
    await next();
    const viewer = c.get("viewer");
    if (c.res.status !== 403 || viewer === undefined) return; // without a session there is nobody to name
    const { problem } = c.get("fields");
    await record({
      author: {
        merchantId: viewer.merchantId,
        actor: viewer.person.id,
        actorMerchantId: viewer.homeMerchantId,
        address: c.get("address"),
        requestId: c.get("requestId"),
        clock: services.clock,
      },
      operation: `${c.req.method === "POST" ? "form" : "page"} ${path}`,
      code: typeof problem === "string" ? problem : "insufficient_scope",
      id: c.req.param("id"),
    });
  };
}
