import type { MiddlewareHandler } from "hono";
import type { Env } from "../http/env.ts";

/** Nothing but our own files, no script or style in the page itself, and no other site may frame it. */
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
] as const;

/** Headers of a page. Its address is a secret, so it is told to nobody and kept by no cache. */
export function pageHeaders(directives: readonly string[] = policy): MiddlewareHandler<Env> {
  const csp = directives.join("; ");
  return async (c, next) => {
    await next();
    c.header("Content-Security-Policy", csp);
    c.header("Referrer-Policy", "no-referrer");
    c.header("X-Frame-Options", "DENY");
    c.header("Cross-Origin-Opener-Policy", "same-origin");
    c.header("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()");
    c.header("X-Robots-Tag", "noindex");
    if (!c.res.headers.has("cache-control")) c.header("Cache-Control", "no-store");
  };
}
