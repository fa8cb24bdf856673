/** Reads error answers, in Daraja's envelope or the gateway's, into what they prove. */

import type { Exchange } from "./http.ts";
import { type JsonObject, objectAt, textAt } from "./json.ts";
import { redact } from "../telemetry/redact.ts";
import { judge, type SyncError } from "./sync-codes.ts";
import type { Ambiguous, AmbiguousReason, Rejected } from "./types.ts";

/** An HTTP answer; `error` is null where it holds none. */
export interface Said {
  readonly kind: "answer";
  readonly status: number;
  readonly json: JsonObject | null;
  readonly error: SyncError | null;
  readonly retryAfterMs: number | null;
  /** What must not be repeated from its messages. */
  readonly secrets: readonly string[];
}

/** Daraja's envelope, or the gateway's (daraja.md sections 1 and 3). Null where the answer is no error. */
export function errorOf(answer: Exchange & { readonly kind: "answer" }): SyncError | null {
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

/** What an error answer proves. */
export function concluded(said: Said): Rejected | Ambiguous {
  const error = said.error ?? { status: said.status, code: null, message: "" };
  const verdict = judge(error);
  const message = redact(error.message, said.secrets);
  if (verdict.kind === "ambiguous") {
    return ambiguous(reasonOf(said), error.code, message, verdict.duplicate);
  }
  const pause = said.retryAfterMs === null ? {} : { retryAfterMs: said.retryAfterMs };
  return { outcome: "rejected", code: verdict.failure, darajaCode: error.code, message, ...pause };
}

function reasonOf(said: Said): AmbiguousReason {
  if (said.json === null) return "not_json";
  return said.status >= 500 ? "server_error" : "unknown_code";
}

export function ambiguous(
  reason: AmbiguousReason,
  darajaCode: string | null,
  message: string,
  duplicate = false,
): Ambiguous {
  return { outcome: "ambiguous", reason, darajaCode, message, ...(duplicate ? { duplicate } : {}) };
}
