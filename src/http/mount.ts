import type { Context as HonoContext, Hono } from "hono";
import { type Context, reachOfRequest, type Services } from "../context/context.ts";
import { Problem } from "../problems/problem.ts";
import { type AccessControl, authenticate } from "./authenticate.ts";
import { csvColumnsOf, csvResponse, wantsCsv } from "./csv.ts";
import { addDeprecationHeaders } from "./deprecation.ts";
import { recordDenials } from "./denials.ts";
import { addFields, type Env } from "./env.ts";
import { fingerprintOf, isKeyTaken, KeyClaim, parseIdempotencyKey } from "./idempotency.ts";
import { Proposal, type Route } from "./operation.ts";
import { collectInput, inputMiddleware } from "./read-input.ts";
import { verifyRequestSignature } from "./request-signature.ts";
import { jsonResponse } from "./respond.ts";

/** Adds the routes to the app. For each: authenticate, rate limit, read and validate the body, claim the key, run, answer. */
export function mountRoutes(app: Hono<Env>, services: Services, access: AccessControl, routes: readonly Route[]): void {
  const denials = recordDenials(services);
  for (const route of routes) {
    const { operation } = route;
    const columns = csvColumnsOf(operation);
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
    app.on(
      operation.method,
      [path],
      ...(operation.deprecated === undefined
        ? []
        : [addDeprecationHeaders(operation.deprecated, services.config.server.publicUrl)]),
      denials(operation),
      authenticate(access, operation),
      ...inputMiddleware(operation, access.gates.slots.api, services.config.limits.requests.bodyDeadlineMs),
      (c) => runRoute(c, services, route, columns),
    );
  }
}

async function runRoute(
  c: HonoContext<Env>,
  services: Services,
  route: Route,
  columns: ReturnType<typeof csvColumnsOf>,
): Promise<Response> {
  const { operation } = route;
  const principal = c.get("principal");
  const requestSignature = operation.signed
    ? await verifyRequestSignature(c, services, c.get("access"), c.get("file"))
    : null;
  const claim = idempotencyClaim(c, services, principal.merchantId);
  const ctx: Context = {
    ...services,
    merchantId: principal.merchantId,
    reach: reachOfRequest(operation.reach, principal),
    actor: principal.clientId,
    actorMerchantId: principal.merchantId,
    address: c.get("address"),
    requestId: c.get("requestId"),
    scopes: principal.scopes,
    claim,
    requestSignature,
    language: languageOf(c.req.header("accept-language")),
    note: (fields) => addFields(c.get("fields"), fields),
  };
  try {
    const known = operation.replayBeforeRun && claim !== null ? await replayEarlierResult(c, ctx, route, claim) : null;
    if (known !== null) return known;
    const input = collectInput(c, operation);
    if (columns !== null && wantsCsv(c)) return await csvResponse(c, ctx, route, columns, input);
    const view = await route.run(ctx, input);
    if (claim?.state === "taken") {
      await services.db.write([await claim.answerStatement({ status: operation.status, body: view })]);
    }
    return view instanceof Proposal ? jsonResponse(c, view.view, 202) : jsonResponse(c, view, operation.status);
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
  return new KeyClaim(services, merchantId, key, fingerprintOf(c.req.method, pathAndQuery(c), c.get("body")));
}

/** The answer of an earlier request with the same key; null if there is none. A failed write may be the sign of one. */
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
    return c.body(earlier.body, earlier.status as 200, { "content-type": "application/json" }); // the stored status is one of a contract
  }
  if (route.resume === undefined) return null;
  const view = await route.resume(ctx, earlier.subjectId);
  await ctx.db.write([await claim.answerStatement({ status: route.operation.status, body: view })]);
  return c.json(view, route.operation.status);
}

/** The first of our languages that the caller asks for. */
function languageOf(accepted = ""): "en" | "sw" {
  const first = accepted.split(",").map((part) => part.trim().slice(0, 2).toLowerCase()).find((name) =>
    name === "en" || name === "sw"
  );
  return first === "sw" ? "sw" : "en";
}

/** The query belongs to the request: `?dry_run=true` asks for something else. */
const pathAndQuery = (c: HonoContext<Env>): string => c.req.path + new URL(c.req.url).search;
