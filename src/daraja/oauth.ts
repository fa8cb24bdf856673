/** Asks Daraja for a token: daraja.md section 1. One retry, for a second token harms nobody who holds the lease. */

import type { FailureCode } from "./failures.ts";
import { type Exchange, exchange, userAgent } from "./http.ts";
import { type JsonObject, textAt } from "./json.ts";
import type { DarajaApp, DarajaDeps } from "./types.ts";

export type TokenAnswer =
  | { readonly kind: "token"; readonly token: string; readonly expiresAt: number }
  | {
    readonly kind: "refused";
    readonly failure: FailureCode;
    readonly darajaCode: string | null;
    readonly message: string;
  }
  | { readonly kind: "unavailable"; readonly reason: string; readonly retryAfterMs?: number };

const MARGIN_MS = 60_000;
const TIMEOUT_MS = 6_000; // twice within the lease

/** Fetches a new token, which voids the app's previous one. Never throws. */
export async function fetchToken(deps: DarajaDeps, app: DarajaApp): Promise<TokenAnswer> {
  const first = await ask(deps, app);
  const unlucky = first.kind !== "answer" || first.status >= 500;
  return judgeToken(deps, unlucky ? await ask(deps, app) : first);
}

function ask(deps: DarajaDeps, app: DarajaApp): Promise<Exchange> {
  return exchange(deps.fetch, {
    method: "GET",
    url: `${deps.baseUrl}/oauth/v1/generate?grant_type=client_credentials`,
    headers: {
      authorization: `Basic ${base64(`${app.consumerKey}:${app.consumerSecret}`)}`,
      accept: "application/json",
      "user-agent": userAgent(deps),
    },
    timeoutMs: deps.timeouts?.tokenMs ?? TIMEOUT_MS,
  });
}

function judgeToken(deps: DarajaDeps, answer: Exchange): TokenAnswer {
  if (answer.kind !== "answer") return { kind: "unavailable", reason: answer.reason };
  const token = answer.json === null ? null : textAt(answer.json, "access_token");
  const seconds = answer.json === null ? NaN : Number(textAt(answer.json, "expires_in") ?? NaN);
  if (answer.status === 200 && token !== null && seconds > 0) {
    const lifetime = seconds * 1000; // used until shortly before its end; a short-lived one for half its life
    return { kind: "token", token, expiresAt: deps.clock.now() + Math.max(lifetime - MARGIN_MS, lifetime / 2) };
  }
  const code = answer.json === null ? null : textAt(answer.json, "errorCode");
  // An empty 400 is Daraja's way of saying "wrong key"; an HTML 400 or 403 is the edge's, and proves nothing.
  const refused = answer.status === 401 || (answer.status === 400 && (answer.empty || code !== null));
  if (refused) return refusal(answer.json, code);
  return {
    kind: "unavailable",
    reason: `status_${answer.status}`,
    ...(answer.retryAfterMs === null ? {} : { retryAfterMs: answer.retryAfterMs }),
  };
}

function refusal(json: JsonObject | null, darajaCode: string | null): TokenAnswer {
  const message = (json === null ? null : textAt(json, "errorMessage")) ?? "Daraja refused the consumer key or secret";
  return { kind: "refused", failure: "credentials_rejected", darajaCode, message };
}

/** Base64 of a text's UTF-8 bytes. */
export function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
