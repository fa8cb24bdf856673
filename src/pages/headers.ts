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

/** Sets the security headers of a page. Its URL is a secret, so it has no referrer and no cache may store it. */
export function pageHeaders(directives: readonly string[] = CONTENT_SECURITY_POLICY): MiddlewareHandler<Env> {
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
