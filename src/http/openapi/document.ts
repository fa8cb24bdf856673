import type { Hono } from "hono";
import type { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { VERSION } from "../../lib/version.ts";
import { addExamples } from "./add-examples.ts";
import { csvColumnsOf } from "../csv.ts";
import { headers, keyParameters, scopeDescriptions, tags } from "./parts.ts";
import { prune } from "./prune.ts";
import { problem, problemExamples, problemResponses, problemsOf } from "./problems.ts";
import { servicePaths } from "./service-paths.ts";
import { hoistComponents } from "./hoist-components.ts";
import { simplify } from "./simplify.ts";
import { prepareStatic, sendStatic, type StaticText } from "../static-text.ts";
import type { Document } from "./types.ts";
import { webhooksOf } from "./webhooks.ts";
import type { Env } from "../env.ts";
import type { Operation, Route } from "../operation.ts";

const description = `M-Pesa payments for storefronts: take money (checkouts) and send money (payouts).

Amounts are integers in cents of KES: \`150000\` is KES 1,500.00. Times are RFC 3339 in UTC. Errors are problem details
(RFC 9457); switch on their \`code\`. A POST that moves money needs an \`Idempotency-Key\`, so it can be repeated safely.`;

/** Builds the OpenAPI 3.1 document from the contracts. */
export function openApiDocument(publicUrl: string, routes: readonly Route[]): Document {
  const paths: ZodOpenApiPathsObject = { ...servicePaths };
  for (const { operation } of routes) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation) };
  }
  const written = createDocument({
    openapi: "3.1.0",
    info: {
      title: "Malipo",
      version: VERSION,
      description,
      license: { name: "Apache License 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: publicUrl }],
    security: [{ oauth: [] }],
    tags: tags.filter(({ name }) => isTagUsed(paths, name) || name === "Webhooks").map((tag) => ({ ...tag })),
    paths,
    components: {
      schemas: { Problem: problem },
      headers: headers as Record<string, never>, // plain JSON, as the types of this module have it
      examples: { ...problemExamples(publicUrl) },
      securitySchemes: {
        oauth: {
          type: "oauth2",
          flows: { clientCredentials: { tokenUrl: `${publicUrl}/oauth/token`, scopes: { ...scopeDescriptions } } },
        },
        client: { type: "http", scheme: "basic", description: "Client id and secret." },
      },
    },
  });
  // as JSON, it is what types.ts describes
  const document = addExamples(
    simplify(JSON.parse(JSON.stringify(written))) as Document,
    routes.map(({ operation }) => operation),
  );
  return prune(hoistComponents({ ...document, webhooks: webhooksOf(document) }));
}

const isTagUsed = (paths: ZodOpenApiPathsObject, tag: string): boolean =>
  Object.values(paths).some((path) =>
    Object.values(path).some((operation: ZodOpenApiOperationObject) => operation.tags?.includes(tag) ?? false)
  );

const successDescriptions = { 200: "OK", 201: "Created", 202: "Accepted: it is under way" } as const;

function describe(operation: Operation): ZodOpenApiOperationObject {
  const post = operation.method === "POST";
  const idempotency = operation.idempotency ?? "accepted";
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    ...(operation.deprecated === undefined ? {} : { deprecated: true }),
    security: securityOf(operation),
    requestParams: {
      ...(operation.params === undefined ? {} : { path: operation.params as z.ZodObject }),
      ...(operation.query === undefined ? {} : { query: operation.query as z.ZodObject }),
    },
    ...(post ? { parameters: [keyParameters[idempotency] as never] } : {}), // plain JSON, as above
    ...(operation.body === undefined
      ? {}
      : { requestBody: { required: operation.bodyOptional !== true, content: contentOf(operation, operation.body) } }),
    responses: {
      [String(operation.status)]: {
        description: successDescriptions[operation.status],
        headers: answerHeaders(operation),
        content: { "application/json": { schema: operation.response }, ...csvContent(operation) },
      },
      ...(operation.proposal === undefined ? {} : {
        "202": {
          description: "Proposed: nothing has changed yet. It waits for a second person, or for its time",
          headers: answerHeaders(operation),
          content: { "application/json": { schema: operation.proposal } },
        },
      }),
      ...(problemResponses(problemsOf(operation)) as Record<string, never>), // plain JSON, as above
    },
  };
}

/** Which scopes let a caller in: one of the list does. */
const securityOf = ({ scope, orScope, anyScope }: Operation): { oauth: string[] }[] =>
  anyScope === true ? [{ oauth: [] }] : [scope, ...orScope === undefined ? [] : [orScope]].map((one) => ({
    oauth: [one],
  }));

/** A list may also be asked for as CSV. */
function csvContent(operation: Operation) {
  const columns = csvColumnsOf(operation);
  if (columns === null) return {};
  const names = columns.map(({ name }) => name).join(",");
  return {
    "text/csv": {
      schema: {
        type: "string" as const,
        description: `${
          operation.rowsAsCsv === true
            ? "All rows, oldest first."
            : "The whole list, newest first: `limit` does not count."
        } Columns that end in \`_kes\` are in shillings, times are Nairobi's. A text that begins with = + - @ has a leading apostrophe. A file that breaks off is not complete.`,
      },
      examples: { header: { summary: "The header", value: `${names}\r\n` } },
    },
  };
}

const contentOf = ({ documentedBody, csv, files = {} }: Operation, body: z.ZodType) => ({
  "application/json": { schema: documentedBody ?? body },
  ...(csv === undefined
    ? {}
    : { "text/csv": { schema: { type: "string" as const, description: csv.description }, example: csv.example } }),
  ...Object.fromEntries(
    Object.entries(files).map(([type, { description, example }]) => [type, {
      schema: { type: "string" as const, description },
      ...(example === undefined ? {} : { example }),
    }]),
  ),
});

function answerHeaders(operation: Operation): Record<string, { $ref: string }> {
  const names = [
    "Request-Id",
    "API-Version",
    ...(operation.method === "POST" ? ["Idempotent-Replayed"] : []),
    ...(operation.deprecated === undefined ? [] : ["Deprecation"]),
    ...(operation.deprecated?.sunset === undefined ? [] : ["Sunset"]),
    ...(operation.deprecated?.link === undefined ? [] : ["Link"]),
  ];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** `/openapi.json`, built at the first request. */
export function documentRoutes(app: Hono<Env>, document: () => Document): void {
  let text: Promise<StaticText> | undefined;
  app.get("/openapi.json", async (c) => {
    text ??= prepareStatic("application/json", JSON.stringify(document()));
    return await sendStatic(c, await text, {
      "cache-control": "public, max-age=300",
      "access-control-allow-origin": "*",
    });
  });
}
