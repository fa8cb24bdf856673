import type { MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";
import type { Deprecation } from "./operation.ts";

/** The headers of a deprecated operation: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link`. */
export function deprecationHeaders({ since, sunset, link }: Deprecation, publicUrl: string): Record<string, string> {
  return {
    "Deprecation": `@${Math.floor(Date.parse(since) / 1000)}`,
    ...(sunset === undefined ? {} : { "Sunset": new Date(sunset).toUTCString() }),
    ...(link === undefined ? {} : { "Link": `<${new URL(link, publicUrl)}>; rel="deprecation"; type="text/html"` }),
  };
}

/** Adds the headers to every answer of the operation, errors included. */
export function addDeprecationHeaders(deprecation: Deprecation, publicUrl: string): MiddlewareHandler<Env> {
  const headers = deprecationHeaders(deprecation, publicUrl);
  return async (c, next) => {
    c.set("headers", { ...c.get("headers"), ...headers });
    await next();
  };
}
