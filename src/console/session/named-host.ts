import type { MiddlewareHandler } from "hono";
import type { Services } from "../../context/services.ts";
import { isLoopbackNumber } from "../../domain/people/relying-party.ts";
import type { Env } from "../../http/env.ts";

/**
 * Browsers make passkeys for names, not for numbers. In development the service is at 127.0.0.1, so a browser that opens the
 * console there is sent to `localhost`, which is the same machine.
 */
export function namedHost({ config }: Services): MiddlewareHandler<Env> {
  const isNumber = isLoopbackNumber(new URL(config.server.publicUrl).hostname);
  return async (c, next) => {
    const url = new URL(c.req.url);
    const isNavigation = c.req.method === "GET" && c.req.header("sec-fetch-mode") === "navigate";
    if (!isNumber || !isNavigation || !isLoopbackNumber(url.hostname)) return await next();
    url.hostname = "localhost";
    return c.redirect(url.href, 307);
  };
}
