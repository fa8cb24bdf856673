import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Tracing } from "../telemetry/tracing.ts";
import type { Env } from "./env.ts";

/**
 * Records each request as a span, named by its route. The path and the query are left out: callback addresses are
 * secrets, and filters name people.
 */
export const traceRequests = (tracing: Tracing): MiddlewareHandler<Env> => async (c, next) => {
  if (c.req.path.startsWith("/health/")) return await next();
  await tracing.request(c.req.method, c.req.header("traceparent"), async (span) => {
    await next();
    const route = routePath(c, -1);
    const { problem, merchant } = c.get("fields") ?? {};
    span.rename(`${c.req.method} ${route}`);
    span.set({
      "http.route": route,
      "http.response.status_code": c.res.status,
      "malipo.request_id": c.get("requestId"),
      ...(typeof problem === "string" ? { "malipo.problem": problem } : {}),
      ...(typeof merchant === "string" ? { "malipo.merchant": merchant } : {}),
    });
    if (c.res.status >= 500) span.fail(String(c.res.status));
  });
};
