/** One authenticated call to Daraja: breaker, token, HTTP exchange, and what the answer proves. */

import type { Breaker, CallPermit } from "./breaker.ts";
import { type Exchange, exchange, USER_AGENT } from "./http.ts";
import type { JsonObject } from "./json.ts";
import type { TokenResult } from "./oauth.ts";
import { redact } from "../telemetry/redact.ts";
import { inSpan } from "../telemetry/tracing.ts";
import { ambiguous, type HttpAnswer, judgeErrorAnswer, readError } from "./error-answer.ts";
import { type ErrorSource, type ErrorVerdict, judgeError } from "./error-codes.ts";
import type { TokenSource } from "./token.ts";
import type { Ambiguous, AmbiguousReason, DarajaApp, DarajaDeps, Rejected, Unreachable } from "./types.ts";

export interface Operation {
  readonly name: string;
  readonly path: string;
  /** The shortcode whose circuit breaker counts this call. */
  readonly shortcode: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  /** Whether it may be sent again after a network failure: a second call can then neither charge nor prompt anyone. */
  readonly isSafeToRepeat: boolean;
  /** Whose texts of errors count; `other` unless given. */
  readonly errorSource?: ErrorSource;
}

type TokenFailure = Exclude<TokenResult, { readonly kind: "token" }>;

/** What every call needs. */
export interface Caller {
  readonly deps: DarajaDeps;
  readonly tokens: TokenSource;
  readonly breaker: Breaker;
  /** How many calls wait for their answer now. */
  callsInFlight: number;
}

/** How a call ended. Only a refused token has been judged; other error answers have not. */
export type CallOutcome =
  | HttpAnswer
  | { readonly kind: "lost"; readonly reason: AmbiguousReason }
  | Rejected
  | Unreachable;

/** How a call ended, with error answers judged by the tables of codes. */
export type JudgedCall =
  | { readonly outcome: "answered"; readonly json: JsonObject }
  | Rejected
  | Ambiguous
  | Unreachable;

/** Calls, and judges error answers by the tables of codes. The caller reads a JSON answer without an error. */
export async function call(caller: Caller, app: DarajaApp, operation: Operation): Promise<JudgedCall> {
  const result = await callUnjudged(caller, app, operation);
  if ("outcome" in result) return result;
  if (result.kind === "lost") return ambiguous(result.reason, null, "");
  if (result.json !== null && result.error === null) return { outcome: "answered", json: result.json };
  return judgeErrorAnswer(result, operation.errorSource ?? "other");
}

/**
 * Calls Daraja and writes the log line of the call. If Daraja refuses the token, it calls once more with a new token: the
 * refusal proves that the first request was not taken.
 */
export async function callUnjudged(caller: Caller, app: DarajaApp, operation: Operation): Promise<CallOutcome> {
  const { deps, breaker } = caller;
  const startedAt = deps.clock.now();
  const { name, shortcode } = operation;
  const attributes = { "malipo.daraja.operation": name, "malipo.shortcode": shortcode };
  return await inSpan(deps.tracing, `daraja ${name}`, { kind: "client", attributes }, async (span) => {
    const permit = breaker.requestPermit(shortcode);
    const result: CallOutcome = permit === null
      ? { outcome: "unreachable", reason: "breaker_open" }
      : await callWithPermit(caller, app, operation, permit);
    const fields = logFields(result);
    for (const [field, value] of Object.entries(fields)) {
      if (typeof value === "string" || typeof value === "number") span.set({ [`malipo.daraja.${field}`]: value });
    }
    if (fields.outcome !== "answer") span.fail(String(fields.reason ?? fields.code));
    deps.log("daraja_call", { operation: name, shortcode, duration_ms: deps.clock.now() - startedAt, ...fields });
    return result;
  });
}

async function callWithPermit(
  caller: Caller,
  app: DarajaApp,
  operation: Operation,
  permit: CallPermit,
): Promise<CallOutcome> {
  let failed = true; // stays true if the call throws
  caller.callsInFlight++;
  try {
    const result = await callWithToken(caller, app, operation);
    failed = isTransportFailure(result);
    return result;
  } finally {
    caller.callsInFlight--;
    permit.done(failed ? "failed" : "answered");
  }
}

