/** One authenticated call: breaker, token, exchange, a bad token replaced once, and what the answer proves. */

import type { Breaker, Pass } from "./breaker.ts";
import { type Exchange, exchange, userAgent } from "./http.ts";
import type { JsonObject } from "./json.ts";
import type { TokenAnswer } from "./oauth.ts";
import { redact } from "../telemetry/redact.ts";
import { ambiguous, concluded, errorOf, type Said } from "./said.ts";
import { judge, type Verdict } from "./sync-codes.ts";
import type { Tokens } from "./token.ts";
import type { Ambiguous, AmbiguousReason, DarajaApp, DarajaDeps, Rejected, Unreachable } from "./types.ts";

export interface Operation {
  readonly name: string;
  readonly path: string;
  /** Whose breaker it counts for. */
  readonly shortcode: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  /** A second call after a network failure can neither charge nor prompt anyone. */
  readonly harmless: boolean;
}

type NoToken = Exclude<TokenAnswer, { readonly kind: "token" }>;

export interface Caller {
  readonly deps: DarajaDeps;
  readonly tokens: Tokens;
  readonly breaker: Breaker;
  /** Calls that wait for their answer. */
  underWay: number;
}

/** What Daraja said, unjudged but for the token. */
export type Spoken = Said | { readonly kind: "lost"; readonly reason: AmbiguousReason } | Rejected | Unreachable;

export type Called = { readonly outcome: "answered"; readonly json: JsonObject } | Rejected | Ambiguous | Unreachable;

/** Calls, and judges an error answer by the tables. A JSON answer without an error is the operation's to read. */
export async function call(caller: Caller, app: DarajaApp, operation: Operation): Promise<Called> {
  const spoken = await speak(caller, app, operation);
  if ("outcome" in spoken) return spoken;
  if (spoken.kind === "lost") return ambiguous(spoken.reason, null, "");
  if (spoken.json !== null && spoken.error === null) return { outcome: "answered", json: spoken.json };
  return concluded(spoken);
}

/** Calls once; a refused token is replaced and the call made again, for the refusal proves it was not taken. */
export async function speak(caller: Caller, app: DarajaApp, operation: Operation): Promise<Spoken> {
  const { deps, breaker } = caller;
  const startedAt = deps.clock.now();
  const pass = breaker.enter(operation.shortcode);
  const spoken: Spoken = pass === null
    ? { outcome: "unreachable", reason: "breaker_open" }
    : await speakWith(caller, app, operation, pass);
  deps.log("daraja_call", {
    operation: operation.name,
    shortcode: operation.shortcode,
    duration_ms: deps.clock.now() - startedAt,
    ...summary(spoken),
  });
  return spoken;
}

async function speakWith(caller: Caller, app: DarajaApp, operation: Operation, pass: Pass): Promise<Spoken> {
  let failed = true; // also when something below throws
  caller.underWay++;
  try {
    const spoken = await withToken(caller, app, operation);
    failed = isTransportFailure(spoken);
    return spoken;
  } finally {
    caller.underWay--;
    pass.done(failed ? "failed" : "answered");
  }
}

async function withToken(caller: Caller, app: DarajaApp, operation: Operation): Promise<Spoken> {
  const token = await caller.tokens.get(app);
  if (token.kind !== "token") return withoutToken(token, app);
  const first = await send(caller, operation, token.token);
  if (!refusedToken(first)) return heard(first, app, token.token);
  const next = await caller.tokens.get(app, token.token);
  if (next.kind !== "token") return withoutToken(next, app);
  const second = await send(caller, operation, next.token);
  const verdict = refusedToken(second);
  if (verdict === null) return heard(second, app, next.token);
  const error = second.kind === "answer" ? errorOf(second) : null;
  return {
    outcome: "rejected",
    code: verdict.failure,
    darajaCode: error?.code ?? null,
    message: redact(error?.message ?? "", secretsOf(app, next.token)),
  };
}

async function send(caller: Caller, operation: Operation, token: string): Promise<Exchange> {
  const request = {
    method: "POST",
    url: `${caller.deps.baseUrl}${operation.path}`,
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/json",
      "content-type": "application/json", // without it Daraja answers "Invalid BusinessShortCode" (daraja.md section 2.1)
      "user-agent": userAgent(caller.deps),
    },
    body: JSON.stringify(operation.body),
    timeoutMs: operation.timeoutMs,
  } as const;
  const first = await exchange(caller.deps.fetch, request);
  return first.kind !== "answer" && operation.harmless ? await exchange(caller.deps.fetch, request) : first;
}

function refusedToken(answer: Exchange): (Verdict & { readonly kind: "invalid_token" }) | null {
  if (answer.kind !== "answer") return null;
  const verdict = judge(errorOf(answer) ?? { status: answer.status, code: null, message: "" });
  return verdict.kind === "invalid_token" ? verdict : null;
}

function heard(answer: Exchange, app: DarajaApp, token: string): Spoken {
  if (answer.kind === "never_left") return { outcome: "unreachable", reason: answer.reason };
  if (answer.kind === "lost") return answer;
  const { status, json, retryAfterMs } = answer;
  return { kind: "answer", status, json, error: errorOf(answer), retryAfterMs, secrets: secretsOf(app, token) };
}

/** Business answers, 429 among them, show that Daraja is there; an HTML 5xx is the edge speaking for a dead service. */
function isTransportFailure(spoken: Spoken): boolean {
  if ("outcome" in spoken) return spoken.outcome === "unreachable" && spoken.retryAfterMs === undefined;
  return spoken.kind === "lost" || (spoken.status >= 500 && spoken.json === null);
}

function withoutToken(token: NoToken, app: DarajaApp): Rejected | Unreachable {
  if (token.kind === "refused") {
    const message = redact(token.message, secretsOf(app));
    return { outcome: "rejected", code: token.failure, darajaCode: token.darajaCode, message };
  }
  const pause = token.retryAfterMs === undefined ? {} : { retryAfterMs: token.retryAfterMs };
  return { outcome: "unreachable", reason: "token_unavailable", ...pause };
}

function secretsOf(app: DarajaApp, token = ""): readonly string[] {
  return [token, app.consumerKey, app.consumerSecret];
}

function summary(spoken: Spoken): Record<string, unknown> {
  if ("outcome" in spoken) {
    return spoken.outcome === "rejected"
      ? { outcome: "refused", code: spoken.code, daraja_code: spoken.darajaCode }
      : { outcome: spoken.outcome, reason: spoken.reason };
  }
  if (spoken.kind === "lost") return { outcome: "lost", reason: spoken.reason };
  return { outcome: "answer", status: spoken.status, daraja_code: spoken.error?.code ?? null };
}
