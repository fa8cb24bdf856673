/** Reads error answers of Daraja and of its gateway, and says what they prove. */

import type { Exchange } from "./http.ts";
import { type JsonObject, objectAt, textAt } from "./json.ts";
import { redact } from "../telemetry/redact.ts";
import { type DarajaError, type ErrorSource, judgeError } from "./error-codes.ts";
import type { Ambiguous, AmbiguousReason, Rejected } from "./types.ts";

/** An HTTP answer; `error` is null in an answer without an error. */
export interface HttpAnswer {
  readonly kind: "answer";
  readonly status: number;
  readonly json: JsonObject | null;
  readonly error: DarajaError | null;
  readonly retryAfterMs: number | null;
  /** Values that must be removed from its messages. */
  readonly secrets: readonly string[];
}

/** Reads Daraja's error body or the gateway's (daraja.md sections 1 and 3). Null if the answer is not an error. */
export function readError(answer: Exchange & { readonly kind: "answer" }): DarajaError | null {
  const { status, json } = answer;
  const code = textAt(json ?? undefined, "errorCode");
  if (code !== null) return { status, code, message: textAt(json ?? undefined, "errorMessage") ?? "" };
  const fault = objectAt(json ?? undefined, "fault");
  if (fault !== undefined) {
    const faultCode = textAt(objectAt(fault, "detail"), "errorcode");
    return { status, code: faultCode, message: textAt(fault, "faultstring") ?? "" };
  }
  return status >= 200 && status < 300 ? null : { status, code: null, message: "" };
}

/** Says what an error answer proves. */
export function judgeErrorAnswer(answer: HttpAnswer, from: ErrorSource): Rejected | Ambiguous {
  const error = answer.error ?? { status: answer.status, code: null, message: "" };
  const verdict = judgeError(error, from);
  const message = redact(error.message, answer.secrets);
  if (verdict.kind === "ambiguous") {
    return ambiguous(ambiguousReason(answer), error.code, message, verdict.duplicate);
  }
  const pause = answer.retryAfterMs === null ? {} : { retryAfterMs: answer.retryAfterMs };
  return { outcome: "rejected", code: verdict.failure, darajaCode: error.code, message, ...pause };
}

function ambiguousReason(answer: HttpAnswer): AmbiguousReason {
  if (answer.json === null) return "not_json";
  return answer.status >= 500 ? "server_error" : "unknown_code";
}

export function ambiguous(
  reason: AmbiguousReason,
  darajaCode: string | null,
  message: string,
  duplicate = false,
): Ambiguous {
  return { outcome: "ambiguous", reason, darajaCode, message, ...(duplicate ? { duplicate } : {}) };
}
