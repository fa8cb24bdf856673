/** One HTTP exchange with Daraja. The result says what it proves. No retries, and no redirects are followed. */

import { readLimited } from "../lib/read-limited.ts";
import { VERSION } from "../lib/version.ts";
import { isObject, type JsonObject, readJson } from "./json.ts";
import type { AmbiguousReason, UnreachableReason } from "./types.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

/** `not_sent`: no byte of the request was sent. `lost`: the request may have arrived, but its answer did not reach us. */
export type Exchange =
  | {
    readonly kind: "answer";
    readonly status: number;
    readonly json: JsonObject | null;
    readonly empty: boolean;
    readonly retryAfterMs: number | null;
  }
  | { readonly kind: "not_sent"; readonly reason: UnreachableReason }
  | { readonly kind: "lost"; readonly reason: AmbiguousReason };

/** Name and version only: the network in front of Daraja blocks some user agents (daraja.md section 1). */
export const USER_AGENT = `Malipo/${VERSION}`;

const MAX_ANSWER_BYTES = 1_048_576;

/** Sends `request` once. Never throws. */
export async function exchange(fetchFn: typeof fetch, request: HttpRequest): Promise<Exchange> {
  const abort = new AbortController();
  // Not AbortSignal.timeout: its timer would keep running after the answer.
  const timer = setTimeout(() => abort.abort(new DOMException("timed out", "TimeoutError")), request.timeoutMs);
  try {
    const response = await fetchFn(request.url, requestInit(request, abort.signal));
    return await readResponse(response);
  } catch (error) {
    return abort.signal.aborted ? { kind: "lost", reason: "timeout" } : classifyFetchError(error);
  } finally {
    clearTimeout(timer);
  }
}

function requestInit(request: HttpRequest, signal: AbortSignal): RequestInit {
  return {
    method: request.method,
    headers: request.headers,
    signal,
    redirect: "manual", // following a 307 would push a second time, and send the token to another host
    // A Blob, not a string: if a kept-alive connection breaks before the answer, Deno's fetch silently sends a string
    // body a second time, which would prompt or pay twice. It reads a Blob as a stream, which can't be sent again.
    ...(request.body === undefined ? {} : { body: new Blob([request.body], { type: "application/json" }) }),
  };
}

async function readResponse(response: Response): Promise<Exchange> {
  const text = await readLimited(response, MAX_ANSWER_BYTES);
  if (text === null) return { kind: "lost", reason: "answer_too_large" };
  const json = readJson(text);
  return {
    kind: "answer",
    status: response.status,
    json: isObject(json) ? json : null,
    empty: text.trim() === "",
    retryAfterMs: parseRetryAfter(response.headers.get("retry-after")),
  };
}

/** In ms; null without a number of seconds. A date is not read, because Daraja's clock may differ from ours. */
function parseRetryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : null;
}

/**
 * What an error of `fetch` proves. Only a failure while connecting (name, TCP, TLS), which runtimes name in the cause,
 * proves that nothing was sent. After any other error, and after any unknown wording, the whole request may have arrived.
 */
export function classifyFetchError(error: unknown): Exchange {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const text = cause instanceof Error ? cause.message : "";
  const code = codeOf(cause);
  if (code === "ECONNREFUSED") return notSent("connection_refused");
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return notSent("name_not_found");
  if (!text.includes("client error (Connect)")) return { kind: "lost", reason: "connection_cut" };
  if (/connection refused/i.test(text)) return notSent("connection_refused");
  if (/dns error/i.test(text)) return notSent("name_not_found");
  return notSent(/tls|certificate/i.test(text) ? "tls_failure" : "connect_failed");
}

function notSent(reason: UnreachableReason): Exchange {
  return { kind: "not_sent", reason };
}

function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
