import type { Context as HonoContext, Hono, MiddlewareHandler } from "hono";
import type { Services } from "../context/context.ts";
import type { CallbackKind, Capability } from "../crypto/capability.ts";
import { addFields, type Env } from "../http/env.ts";
import { limitBody } from "../http/body-limit.ts";
import type { Gates } from "../http/gates.ts";
import { countRequest } from "../http/rate-limit.ts";
import type { KeyValue } from "../platform/ports.ts";
import { validatePayment, validationReply } from "../domain/payments/validate-payment.ts";
import type { Telemetry } from "../telemetry/tracing.ts";
import { Problem } from "../problems/problem.ts";
import { acceptNotice } from "./accept-notice.ts";
import { isRevoked, isSafaricom } from "./source.ts";

/** The largest body of each kind, in bytes. Real ones have at most 3 KB; what is too large can't be kept, so it is lost. */
const LIMIT_BYTES = 262_144;
/** A validation keeps nothing, and each paybill's customers wait for its answer. */
const VALIDATION_BYTES = 16_384;
const accepted = { ResultCode: 0, ResultDesc: "Accepted" };

/** The route that Daraja posts to. Callbacks are unsigned: the capability in the path is the only proof of their origin. */
export function callbackRoutes(app: Hono<Env>, services: Services, kv: KeyValue | null, gates: Gates): void {
  const { bodyDeadlineMs } = services.config.limits.requests;
  const readNotice = limitBody(LIMIT_BYTES, bodyDeadlineMs);
  const readValidation = limitBody(VALIDATION_BYTES, bodyDeadlineMs);
  /** Why a good capability is not accepted; null: it is. Who asks gets the same 404 as for one that never was. */
  const refusalOf = async (c: HonoContext<Env>, capability: Capability): Promise<"source" | "revoked" | null> => {
    const isFrom = isSafaricom(services, c.get("address"));
    if (services.config.callbacks.sources === "enforce" && !isFrom) return "source";
    return await isRevoked(services, capability) ? "revoked" : null;
  };
  /** Only who has a URL of ours may send a body, which is read then. */
  const checkCapability: MiddlewareHandler<Env> = async (c, next) => {
    const capability = services.capabilities.verify(c.req.param("capability") ?? "");
    const reason = capability === null || !isCallback(capability) ? "unknown" : await refusalOf(c, capability);
    if (capability !== null && reason === null) {
      countRequest(c, gates.perUrl, `${capability.kind}/${capability.id}`);
      return await (capability.kind === "c2b_validation" ? readValidation : readNotice)(c, next);
    }
    countRequest(c, gates.failures, c.get("address"));
    services.log.write("warn", "callback_refused", { request_id: c.get("requestId"), reason });
    throw notOurs();
  };
  app.post("/notify/:capability", checkCapability, gates.slots.callbacks, async (c) => {
    const capability = services.capabilities.verify(c.req.param("capability"));
    if (capability === null || !isCallback(capability)) throw notOurs(); // for the compiler: it was checked before
    const { kind, id } = capability;
    addFields(c.get("fields"), { callback: kind, about: id });
    if (services.telemetry !== null) await linkPrompt(services.telemetry, kind, id);
    if (kind === "c2b_validation") {
      const verdict = await validatePayment(services, id, await c.req.text());
      addFields(c.get("fields"), { validation: verdict.code, rule_known: verdict.isRuleKnown });
      return c.json(validationReply(verdict));
    }
    const sourceKnown = services.config.callbacks.sources === "off" ? null : isSafaricom(services, c.get("address"));
    await acceptNotice(services, kv, { kind, id, sourceKnown }, await c.req.text());
    return c.json(accepted);
  });
}

/**
 * Links a callback to the span of what was asked of Daraja, whose trace may be minutes old. The notice waits for it: if that
 * span was recorded, the notice and all that it leads to are recorded too.
 */
async function linkPrompt(telemetry: Telemetry, kind: string, id: string): Promise<void> {
  const asked = await telemetry.stored(id);
  if (asked !== null) telemetry.link(asked);
  telemetry.annotate({ "malipo.callback": kind, "malipo.subject": id });
}

const notOurs = (): Problem => new Problem("not_found", "This is not a callback URL of ours.");

const isCallback = (
  capability: Capability,
): capability is Capability & { readonly kind: CallbackKind | "c2b_validation" } =>
  capability.kind !== "hosted" && capability.kind !== "receipt" && capability.kind !== "account";
