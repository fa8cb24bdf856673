import { z } from "zod";
import { helpOf } from "../../problems/help.ts";
import { type ProblemCode, problems } from "../../problems/problem.ts";
import type { Operation } from "../operation.ts";
import type { ApiResponse, Example } from "./types.ts";

export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]]; // keys of a const record

/** The body of every error answer (RFC 9457). */
export const problem = z.object({
  type: z.url().meta({
    description: "Resolves to a page about this code.",
    examples: ["https://api.malipo.example/problems/validation_failed"],
  }),
  title: z.string().meta({ examples: ["The request has fields that are not valid"] }),
  status: z.int().meta({ examples: [422] }),
  detail: z.string().meta({
    description: "What was wrong with this request, what was expected, and what to do. For people: switch on `code`.",
    examples: ["/amount: must be whole shillings: a multiple of 100 cents, since M-Pesa moves no cents"],
  }),
  code: z.enum(problemCodes).meta({ description: "Stable. New codes may come.", examples: ["validation_failed"] }),
  request_id: z.string().meta({
    description: "Quote it when you ask for help.",
    examples: ["req_5f0c9d7e1b2a4c3d8e6f7a8b9c0d1e2f"],
  }),
  errors: z.array(z.object({
    pointer: z.string().meta({
      description: "A JSON Pointer into the body, or the name of a query parameter.",
      examples: ["/amount"],
    }),
    detail: z.string().meta({ examples: ["must be whole shillings"] }),
  })).optional().meta({ description: "Each field that is wrong." }),
  duplicate_of: z.string().optional().meta({
    description: "With `looks_like_a_duplicate`: the earlier payout or batch.",
    examples: ["pyt_01kamcvdf2ej5s2k8sxw9ggk6r"],
  }),
}).meta({ id: "Problem", description: "RFC 9457 problem details." });

/** An example of a problem with this code. */
export function problemExample(code: ProblemCode, publicUrl: string): Record<string, unknown> {
  const { detail, field } = helpOf(code);
  return {
    type: `${publicUrl}/problems/${code}`,
    title: problems[code].title,
    status: problems[code].status,
    detail,
    code,
    request_id: "req_5f0c9d7e1b2a4c3d8e6f7a8b9c0d1e2f",
    ...(field === undefined ? {} : { errors: [field] }),
  };
}

export const problemExamples = (publicUrl: string): Record<string, Example> =>
  Object.fromEntries(
    problemCodes.map((code) => [code, { summary: problems[code].title, value: problemExample(code, publicUrl) }]),
  );

/** Every problem code of an operation: its own codes, and those that all operations share. */
export function problemsOf(operation: Operation): readonly ProblemCode[] {
  const body: readonly ProblemCode[] = [
    "invalid_json",
    "duplicate_keys",
    "unsupported_media_type",
    "validation_failed",
  ];
  const key: readonly ProblemCode[] = [
    "idempotency_key_invalid",
    "idempotency_in_progress",
    "idempotency_key_reused",
  ];
  return [
    ...new Set<ProblemCode>([
      "token_missing",
      "token_invalid",
      "token_expired",
      "token_revoked",
      "dpop_invalid",
      "address_not_allowed",
      "merchant_disabled",
      "insufficient_scope",
      "rate_limited",
      "invalid_query", // also for a NUL in the path
      "internal_error",
      "issuer_unavailable",
      "unavailable",
      ...(operation.method === "GET" ? [] : ["body_too_large" as const, "request_timeout" as const]),
      ...(operation.method === "GET" ? [] : [...body, ...key]),
      ...(operation.idempotency === "required" ? ["idempotency_key_missing" as const] : []),
      ...(operation.signed ? ["signature_invalid" as const] : []),
      ...(operation.method === "GET" ? [] : ["conflict" as const]),
      ...operation.problems,
    ]),
  ];
}

const responseNames: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  408: "RequestTimeout",
  409: "Conflict",
  413: "TooLarge",
  415: "UnsupportedMediaType",
  422: "Unprocessable",
  429: "TooManyRequests",
  500: "InternalError",
  503: "Unavailable",
};

/** The name, under `components`, of a response that several operations share. */
export const responseName = (status: string): string => responseNames[Number(status)] ?? `Status${status}`;

/** The error responses of a list of codes, by status. */
export function problemResponses(codes: readonly ProblemCode[]): Record<string, ApiResponse> {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, same]) => [String(status), problemResponse(status, same)]),
  );
}

function problemResponse(status: number, codes: readonly ProblemCode[]): ApiResponse {
  const wait = status === 429 || status === 503;
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
    headers: {
      "Request-Id": { $ref: "#/components/headers/Request-Id" },
      ...(status === 429
        ? {
          "RateLimit-Policy": { $ref: "#/components/headers/RateLimit-Policy" },
          "RateLimit": { $ref: "#/components/headers/RateLimit" },
        }
        : {}),
      ...(wait ? { "Retry-After": { $ref: "#/components/headers/Retry-After" } } : {}),
      ...(status === 401 ? { "WWW-Authenticate": { $ref: "#/components/headers/WWW-Authenticate" } } : {}),
    },
    content: {
      "application/problem+json": {
        schema: { $ref: "#/components/schemas/Problem" },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}
