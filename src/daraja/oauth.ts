/** Asks Daraja for a token (daraja.md section 1). One retry: under the lease nobody uses the token that it invalidates. */

import type { FailureCode } from "./failures.ts";
import { type Exchange, exchange, USER_AGENT } from "./http.ts";
import { type JsonObject, textAt } from "./json.ts";
import type { DarajaApp, DarajaDeps } from "./types.ts";

export type TokenResult =
  | { readonly kind: "token"; readonly token: string; readonly expiresAt: number }
  | {
    readonly kind: "refused";
    readonly failure: FailureCode;
    readonly darajaCode: string | null;
    readonly message: string;
  }
  | { readonly kind: "unavailable"; readonly reason: string; readonly retryAfterMs?: number };

const EXPIRY_MARGIN_MS = 60_000;
const TIMEOUT_MS = 6_000; // two requests fit into the lease

/** Fetches a new token. Daraja then invalidates the app's previous one. Never throws. */
export async function fetchToken(deps: DarajaDeps, app: DarajaApp): Promise<TokenResult> {
  const first = await requestToken(deps, app);
  const isWorthRetrying = first.kind !== "answer" || first.status >= 500;
  return readTokenResponse(deps, isWorthRetrying ? await requestToken(deps, app) : first);
}

function requestToken(deps: DarajaDeps, app: DarajaApp): Promise<Exchange> {
  return exchange(deps.fetch, {
    method: "GET",
    url: `${deps.baseUrl}/oauth/v1/generate?grant_type=client_credentials`,
    headers: {
      authorization: `Basic ${base64(`${app.consumerKey}:${app.consumerSecret}`)}`,
      accept: "application/json",
      "user-agent": USER_AGENT,
    },
    timeoutMs: deps.timeouts?.tokenMs ?? TIMEOUT_MS,
  });
}

function readTokenResponse(deps: DarajaDeps, answer: Exchange): TokenResult {
  if (answer.kind !== "answer") return { kind: "unavailable", reason: answer.reason };
  const token = answer.json === null ? null : textAt(answer.json, "access_token");
  const seconds = answer.json === null ? NaN : Number(textAt(answer.json, "expires_in") ?? NaN);
  if (answer.status === 200 && token !== null && seconds > 0) {
    const lifetimeMs = seconds * 1000; // used until shortly before its end; a short-lived token for half its life
    return {
      kind: "token",
      token,
      expiresAt: deps.clock.now() + Math.max(lifetimeMs - EXPIRY_MARGIN_MS, lifetimeMs / 2),
    };
  }
  const code = answer.json === null ? null : textAt(answer.json, "errorCode");
  // An empty 400 means "wrong key". An HTML 400 or 403 comes from the edge and proves nothing about the key.
  const isRefused = answer.status === 401 || (answer.status === 400 && (answer.empty || code !== null));
  if (isRefused) return refusedResult(answer.json, code);
  return {
    kind: "unavailable",
    reason: `status_${answer.status}`,
    ...(answer.retryAfterMs === null ? {} : { retryAfterMs: answer.retryAfterMs }),
  };
}

function refusedResult(json: JsonObject | null, darajaCode: string | null): TokenResult {
  const message = (json === null ? null : textAt(json, "errorMessage")) ?? "Daraja refused the consumer key or secret";
  return { kind: "refused", failure: "credentials_rejected", darajaCode, message };
}

/** Base64 of a text's UTF-8 bytes. */
export function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
