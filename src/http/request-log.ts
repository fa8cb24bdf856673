import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Services } from "../context/context.ts";
import { VERSION } from "../lib/version.ts";
import type { Env } from "./env.ts";
import { securityHeaders } from "./security-headers.ts";

const requestIdBytes = new Uint8Array(16);
const newRequestId = (): string => `req_${crypto.getRandomValues(requestIdBytes).toHex()}`;

/** Gives every request an id, every answer its headers, and writes one log line with all fields that were added on the way. */
export function logRequests(
  { clock, log }: Pick<Services, "clock" | "log">,
  publicUrl: string,
): MiddlewareHandler<Env> {
  const fixed = { "api-version": VERSION, ...securityHeaders(publicUrl) };
  return async (c, next) => {
    const started = clock.now();
    const fields: Record<string, unknown> = {};
    const requestId = newRequestId();
    c.set("requestId", requestId);
    c.set("fields", fields);
    c.set("headers", { "request-id": requestId, ...fixed });
    await next();
    for (const [name, value] of Object.entries(c.get("headers") ?? {})) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
    // The route pattern, never the path: the paths of callbacks contain capabilities, which are secret.
    const line = {
      request_id: requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      ms: clock.now() - started,
    };
    log.write(c.res.status >= 500 ? "error" : "info", "request", Object.assign(line, fields));
  };
}
