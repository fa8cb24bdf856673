import type { Context as HonoContext } from "hono";
import type { Context, Services } from "../context/context.ts";
import { OwnReach } from "../db/reach.ts";
import { addFields, type Env } from "../http/env.ts";

/** The context of somebody who has opened a page of a merchant: without a scope, and without an address. */
export function visitorContext(
  c: HonoContext<Env>,
  services: Services,
  merchantId: string,
  actor: "shopper" | "reader",
): Context {
  const note: Context["note"] = (fields) => addFields(c.get("fields"), fields);
  note({ merchant: merchantId });
  return {
    ...services,
    merchantId,
    reach: OwnReach.of(merchantId),
    actor,
    requestId: c.get("requestId"),
    scopes: new Set(),
    claim: null,
    note,
  };
}
