import type { OutboundAnswer } from "../../platform/ports.ts";
import { redact } from "../../telemetry/redact.ts";
import type { DeliveryFailure } from "./failures.ts";

/** How much of an answer's body is read. */
export const ANSWER_BYTES = 4_096;

/** How an attempt ended. `response` is the beginning of the answer's body; `retryAfterMs` comes from `Retry-After`. */
export interface AttemptOutcome {
  readonly failure: DeliveryFailure | null;
  readonly status: number | null;
  readonly response: string | null;
  readonly retryAfterMs: number | null;
}

/** The outcome of an attempt that got no answer. */
export const failedOutcome = (failure: DeliveryFailure): AttemptOutcome => ({
  failure,
  status: null,
  response: null,
  retryAfterMs: null,
});

/** The outcome that an answer means: only 2xx is success. `now` in ms. */
export function outcomeOfAnswer(
  { status, headers, body }: OutboundAnswer,
  secrets: readonly string[],
  now: number,
): AttemptOutcome {
  const failure = failureOfStatus(status);
  return {
    failure,
    status,
    response: excerpt(headers["content-type"] ?? "text/plain", body, secrets),
    retryAfterMs: failure === null ? null : parseRetryAfter(headers["retry-after"], now),
  };
}

function failureOfStatus(status: number): DeliveryFailure | null {
  if (status >= 200 && status < 300) return null;
  if (status === 410) return "gone";
  return status >= 300 && status < 400 ? "redirect" : "status";
}

/** The text of a body without secrets, whole phone numbers and control characters; null if the body is not text. */
function excerpt(type: string, body: Uint8Array, secrets: readonly string[]): string | null {
  if (body.length === 0 || !/^(text\/|application\/([\w.+-]+\+)?(json|xml))/i.test(type)) return null;
  const text = redact(new TextDecoder().decode(body), secrets);
  // deno-lint-ignore no-control-regex -- control characters are removed here
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "").trim() || null;
}

/** The delay of a `Retry-After` header in ms. The header holds seconds or a date; null for anything else. */
function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
