import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { HTTPException } from "hono/http-exception";
import { callbackRoutes } from "./callbacks/routes.ts";
import type { Services } from "./context.ts";
import type { Env } from "./http/env.ts";
import { type Gate, mount } from "./http/mount.ts";
import { documentRoutes } from "./http/document.ts";
import { type Health, healthRoutes } from "./http/health.ts";
import { RateLimit } from "./http/rate-limit.ts";
import { problemResponse, toProblem } from "./http/respond.ts";
import { wideEvent } from "./http/wide-event.ts";
import { oauthRoutes } from "./merchants/oauth.ts";
import type { Tokens } from "./merchants/tokens.ts";
import type { KeyValue } from "./platform/ports.ts";
import { Problem } from "./problem.ts";
import { routes } from "./routes.ts";

export interface AppParts {
  readonly services: Services;
  readonly tokens: Tokens;
  readonly kv: KeyValue;
  readonly health: Health;
}

/** Composes routes and middleware. No I/O of its own: whatever it reaches comes in through `parts`. */
export function createApp({ services, tokens, kv, health }: AppParts): Hono<Env> {
  const { config, clock } = services;
  const app = new Hono<Env>();
  const gate: Gate = { tokens, limit: new RateLimit(clock, config.limits.requests.perMinute) };
  app.use(wideEvent(services));
  app.use(methodNotAllowed({ app }));
  healthRoutes(app, health);
  callbackRoutes(app, services, kv);
  oauthRoutes(app, services, tokens, new RateLimit(clock, config.limits.requests.failedAuthenticationsPerMinute));
  documentRoutes(app, config.server.publicUrl, routes);
  mount(app, services, gate, routes);

  app.notFound((c) => {
    const problem = new Problem("not_found", "Nothing is at this address. GET /openapi.json lists every call.");
    return problemResponse(c, problem, config.server.publicUrl, c.get("requestId"));
  });
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status === 405) {
      c.header("allow", error.getResponse().headers.get("allow") ?? "");
      const refused = new Problem("method_not_allowed", "This address takes other methods; see the Allow header.");
      return problemResponse(c, refused, config.server.publicUrl, c.get("requestId"));
    }
    const problem = toProblem(error);
    const expected = problem.code !== "internal_error";
    c.get("fields").problem = problem.code;
    if (!expected) c.get("fields").error = `${error.name}: ${error.message}`;
    return problemResponse(c, problem, config.server.publicUrl, c.get("requestId"));
  });
  return app;
}
