import { countRequest } from "./count-request.ts";
import { zValidator } from "@hono/zod-validator";
import type { Context as HonoContext, Hono, MiddlewareHandler } from "hono";
import { type Context, requireScope, type Services } from "../context/context.ts";
import type { Scope } from "../auth/scopes.ts";
import { type Principal, TokenError, type Tokens } from "../auth/tokens.ts";
import { Problem } from "../problems/problem.ts";
import { limitBody } from "./body-limit.ts";
import { addDeprecationHeaders } from "./deprecation.ts";
import { addFields, type Env } from "./env.ts";
import { fingerprintOf, isKeyTaken, KeyClaim, parseIdempotencyKey } from "./idempotency.ts";
import { parseJson } from "./json.ts";
import type { Operation, Route } from "./operation.ts";
import type { RateLimit } from "../lib/rate-limit.ts";
import { jsonResponse, validationProblem } from "./respond.ts";

export interface AccessControl {
  readonly tokens: Tokens;
  readonly rateLimit: RateLimit;
}

/** Puts the routes on the app: authenticate, limit, read, validate, claim, run the verb, answer. */
export function mountRoutes(app: Hono<Env>, services: Services, gate: AccessControl, routes: readonly Route[]): void {
  for (const route of routes) {
    const { operation } = route;
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
    app.on(
      operation.method,
      [path],
      ...(operation.deprecated === undefined
        ? []
        : [addDeprecationHeaders(operation.deprecated, services.config.server.publicUrl)]),
      authenticate(gate, operation.scope),
      ...inputMiddleware(operation),
      (c) => runRoute(c, services, route),
    );
  }
}

function authenticate(gate: AccessControl, scope: Scope): MiddlewareHandler<Env> {
  return async (c, next) => {
    const header = c.req.header("authorization");
    const token = header === undefined ? null : /^Bearer +(\S+)$/i.exec(header)?.[1] ?? null;
    if (token === null) {
      throw new Problem(
        "token_missing",
        "Send an access token: Authorization: Bearer <token>, from POST /oauth/token.",
      );
    }
    const principal = await verifyToken(gate.tokens, token);
    countRequest(gate.rateLimit, principal.clientId);
    addFields(c.get("fields"), { client: principal.clientId, merchant: principal.merchantId });
    c.set("principal", principal);
    requireScope(principal, scope); // the verb checks again; here it comes before any parsing
    await next();
  };
}

async function verifyToken(tokens: Tokens, token: string): Promise<Principal> {
  try {
    return await tokens.verify(token);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const code = error.code === "token_expired" || error.code === "token_missing" ? error.code : "token_invalid";
    throw new Problem(code, `${error.message} Get one from POST /oauth/token; they live 10 minutes.`);
  }
}

function inputMiddleware(operation: Operation): MiddlewareHandler<Env>[] {
  const list: MiddlewareHandler<Env>[] = [];
  if (operation.query !== undefined) {
    list.push(zValidator("query", operation.query, (result) => {
      if (!result.success) throw validationProblem(result.error, "query");
    }));
  }
  if (operation.method === "GET") return list;
  list.push(limitBody(operation.bodyLimit ?? 65_536));
  list.push(readBody(operation));
  if (operation.body !== undefined) {
    const json = zValidator("json", operation.body, (result) => {
      if (!result.success) throw validationProblem(result.error, "json");
    });
    list.push((c, next) => isCsv(c, operation) ? next() : json(c as never, next)); // its types are those of the schema
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
      c.req.bodyCache.json = Promise.resolve(parseJson(text)); // or the validator would parse it again
    }
    await next();
  };
}

async function runRoute(c: HonoContext<Env>, services: Services, route: Route): Promise<Response> {
  const { operation } = route;
  const principal = c.get("principal");
  const claim = idempotencyClaim(c, services, principal.merchantId);
  const ctx: Context = {
    ...services,
    merchantId: principal.merchantId,
    actor: principal.clientId,
    requestId: c.get("requestId"),
    scopes: principal.scopes,
    claim,
    note: (fields) => addFields(c.get("fields"), fields),
  };
  try {
    const known = operation.replayBeforeRun && claim !== null ? await replayEarlierResult(c, ctx, route, claim) : null;
    if (known !== null) return known;
    const view = await route.run(ctx, collectInput(c, operation));
    if (claim?.state === "taken") {
      await services.db.write([await claim.answerStatement({ status: operation.status, body: view })]);
    }
    return jsonResponse(c, view, operation.status);
  } catch (error) {
    const repeated = claim?.state === "free" && (isKeyTaken(error) || error instanceof Problem);
    const replay = repeated ? await replayEarlierResult(c, ctx, route, claim) : null;
    if (replay === null) throw error;
    return replay;
  }
}

function idempotencyClaim(c: HonoContext<Env>, services: Services, merchantId: string): KeyClaim | null {
  if (c.req.method === "GET") return null;
  const key = parseIdempotencyKey(c.req.header("idempotency-key"), false);
  if (key === null) return null;
  return new KeyClaim(services, merchantId, key, fingerprintOf(c.req.method, c.req.path, c.get("body")));
}

/** A failure may only mean that the first request with this key has been here: then its answer is the answer. */
async function replayEarlierResult(
  c: HonoContext<Env>,
  ctx: Context,
  route: Route,
  claim: KeyClaim,
): Promise<Response | null> {
  const earlier = await claim.findEarlierResult();
  if (earlier.kind === "none") return null;
  c.header("Idempotent-Replayed", "true");
  ctx.note({ replayed: true });
  if (earlier.kind === "answered") {
    return c.body(earlier.body, earlier.status as 200, { "content-type": "application/json" }); // stored by us
  }
  if (route.resume === undefined) return null;
  const view = await route.resume(ctx, earlier.subjectId);
  await ctx.db.write([await claim.answerStatement({ status: route.operation.status, body: view })]);
  return c.json(view, route.operation.status);
}

function collectInput(c: HonoContext<Env>, operation: Operation): unknown {
  // zValidator keeps what it validated under names that this generic handler can't carry in its type.
  const valid = (target: "query" | "json"): object => c.req.valid(target as never);
  return {
    ...c.req.param(),
    ...(operation.query === undefined ? {} : valid("query")),
    ...(operation.body === undefined ? {} : isCsv(c, operation) ? { csv: c.get("body") } : valid("json")),
  };
}
