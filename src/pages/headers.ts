import type { MiddlewareHandler } from "hono";
import type { Env } from "../http/env.ts";

/** Allows only our own files, no inline script or style, and no framing by other sites. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
] as const;

/** Sets the headers of a page besides those of every answer. Its URL is a secret, so no cache may store it. */
export function pageHeaders(directives: readonly string[] = CONTENT_SECURITY_POLICY): MiddlewareHandler<Env> {
  const csp = directives.join("; ");
  return async (c, next) => {
    await next();
    c.header("Content-Security-Policy", csp);
    c.header("X-Robots-Tag", "noindex");
    if (!c.res.headers.has("cache-control")) c.header("Cache-Control", "no-store");
  };
}
