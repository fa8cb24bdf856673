import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Services } from "../context.ts";
import { version } from "../version.ts";
import type { Env } from "./env.ts";

const encode = new Uint8Array(16);
const newRequestId = (): string => `req_${crypto.getRandomValues(encode).toHex()}`;

/** Gives every request its id, every answer its headers, and the log one line with all that was learnt on the way. */
export function wideEvent({ clock, log }: Pick<Services, "clock" | "log">): MiddlewareHandler<Env> {
  return async (c, next) => {
    const started = clock.now();
    const fields: Record<string, unknown> = {};
    const requestId = newRequestId();
    c.set("requestId", requestId);
    c.set("fields", fields);
    // Set before there is an answer: afterwards it would have to be made anew to hold them. So every answer is made by
    // the context, and none by `new Response`.
    c.header("Request-Id", requestId);
    c.header("API-Version", version);
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Cache-Control", "no-store");
    await next();
    // The pattern, never the path: paths carry capabilities.
    const line = {
      request_id: requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      ms: clock.now() - started,
    };
    log.write(c.res.status >= 500 ? "error" : "info", "request", { ...line, ...fields });
  };
}
