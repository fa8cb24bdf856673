import type { Hono } from "hono";
import type { Database } from "../../db/database.ts";
import type { Env } from "../../http/env.ts";
import { equalBytes, hashSecret } from "../../crypto/secrets.ts";
import type { Clock } from "../../platform/ports.ts";
import { Problem } from "../../problems/problem.ts";
import { readGauges } from "./business-gauges.ts";
import type { Metrics } from "./metrics.ts";

/** What `GET /metrics` needs. */
export interface MetricsDeps {
  readonly metrics: Metrics;
  /** Who asks must send it as a bearer token. */
  readonly token: string;
  readonly db: Database;
  readonly clock: Clock;
}

/**
 * `GET /metrics` for Prometheus: what this process has counted, and what the database knows. The route exists only with
 * `METRICS_TOKEN`. It has the figures of all merchants, so no access token of the API opens it.
 * Errors: `token_missing`, `token_invalid`.
 */
export function metricsRoutes(app: Hono<Env>, { metrics, token, db, clock }: MetricsDeps): void {
  app.get("/metrics", async (c) => {
    const given = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (given === undefined) {
      throw new Problem("token_missing", "Send `Authorization: Bearer` with the value of METRICS_TOKEN.");
    }
    if (!equalBytes(hashSecret(given), hashSecret(token))) {
      throw new Problem(
        "token_invalid",
        "This is not the value of METRICS_TOKEN. Access tokens of the API don't fit here.",
      );
    }
    const [counted, stored] = await Promise.all([metrics.registry.metrics(), readGauges(db, clock)]);
    return c.body(`${counted}\n${stored}`, 200, { "content-type": metrics.registry.contentType });
  });
}
