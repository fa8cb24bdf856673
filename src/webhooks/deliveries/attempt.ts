import type { Services } from "../../context/services.ts";
import { type Clock, type Outbound, OutboundError } from "../../platform/ports.ts";
import { type NetworkPolicy, networkPolicyOf } from "../endpoints/ip-address.ts";
import type { Sign } from "../endpoints/signature.ts";
import { resolveTarget } from "../endpoints/url-policy.ts";
import { ANSWER_BYTES, type AttemptOutcome, failedOutcome, outcomeOfAnswer } from "./answer.ts";
import type { DeliveryFailure } from "./failures.ts";
import { signedHeaders } from "./message.ts";

/** The result of one delivery attempt. `startedAt` is ms since the epoch. */
export interface DeliveryResult extends AttemptOutcome {
  readonly startedAt: number;
  readonly durationMs: number;
}

/** What an attempt needs to send a message. */
export interface Transport {
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly networkPolicy: NetworkPolicy;
}

/** The transport of this service, with the timeout and the network policy of its settings. */
export const createTransport = (
  { outbound, clock, config }: Pick<Services, "outbound" | "clock" | "config">,
): Transport => ({
  outbound,
  clock,
  timeoutMs: config.webhooks.timeoutMs,
  networkPolicy: networkPolicyOf(config),
});

/** A message and its endpoint's URL. `secrets` are removed from the stored answer, in case the endpoint repeats them. */
export interface Message {
  readonly url: string;
  readonly eventId: string;
  readonly body: string;
  readonly sign: Sign;
  readonly secrets: readonly string[];
}

/** Makes one attempt to deliver a message. Never throws. Aborting `stop` ends the attempt with the failure `broken`. */
export async function attemptDelivery(
  transport: Transport,
  message: Message,
  stop?: AbortSignal,
): Promise<DeliveryResult> {
  const startedAt = transport.clock.now();
  const startedTick = performance.now();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), transport.timeoutMs);
  const signal = stop === undefined ? deadline.signal : AbortSignal.any([deadline.signal, stop]);
  const outcome = await send(transport, message, signal, startedAt)
    .catch((error: unknown) => failedOutcome(deadline.signal.aborted ? "timeout" : failureOfError(error)));
  clearTimeout(timer);
  return { ...outcome, startedAt, durationMs: Math.round(performance.now() - startedTick) };
}

const failureOfError = (error: unknown): DeliveryFailure => (error instanceof OutboundError ? error.code : "broken");

async function send(
  transport: Transport,
  message: Message,
  signal: AbortSignal,
  now: number,
): Promise<AttemptOutcome> {
  const url = new URL(message.url);
  const target = await rejectOnAbort(resolveTarget(transport.outbound, url, transport.networkPolicy), signal);
  if (!target.ok) return failedOutcome(shownFailure(transport.networkPolicy, target.failure));
  const headers = signedHeaders(message.eventId, message.body, now, message.sign);
  const request = { url, headers, body: message.body, answerBytes: ANSWER_BYTES, signal };
  for (const [i, address] of target.addresses.entries()) {
    try {
      return outcomeOfAnswer(await transport.outbound.post({ ...request, address }), message.secrets, now);
    } catch (error) {
      const isUnsent = error instanceof OutboundError && error.code === "unreachable";
      if (!isUnsent || i === target.addresses.length - 1) throw error;
    }
  }
  return failedOutcome("unreachable");
}

/**
 * Where only public addresses are called, a name that our network knows and a name that nobody knows fail alike. Otherwise
 * merchants could find out which names there are inside.
 */
const shownFailure = (policy: NetworkPolicy, failure: DeliveryFailure): DeliveryFailure =>
  policy === "public" && failure === "name_not_found" ? "address_refused" : failure;

/** Stops waiting for `work` when the signal aborts. A name look-up itself cannot be stopped. */
function rejectOnAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(new OutboundError("broken", "stopped"));
    if (signal.aborted) return aborted();
    signal.addEventListener("abort", aborted, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
  });
}
