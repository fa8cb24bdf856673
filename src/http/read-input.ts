import { zValidator } from "@hono/zod-validator";
import type { Context as HonoContext, MiddlewareHandler } from "hono";
import { z } from "zod";
import { sha256 } from "../crypto/hash.ts";
import { Problem } from "../problems/problem.ts";
import { limitBody } from "./body-limit.ts";
import type { Env } from "./env.ts";
import { parseIdempotencyKey } from "./idempotency.ts";
import { parseJson } from "./json.ts";
import type { Operation } from "./operation.ts";
import { validationProblem } from "./respond.ts";

/** The largest body, in bytes, of an operation that sets no limit. */
const DEFAULT_BODY_LIMIT = 65_536;

/** The body of an operation that takes none: a field that nobody reads is refused, so that no caller relies on it. */
const noFields = z.strictObject({}, { error: "must be a JSON object, or left out" });

const mayBeLeftOut = (operation: Operation): boolean => operation.body === undefined || operation.bodyOptional === true;

/**
 * The middleware that reads and validates the query and the body of an operation. `takeSlot` comes when the body is there.
 */
export function inputMiddleware(
  operation: Operation,
  takeSlot: MiddlewareHandler<Env>,
  deadlineMs: number,
): MiddlewareHandler<Env>[] {
  const list: MiddlewareHandler<Env>[] = [];
  if (operation.query !== undefined) {
    list.push(zValidator("query", operation.query, (result) => {
      if (!result.success) throw validationProblem(result.error, "query");
    }));
  }
  if (operation.method === "GET") return [...list, takeSlot];
  list.push(limitBody(operation.bodyLimit ?? DEFAULT_BODY_LIMIT, deadlineMs, isKeptAsBytes(operation)), takeSlot);
  return [...list, readBody(operation)];
}

const isCsv = (c: HonoContext<Env>, { csv }: Operation): boolean =>
  csv !== undefined && /^text\/csv\s*(;|$)/i.test(c.req.header("content-type") ?? "");

const isFileType = ({ files }: Operation) => (contentType: string | undefined): boolean =>
  files !== undefined && Object.hasOwn(files, mediaType(contentType));

type Header = (name: string) => string | undefined;

/** A signature is of the very bytes: as text, a body has lost its byte-order mark. */
const mayBeSigned = ({ signed }: Operation, header: Header): boolean =>
  signed === true && header("signature-input") !== undefined;

const isKeptAsBytes = (operation: Operation) => (contentType: string | undefined, header: Header): boolean =>
  isFileType(operation)(contentType) || mayBeSigned(operation, header);

const isFile = (c: HonoContext<Env>, operation: Operation): boolean =>
  isFileType(operation)(c.req.header("content-type"));

/** Without its parameters, in small letters. */
const mediaType = (contentType = ""): string => (contentType.split(";")[0] ?? "").trim().toLowerCase();

function readBody(operation: Operation): MiddlewareHandler<Env> {
  return async (c, next) => {
    parseIdempotencyKey(c.req.header("idempotency-key"), operation.idempotency === "required");
    if (isFile(c, operation)) {
      const file = new Uint8Array(await c.req.arrayBuffer());
      c.set("file", file);
      c.set("body", sha256(file).toHex());
      return await next();
    }
    if (mayBeSigned(operation, (name) => c.req.header(name))) c.set("file", new Uint8Array(await c.req.arrayBuffer()));
    const text = await c.req.text();
    c.set("body", text);
    if (!isCsv(c, operation)) {
      const json = text.trim() === "" && mayBeLeftOut(operation) ? {} : jsonOf(text, c, operation);
      const { success, data, error } = (operation.body ?? noFields).safeParse(json);
      if (!success) throw validationProblem(error, "json");
      c.req.addValidatedData("json", data as object); // as its schema says, which is of an object
    }
    await next();
  };
}

function jsonOf(text: string, c: HonoContext<Env>, operation: Operation): unknown {
  if (/^application\/json\s*(;|$)/i.test(c.req.header("content-type") ?? "")) return parseJson(text);
  throw new Problem(
    "unsupported_media_type",
    `Send the body as JSON, with Content-Type: application/json${otherTypes(operation)}.`,
  );
}

const otherTypes = ({ csv, files = {} }: Operation): string =>
  csv === undefined
    ? Object.keys(files).map((type) => `, or as a file, with ${type}`).join("")
    : ", or as CSV, with text/csv";

/**
 * The input of an operation: its path parameters, query and body in one object. Call it after {@link inputMiddleware}.
 * Errors: `invalid_query`.
 */
export function collectInput(c: HonoContext<Env>, operation: Operation): object {
  // The type of this generic handler does not name the targets under which zValidator keeps its results.
  const valid = (target: "query" | "json"): object => c.req.valid(target as never);
  const query = operation.query === undefined ? {} : valid("query");
  const body = operation.body === undefined ? {} : bodyInput(c, operation) ?? valid("json");
  requireSameTwice(query, body);
  return { ...c.req.param(), ...query, ...body };
}

/** What may stand in the query or in the body must not say two things. */
function requireSameTwice(query: object, body: object): void {
  const inBody = new Map(Object.entries(body));
  for (const [name, value] of Object.entries(query)) {
    if (inBody.get(name) === undefined || inBody.get(name) === value) continue;
    const detail = "says one thing in the query and another in the body; send it once";
    throw new Problem("invalid_query", `${name} ${detail}.`, { errors: [{ pointer: name, detail }] });
  }
}

/** The body of a request that is no JSON. */
function bodyInput(c: HonoContext<Env>, operation: Operation): object | null {
  if (isCsv(c, operation)) return { csv: c.get("body") };
  return isFile(c, operation) ? { file: c.get("file") } : null;
}
