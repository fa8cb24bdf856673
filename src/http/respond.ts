import type { Context as HonoContext } from "hono";
import type { z } from "zod";
import { CLIENT_ALGORITHMS } from "../auth/client-assertion.ts";
import { ConstraintError, DatabaseUnavailable } from "../db/database.ts";
import type { Env } from "./env.ts";
import { type FieldError, Problem, problems } from "../problems/problem.ts";

/** An answer whose JSON text is already built. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** The answer of an operation. All headers are given at once, because Hono copies headers set on its context twice. */
export function jsonResponse(c: HonoContext<Env>, view: unknown, status: number): Response {
  const headers = { ...c.get("headers"), "content-type": "application/json" };
  c.set("headers", null);
  return new Response(view instanceof RawJson ? view.text : JSON.stringify(view), { status, headers });
}

/** Problem details (RFC 9457). `type` is the URL of the page about the code. */
export function problemResponse(c: HonoContext, problem: Problem, publicUrl: string, requestId: string): Response {
  const { status, title } = problems[problem.code];
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (problem.retryAfterSeconds !== undefined) headers["retry-after"] = String(problem.retryAfterSeconds);
  if (status === 408) headers.connection = "close"; // the rest of the body may still come
  if (status === 401) headers["www-authenticate"] = challengeOf(problem);
  return c.body(
    JSON.stringify({
      type: `${publicUrl}/problems/${problem.code}`,
      title,
      status,
      detail: problem.detail,
      code: problem.code,
      request_id: requestId,
      ...(problem.duplicateOf === null ? {} : { duplicate_of: problem.duplicateOf }),
      ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
    }),
    status as 500, // Hono's type knows no 499
    headers,
  );
}

function challengeOf(problem: Problem): string {
  if (problem.code === "dpop_invalid") {
    return `DPoP realm="malipo", error="invalid_dpop_proof", algs="${CLIENT_ALGORITHMS.join(" ")}"`;
  }
  if (problem.code === "token_missing") return 'Bearer realm="malipo"';
  return `Bearer realm="malipo", error="invalid_token", error_description="${
    problem.detail.replaceAll(/["\\]/g, "'")
  }"`;
}

/** Turns anything thrown into a problem for the caller. An unexpected error becomes `internal_error`, without its text. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseUnavailable) {
    return new Problem(
      "unavailable",
      "The database does not answer at the moment. Retry with the same Idempotency-Key.",
      {
        retryAfterSeconds: 1,
      },
    );
  }
  if (error instanceof ConstraintError && error.rule === "limit_exceeded") {
    return new Problem(
      "limit_exceeded",
      "This request would exceed a transaction limit. Lower the amount, or wait until the limit is reset.",
    );
  }
  if (error instanceof ConstraintError && error.rule === "conflict") {
    return new Problem("conflict", "The object changed while the request ran. Read it again and retry.", {
      retryAfterSeconds: 1,
    });
  }
  return new Problem(
    "internal_error",
    "Something failed on our side. It has been logged with this request id. Retry with the same Idempotency-Key.",
  );
}

export const bodyTooLarge = (limit: number): Problem =>
  new Problem(
    "body_too_large",
    `The body may have at most ${limit} bytes. Send less, or split it into several requests.`,
  );

/** A failed validation as a problem. Its `pointer` is a JSON Pointer for a body, a name for a query parameter. */
export function validationProblem(error: z.core.$ZodError, target: "json" | "query"): Problem {
  const errors: FieldError[] = error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        pointer: pointer([...path, key], target),
        detail: "is not a field of this request; remove it",
      }));
    }
    return [{ pointer: pointer(path, target), detail: issue.message }];
  });
  const detail = errors.map((e) => `${e.pointer === "" ? "body" : e.pointer}: ${e.detail}`).join("; ");
  return new Problem(target === "json" ? "validation_failed" : "invalid_query", detail, { errors });
}

const pointer = (path: readonly string[], target: "json" | "query"): string =>
  target === "query"
    ? path.join(".")
    : path.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
