import type { Hono } from "hono";
import type { Services } from "../context/context.ts";
import { addFields, type Env } from "../http/env.ts";
import { limitBody } from "../http/body-limit.ts";
import type { KeyValue } from "../platform/ports.ts";
import { validatePayment, validationReply } from "../domain/payments/validate-payment.ts";
import { Problem } from "../problems/problem.ts";
import { acceptNotice } from "./accept-notice.ts";

const LIMIT = 262_144;
const ACCEPTED = { ResultCode: 0, ResultDesc: "Accepted" };

/** Daraja's way in. The capability in the path is the only proof of origin there is: callbacks are unsigned. */
export function callbackRoutes(app: Hono<Env>, services: Services, kv: KeyValue | null): void {
  app.post("/notify/:capability", limitBody(LIMIT), async (c) => {
    const capability = services.capabilities.read(c.req.param("capability"));
    if (capability === null || capability.kind === "hosted") {
      services.log.write("warn", "callback_refused", { request_id: c.get("requestId") });
      throw new Problem("not_found", "This is not a callback URL of ours.");
    }
    addFields(c.get("fields"), { callback: capability.kind, about: capability.id });
    if (capability.kind === "c2b_validation") {
      const verdict = await validatePayment(services, capability.id, await c.req.text());
      addFields(c.get("fields"), { validation: verdict.code, rule_known: verdict.known });
      return c.json(validationReply(verdict));
    }
    await acceptNotice(services, kv, capability, await c.req.text());
    return c.json(ACCEPTED);
  });
}
