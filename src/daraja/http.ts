/** One HTTP exchange with Daraja, told apart by what it proves. Retries nothing and follows nothing. */

import { isObject, type JsonObject, readJson } from "./json.ts";
import type { AmbiguousReason, UnreachableReason } from "./types.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

/** `never_left`: no byte of the request was sent. `lost`: it may have arrived, and the answer can't be had. */
export type Exchange =
  | {
    readonly kind: "answer";
    readonly status: number;
    readonly json: JsonObject | null;
    readonly empty: boolean;
    readonly retryAfterMs: number | null;
  }
  | { readonly kind: "never_left"; readonly reason: UnreachableReason }
  | { readonly kind: "lost"; readonly reason: AmbiguousReason };

/** Ordinary, because Safaricom's edge blocks by it (daraja.md section 1). */
export function userAgent(deps: { readonly userAgent?: string }): string {
  return deps.userAgent ?? "Malipo/0.1.0";
}

const LARGEST_ANSWER = 1_048_576;

/** Sends `request` once. Never throws. */
export async function exchange(send: typeof fetch, request: HttpRequest): Promise<Exchange> {
  const abort = new AbortController();
  // Not AbortSignal.timeout: its timer lives on after the answer.
  const timer = setTimeout(() => abort.abort(new DOMException("timed out", "TimeoutError")), request.timeoutMs);
  try {
    const response = await send(request.url, initOf(request, abort.signal));
    return await read(response);
  } catch (error) {
    return abort.signal.aborted ? { kind: "lost", reason: "timeout" } : classifyFetchError(error);
  } finally {
    clearTimeout(timer);
  }
}

function initOf(request: HttpRequest, signal: AbortSignal): RequestInit {
  return {
    method: request.method,
    headers: request.headers,
    signal,
    redirect: "manual", // a followed 307 would push again, and carry the token elsewhere
    // A Blob, not a string: Deno's fetch silently sends a string body a second time when a kept-alive connection
    // dies before the answer, which would prompt (or pay) twice. A Blob is a stream to it and can't be replayed.
    ...(request.body === undefined ? {} : { body: new Blob([request.body], { type: "application/json" }) }),
  };
}

async function read(response: Response): Promise<Exchange> {
  const text = await readLimited(response);
  if (text === null) return { kind: "lost", reason: "answer_too_large" };
  const json = readJson(text);
  return {
    kind: "answer",
    status: response.status,
    json: isObject(json) ? json : null,
    empty: text.trim() === "",
    retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
  };
}

/** Null for one that is too large. One that tells its length is no longer than that, and is read in one go. */
async function readLimited(response: Response): Promise<string | null> {
  const told = response.headers.get("content-length");
  if (told !== null) return Number(told) > LARGEST_ANSWER ? tooLarge(response) : await response.text();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER) return null; // leaving the loop cancels the stream
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function tooLarge(response: Response): Promise<null> {
  await response.body?.cancel();
  return null;
}

/** Seconds only: a date would need the peer's clock. */
function retryAfterMs(header: string | null): number | null {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : null;
}

/**
 * What an error of `fetch` proves. Only a failure of the connect stage (name, TCP, TLS), which runtimes name in the
 * cause, comes before the first byte; every other error, and every unknown wording, may have come after the last.
 */
export function classifyFetchError(error: unknown): Exchange {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const text = cause instanceof Error ? cause.message : "";
  const code = codeOf(cause);
  if (code === "ECONNREFUSED") return neverLeft("connection_refused");
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return neverLeft("name_not_found");
  if (!text.includes("client error (Connect)")) return { kind: "lost", reason: "connection_cut" };
  if (/connection refused/i.test(text)) return neverLeft("connection_refused");
  if (/dns error/i.test(text)) return neverLeft("name_not_found");
  return neverLeft(/tls|certificate/i.test(text) ? "tls_failure" : "connect_failed");
}

function neverLeft(reason: UnreachableReason): Exchange {
  return { kind: "never_left", reason };
}

function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
