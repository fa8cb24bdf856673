import { Hono, type MiddlewareHandler } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { consolePages } from "../console/routes.ts";
import { callbackRoutes } from "../callbacks/routes.ts";
import { errorText } from "../telemetry/log.ts";
import type { Env } from "../http/env.ts";
import type { AccessControl } from "../http/authenticate.ts";
import { describeHead } from "../http/head.ts";
import { mountRoutes } from "../http/mount.ts";
import { documentRoutes, openApiDocument } from "../http/openapi/document.ts";
import { type HealthDeps, healthRoutes } from "../http/health.ts";
import { readClientAddress } from "../http/client-address.ts";
import { createGates } from "../http/gates.ts";
import { problemResponse, toProblem } from "../http/respond.ts";
import { logRequests } from "../http/request-log.ts";
import { traceRequests } from "../http/trace-requests.ts";
import { oauthRoutes } from "../domain/merchants/oauth.ts";
import type { Tokens } from "../auth/tokens.ts";
import { metricsRoutes } from "../monitoring/metrics/routes.ts";
import { readPublicStatus } from "../monitoring/health/read-status.ts";
import { brandRoutes } from "../pages/brand/routes.ts";
import { referenceRoutes } from "../pages/reference/routes.tsx";
import type { TryOut } from "../pages/reference/try-out.tsx";
import { statusRoutes } from "../pages/status/routes.tsx";
import { hostedPages } from "../pages/routes.ts";
import { linkPages } from "../pages/link/routes.ts";
import { CheckoutAccess } from "../pages/pay/checkout-access.ts";
import { receiptPages } from "../pages/receipt/routes.ts";
import { statementPages } from "../pages/statement/routes.ts";
import type { KeyValue } from "../platform/ports.ts";
import { Problem } from "../problems/problem.ts";
import { changeKinds } from "./change-kinds.ts";
import { routes } from "./routes.ts";
import type { AppServices } from "./services.ts";

export interface AppDeps {
  readonly services: AppServices;
  readonly tokens: Tokens;
  /** Keeps notices while the database refuses them. Null: the store is in memory only, so it would not survive a restart. */
  readonly kv: KeyValue | null;
  readonly health: HealthDeps;
  /** Adds more routes: `deno task dev` adds the demo shop. */
  readonly extend?: ((app: Hono<Env>) => void) | undefined;
  /** The client with which pages of the documentation run calls; `deno task dev` alone gives one. */
  readonly tryOut?: TryOut | undefined;
}

/** Calls the function once, and returns the same value every time. */
const memoize = <T>(make: () => T): () => T => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

/** Refuses a NUL character in the URL: no path or query of ours needs one, and SQLite does not handle it reliably. */
const refuseNul: MiddlewareHandler<Env> = (c, next) => {
  if (c.req.url.includes("%00")) {
    throw new Problem("invalid_query", "The URL contains a NUL character (%00). Leave it out.");
  }
  return next();
};

/**
 * A compressed body may become many times larger, and would be read as broken JSON: RFC 9110 answers it with 415. What
 * Daraja sends is kept in any form, because it comes once.
 */
const refuseCompressed: MiddlewareHandler<Env> = (c, next) => {
  const encoding = c.req.header("content-encoding") ?? "";
  if (/^\s*(identity\s*)?$/i.test(encoding) || c.req.path.startsWith("/notify/")) return next();
  throw new Problem(
    "unsupported_media_type",
    `Send the body as it is: Content-Encoding: ${encoding.slice(0, 40)} is not read here.`,
  );
};

/** Builds the app from routes and middleware. It does no I/O of its own: everything comes in as a parameter. */
export function createApp({ services, tokens, kv, health, extend, tryOut }: AppDeps): Hono<Env> {
  const { config } = services;
  const app = new Hono<Env>();
  const gates = createGates(services, kv);
  const control: AccessControl = {
    tokens,
    outside: services.outsideTokens,
    standings: services.standings,
    dpop: services.dpop,
    publicUrl: config.server.publicUrl,
    gates,
  };
  if (services.telemetry !== null) app.use(traceRequests(services.telemetry));
  app.use(describeHead);
  app.use(logRequests(services, config.server.publicUrl));
  app.use(readClientAddress(config.server.trustedProxies, services.log));
  app.use(gates.enter);
  app.use(refuseNul);
  app.use(refuseCompressed);
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      c.header("allow", methods.join(", "));
      const refused = new Problem("method_not_allowed", "This address takes other methods; see the Allow header.");
      return problemResponse(c, refused, config.server.publicUrl, c.get("requestId"));
    },
  }));
  healthRoutes(app, health);
  if (services.metrics !== null && config.metricsToken !== null) {
    metricsRoutes(app, { metrics: services.metrics, token: config.metricsToken, db: health.db, clock: services.clock });
  }
  callbackRoutes(app, services, kv, gates);
  oauthRoutes(app, services, tokens, gates);
  const document = memoize(() => openApiDocument(config.server.publicUrl, routes));
  documentRoutes(app, document);
  referenceRoutes(app, document, tryOut ?? null);
  statusRoutes(app, services.clock, () => readPublicStatus(services.db, services.clock.now()));
  mountRoutes(app, services, control, routes);
  app.route("/", brandRoutes(services, gates));
  app.route("/", statementPages(services, gates));
  app.route("/", consolePages(services, gates, changeKinds, () => health.isAccepting()));
  const access = new CheckoutAccess(services);
  app.route("/", receiptPages(services, gates));
  app.route("/", linkPages(services, gates, access));
  app.route("/", hostedPages(services, gates, access, () => health.isAccepting()));
  extend?.(app);

  app.notFound((c) => {
    const problem = new Problem("not_found", "Nothing is at this address. GET /openapi.json lists every call.");
    return problemResponse(c, problem, config.server.publicUrl, c.get("requestId"));
  });
  app.onError((error, c) => {
    const problem = toProblem(error);
    const expected = problem.code !== "internal_error";
    c.get("fields").problem = problem.code;
    if (!expected) c.get("fields").error = errorText(error);
    return problemResponse(c, problem, config.server.publicUrl, c.get("requestId"));
  });
  return app;
}
