import { type FieldError, MalipoError, type MalipoErrorCode } from "./error.ts";

/** An answer with its body. `body` is undefined if it is not JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The seconds in `Retry-After`, which is a number of seconds or a date. */
export function retryAfterSeconds(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\d{1,6}$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

/** Turns an answer that is no success into an error. Its body is problem details (RFC 9457), an OAuth error (RFC 6749), or something else. */
export function errorOf({ status, headers, body }: Answer, idempotencyKey: string | undefined): MalipoError {
  const fields = typeof body === "object" && body !== null ? body as Record<string, unknown> : {}; // the check proves an object
  const text = (name: string) => typeof fields[name] === "string" ? fields[name] : undefined;
  const code = text("code") ?? text("error");
  const message = text("detail") ?? text("error_description") ?? `HTTP ${status}, with a body that is not Malipo's.`;
  return new MalipoError(code === undefined ? message : `${code}: ${message}`, {
    code: code === undefined ? "unexpected_answer" : code as MalipoErrorCode, // by the document, or newer than this package
    status,
    requestId: text("request_id") ?? headers.get("request-id") ?? undefined,
    errors: Array.isArray(fields.errors) ? fields.errors as FieldError[] : [], // by the document
    retryAfterSeconds: retryAfterSeconds(headers, Date.now()),
    idempotencyKey,
  });
}
