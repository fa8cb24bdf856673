import type { Hono } from "hono";
import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { type ProblemCode, problems } from "../problem.ts";
import { version } from "../version.ts";
import type { Env } from "./env.ts";
import type { Operation, Route } from "./operation.ts";
import { problemPage } from "./problem-page.ts";

const problem = z.object({
  type: z.url().meta({ description: "Resolves to a page about this code." }),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  request_id: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
}).meta({ id: "Problem", description: "RFC 9457 problem details." });

/** The OpenAPI 3.1 document, out of the contracts. */
export function openApiDocument(publicUrl: string, routes: readonly Route[]): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const { operation } of routes) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Malipo",
      version,
      description: "M-Pesa payments for storefronts. Amounts are cents of KES; times RFC 3339 UTC.",
      license: { name: "Proprietary", identifier: "LicenseRef-Proprietary" },
    },
    servers: [{ url: publicUrl }],
    security: [{ oauth: [] }],
    paths,
    components: {
      securitySchemes: {
        oauth: {
          type: "oauth2",
          flows: { clientCredentials: { tokenUrl: `${publicUrl}/oauth/token`, scopes: scopesOf(routes) } },
        },
      },
    },
  });
}

const scopesOf = (routes: readonly Route[]): Record<string, string> =>
  Object.fromEntries(routes.map(({ operation }) => [operation.scope, `Calls under ${operation.scope}`]));

function describe(operation: Operation): ZodOpenApiOperationObject {
  const post = operation.method === "POST";
  const key = { type: "string", minLength: 1, maxLength: 255 } as const;
  const always: ProblemCode[] = [
    "token_missing",
    "token_invalid",
    "token_expired",
    "insufficient_scope",
    "rate_limited",
    "internal_error",
    "unavailable",
    ...(operation.body === undefined
      ? []
      : ["invalid_json", "duplicate_keys", "body_too_large", "unsupported_media_type", "validation_failed"] as const),
    ...(post ? ["idempotency_key_invalid", "idempotency_in_progress", "idempotency_key_reused"] as const : []),
    ...(operation.idempotency === "required" ? ["idempotency_key_missing"] as const : []),
  ];
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    security: [{ oauth: [operation.scope] }],
    requestParams: {
      ...(operation.params === undefined ? {} : { path: operation.params as z.ZodObject }),
      ...(operation.query === undefined ? {} : { query: operation.query as z.ZodObject }),
    },
    ...(post
      ? {
        parameters: [{
          name: "Idempotency-Key",
          in: "header",
          required: operation.idempotency === "required",
          schema: key,
        }],
      }
      : {}),
    ...(operation.body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: operation.body } } } }),
    responses: {
      [String(operation.status)]: {
        description: "Done",
        content: { "application/json": { schema: operation.response } },
      },
      ...problemResponses([...always, ...operation.problems]),
    },
  };
}

function problemResponses(codes: readonly ProblemCode[]): ZodOpenApiOperationObject["responses"] {
  const byStatus = Map.groupBy(new Set(codes), (code) => problems[code].status);
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, same]) => [
      String(status),
      {
        description: same.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
        content: { "application/problem+json": { schema: problem } },
      },
    ]),
  );
}

/** `/openapi.json`, built at the first request, and the page of every problem. */
export function documentRoutes(app: Hono<Env>, publicUrl: string, routes: readonly Route[]): void {
  let document: string | undefined;
  app.get("/openapi.json", (c) => {
    document ??= JSON.stringify(openApiDocument(publicUrl, routes));
    return c.body(document, 200, { "content-type": "application/json", "cache-control": "public, max-age=300" });
  });
  app.get("/problems/:code", (c) => {
    const code = c.req.param("code");
    if (!Object.hasOwn(problems, code)) return c.notFound();
    return c.html(problemPage(code as ProblemCode), 200, { "cache-control": "public, max-age=300" });
  });
}
