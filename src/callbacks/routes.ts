import type { Hono } from "hono";
import type { Services } from "../context/context.ts";
import { addFields, type Env } from "../http/env.ts";
import { limitBody } from "../http/body-limit.ts";
import type { KeyValue } from "../platform/ports.ts";
import { validatePayment, validationReply } from "../domain/payments/validate-payment.ts";
import { Problem } from "../problems/problem.ts";
import { acceptNotice } from "./accept-notice.ts";

const LIMIT_BYTES = 262_144;
const accepted = { ResultCode: 0, ResultDesc: "Accepted" };

/** The route that Daraja posts to. Callbacks are unsigned: the capability in the path is the only proof of their origin. */
export function callbackRoutes(app: Hono<Env>, services: Services, kv: KeyValue | null): void {
  app.post("/notify/:capability", limitBody(LIMIT_BYTES), async (c) => {
    const capability = services.capabilities.verify(c.req.param("capability"));
    if (capability === null || capability.kind === "hosted") {
      services.log.write("warn", "callback_refused", { request_id: c.get("requestId") });
      throw new Problem("not_found", "This is not a callback URL of ours.");
    }
    const { kind, id } = capability;
    addFields(c.get("fields"), { callback: kind, about: id });
    if (kind === "c2b_validation") {
      const verdict = await validatePayment(services, id, await c.req.text());
      addFields(c.get("fields"), { validation: verdict.code, rule_known: verdict.isRuleKnown });
      return c.json(validationReply(verdict));
    }
    await acceptNotice(services, kv, { kind, id }, await c.req.text());
    return c.json(accepted);
  });
}
