import type { Services } from "../../context/services.ts";
import { redact } from "../../telemetry/redact.ts";
import { type Clock, type Outbound, type OutboundAnswer, OutboundError } from "../../platform/ports.ts";
import { type Reach, reachOf } from "../endpoints/ip-address.ts";
import { headersOf } from "./message.ts";
import type { Sign } from "../endpoints/signature.ts";
import { addressesOf } from "../endpoints/url-policy.ts";

const ANSWER_BYTES = 4_096;

/** Why a delivery failed, in words for the merchant. */
export const failures = {
  status: "The endpoint answered, but not with a status of 2xx.",
  redirect: "The endpoint answered with a redirect, which is not followed. Register the URL it leads to.",
  gone: "The endpoint answered 410 Gone and has been disabled.",
  timeout: "No answer came in time. Answer 2xx first and work afterwards.",
  name_not_found: "The host name has no address. Check it in DNS.",
  address_refused: "The host name leads to an address that is not public. Nothing was sent.",
  unreachable: "No connection could be made.",
  tls_failed: "TLS failed: the certificate is not valid for this name, has expired or is not trusted.",
  broken: "The connection broke before an answer came.",
} as const;
export type Failure = keyof typeof failures;

/** What became of one try. Times in ms; `response` is an excerpt. */
export interface Tried {
  readonly failure: Failure | null;
  readonly status: number | null;
  readonly response: string | null;
  readonly retryAfterMs: number | null;
  readonly startedAt: number;
  readonly durationMs: number;
}

/** What a try goes out by. */
export interface Way {
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly reach: Reach;
}

/** How messages of this service go out. */
export const transportOf = (
  { outbound, clock, config }: Pick<Services, "outbound" | "clock" | "config">,
): Way => ({ outbound, clock, timeoutMs: config.webhooks.timeoutMs, reach: reachOf(config) });

/** What is sent where. `secrets` are kept out of what is remembered of the answer. */
export interface Message {
  readonly url: string;
  readonly eventId: string;
  readonly body: string;
  readonly sign: Sign;
  readonly secrets: readonly string[];
}

/** Tries once to deliver a message. Never throws; `stop` ends it as a broken connection. */
export async function attempt(way: Way, message: Message, stop?: AbortSignal): Promise<Tried> {
  const startedAt = way.clock.now();
  const begun = performance.now();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), way.timeoutMs);
  const signal = stop === undefined ? deadline.signal : AbortSignal.any([deadline.signal, stop]);
  const outcome = await send(way, message, signal, startedAt)
    .catch((error: unknown) => failed(deadline.signal.aborted ? "timeout" : codeOf(error)));
  clearTimeout(timer);
  return { ...outcome, startedAt, durationMs: Math.round(performance.now() - begun) };
}

type Outcome = Omit<Tried, "startedAt" | "durationMs">;

const failed = (failure: Failure): Outcome => ({ failure, status: null, response: null, retryAfterMs: null });
const codeOf = (error: unknown): Failure => (error instanceof OutboundError ? error.code : "broken");

async function send(way: Way, message: Message, signal: AbortSignal, now: number): Promise<Outcome> {
  const url = new URL(message.url);
  const target = await ending(addressesOf(way.outbound, url, way.reach), signal);
  if (!target.ok) return failed(target.failure);
  const headers = headersOf(message.eventId, message.body, now, message.sign);
  const request = { url, headers, body: message.body, answerBytes: ANSWER_BYTES, signal };
  for (const [i, address] of target.addresses.entries()) {
    try {
      return judged(await way.outbound.post({ ...request, address }), message, now);
    } catch (error) {
      const unsent = error instanceof OutboundError && error.code === "unreachable";
      if (!unsent || i === target.addresses.length - 1) throw error;
    }
  }
  return failed("unreachable");
}

/** A look-up can't be stopped, but it need not be waited for. */
function ending<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(new OutboundError("broken", "stopped"));
    if (signal.aborted) return aborted();
    signal.addEventListener("abort", aborted, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
  });
}

/** Only 2xx is success. */
function judged({ status, headers, body }: OutboundAnswer, message: Message, now: number): Outcome {
  const failure = status >= 200 && status < 300
    ? null
    : status === 410
    ? "gone"
    : status >= 300 && status < 400
    ? "redirect"
    : "status";
  return {
    failure,
    status,
    response: excerpt(headers["content-type"] ?? "text/plain", body, message.secrets),
    retryAfterMs: failure === null ? null : retryAfter(headers["retry-after"], now),
  };
}

/** The beginning of a text, without secrets, whole phone numbers and what can't be stored. */
function excerpt(type: string, body: Uint8Array, secrets: readonly string[]): string | null {
  if (body.length === 0 || !/^(text\/|application\/([\w.+-]+\+)?(json|xml))/i.test(type)) return null;
  const text = redact(new TextDecoder().decode(body), secrets);
  // deno-lint-ignore no-control-regex -- control characters are what is taken out
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "").trim() || null;
}

/** `Retry-After` in ms: seconds, or a date. Null where it says nothing of use. */
function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
