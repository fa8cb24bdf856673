import type { Services } from "../../context/context.ts";
import type { FailureCode } from "../../daraja/daraja.ts";

/** How long one cause is told once, in ms. */
const REPEAT_MS = 60 * 60_000;

/** Refusals that only a change of the setup ends: the next payout meets the same one. */
const ofSetup: ReadonlySet<FailureCode> = new Set([
  "product_not_enabled",
  "credentials_rejected",
  "initiator_rejected",
  "initiator_not_allowed",
  "initiator_locked",
  "shortcode_misconfigured",
  "service_not_found",
  "callback_url_refused",
]);

/** Whether a refused request shows that the setup of the shortcode or of the service is wrong. */
export const isSetupFault = (code: FailureCode): boolean => ofSetup.has(code);

/**
 * The level of the log line about a refusal: `alert` for the first of its cause in this process and then once an hour,
 * else `warn`. One wrong setting refuses each payout, and each of its tries.
 */
export function refusalLevel(
  { sweepState, clock }: Pick<Services, "sweepState" | "clock">,
  ...cause: readonly string[]
): "alert" | "warn" {
  const { toldCauses } = sweepState;
  const key = cause.join("/");
  const now = clock.now();
  const last = toldCauses.get(key);
  if (last !== undefined && now - last < REPEAT_MS) return "warn";
  toldCauses.delete(key);
  toldCauses.set(key, now);
  for (const [told, at] of toldCauses) if (now - at >= REPEAT_MS) toldCauses.delete(told);
  return "alert";
}
