import { zValidator } from "@hono/zod-validator";
import type { Context as HonoContext, MiddlewareHandler } from "hono";
import { Problem } from "../problems/problem.ts";
import { limitBody } from "./body-limit.ts";
import type { Env } from "./env.ts";
import { parseIdempotencyKey } from "./idempotency.ts";
import { parseJson } from "./json.ts";
import type { Operation } from "./operation.ts";
import { validationProblem } from "./respond.ts";

/** The largest body, in bytes, of an operation that sets no limit. */
const DEFAULT_BODY_LIMIT = 65_536;

/** The middleware that reads and validates the query and the body of an operation. */
export function inputMiddleware(operation: Operation): MiddlewareHandler<Env>[] {
  const list: MiddlewareHandler<Env>[] = [];
  if (operation.query !== undefined) {
    list.push(zValidator("query", operation.query, (result) => {
      if (!result.success) throw validationProblem(result.error, "query");
    }));
  }
  if (operation.method === "GET") return list;
  list.push(limitBody(operation.bodyLimit ?? DEFAULT_BODY_LIMIT));
  list.push(readBody(operation));
  if (operation.body !== undefined) {
    const json = zValidator("json", operation.body, (result) => {
      if (!result.success) throw validationProblem(result.error, "json");
    });
    list.push((c, next) => isCsv(c, operation) ? next() : json(c as never, next)); // the cast: the validator's types depend on the schema
  }
  return list;
}

const isCsv = (c: HonoContext<Env>, { csv }: Operation): boolean =>
  csv !== undefined && /^text\/csv\s*(;|$)/i.test(c.req.header("content-type") ?? "");

function readBody(operation: Operation): MiddlewareHandler<Env> {
  return async (c, next) => {
    parseIdempotencyKey(c.req.header("idempotency-key"), operation.idempotency === "required");
    const text = await c.req.text();
    c.set("body", text);
    if (operation.body !== undefined && !isCsv(c, operation)) {
      if (!/^application\/json\s*(;|$)/i.test(c.req.header("content-type") ?? "")) {
        throw new Problem(
          "unsupported_media_type",
          operation.csv === undefined
            ? "Send the body as JSON, with Content-Type: application/json."
            : "Send the body as JSON, with Content-Type: application/json, or as CSV, with text/csv.",
        );
      }
      c.req.bodyCache.json = Promise.resolve(parseJson(text)); // so that the validator does not parse it again
    }
    await next();
  };
}

/** The input of an operation: its path parameters, query and body in one object. Call it after {@link inputMiddleware}. */
export function collectInput(c: HonoContext<Env>, operation: Operation): unknown {
  // The type of this generic handler does not name the targets under which zValidator keeps its results.
  const valid = (target: "query" | "json"): object => c.req.valid(target as never);
  return {
    ...c.req.param(),
    ...(operation.query === undefined ? {} : valid("query")),
    ...(operation.body === undefined ? {} : isCsv(c, operation) ? { csv: c.get("body") } : valid("json")),
  };
}