async function callWithToken(caller: Caller, app: DarajaApp, operation: Operation): Promise<CallOutcome> {
  const token = await caller.tokens.get(app);
  if (token.kind !== "token") return tokenFailure(token, app);
  const first = await sendRequest(caller, operation, token.token);
  if (!tokenRefusal(first)) return outcomeOf(first, app, token.token);
  const next = await caller.tokens.get(app, token.token);
  if (next.kind !== "token") return tokenFailure(next, app);
  const second = await sendRequest(caller, operation, next.token);
  const verdict = tokenRefusal(second);
  if (verdict === null) return outcomeOf(second, app, next.token);
  const error = second.kind === "answer" ? readError(second) : null;
  return {
    outcome: "rejected",
    code: verdict.failure,
    darajaCode: error?.code ?? null,
    message: redact(error?.message ?? "", secretsOf(app, next.token)),
    isTokenRefused: true,
  };
}

async function sendRequest(caller: Caller, operation: Operation, token: string): Promise<Exchange> {
  const request = {
    method: "POST",
    url: `${caller.deps.baseUrl}${operation.path}`,
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/json",
      "content-type": "application/json", // without it Daraja answers "Invalid BusinessShortCode" (daraja.md section 2.1)
      "user-agent": USER_AGENT,
    },
    body: JSON.stringify(operation.body),
    timeoutMs: operation.timeoutMs,
  } as const;
  const first = await exchange(caller.deps.fetch, request);
  return first.kind !== "answer" && operation.isSafeToRepeat ? await exchange(caller.deps.fetch, request) : first;
}

/** Null unless Daraja refused the token. */
function tokenRefusal(answer: Exchange): (ErrorVerdict & { readonly kind: "invalid_token" }) | null {
  if (answer.kind !== "answer") return null;
  const verdict = judgeError(readError(answer) ?? { status: answer.status, code: null, message: "" }, "other");
  return verdict.kind === "invalid_token" ? verdict : null;
}

function outcomeOf(answer: Exchange, app: DarajaApp, token: string): CallOutcome {
  if (answer.kind === "not_sent") return { outcome: "unreachable", reason: answer.reason };
  if (answer.kind === "lost") return answer;
  const { status, json, retryAfterMs } = answer;
  return { kind: "answer", status, json, error: readError(answer), retryAfterMs, secrets: secretsOf(app, token) };
}

/** Business answers and a 429 show that Daraja works. An HTML 5xx comes from the edge while the service is down. */
function isTransportFailure(result: CallOutcome): boolean {
  if ("outcome" in result) return result.outcome === "unreachable" && result.retryAfterMs === undefined;
  return result.kind === "lost" || (result.status >= 500 && result.json === null);
}

function tokenFailure(token: TokenFailure, app: DarajaApp): Rejected | Unreachable {
  if (token.kind === "refused") {
    const message = redact(token.message, secretsOf(app));
    return { outcome: "rejected", code: token.failure, darajaCode: token.darajaCode, message, isTokenRefused: true };
  }
  const pause = token.retryAfterMs === undefined ? {} : { retryAfterMs: token.retryAfterMs };
  return { outcome: "unreachable", reason: "token_unavailable", ...pause };
}

function secretsOf(app: DarajaApp, token = ""): readonly string[] {
  return [token, app.consumerKey, app.consumerSecret];
}

function logFields(result: CallOutcome): Record<string, unknown> {
  if ("outcome" in result) {
    return result.outcome === "rejected"
      ? { outcome: "refused", code: result.code, daraja_code: result.darajaCode }
      : { outcome: result.outcome, reason: result.reason };
  }
  if (result.kind === "lost") return { outcome: "lost", reason: result.reason };
  return { outcome: "answer", status: result.status, daraja_code: result.error?.code ?? null };
}
