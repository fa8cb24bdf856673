import type { Hono } from "hono";
import type { Database } from "../db/database.ts";
import { statement } from "../db/query.ts";
import { VERSION } from "../lib/version.ts";
import type { Env } from "./env.ts";

/** What the readiness check needs. */
export interface HealthDeps {
  readonly db: Database;
  /** Names of the migrations that this release expects. */
  readonly migrations: readonly string[];
  /** False once the process is stopping. */
  isAccepting(): boolean;
}

/** `/health/live`: the process answers. `/health/ready`: the process can take work, else 503 with the reason. */
export function healthRoutes(app: Hono<Env>, health: HealthDeps): void {
  app.get("/health/live", (c) => c.json({ status: "live", version: VERSION }));
  app.get("/health/ready", async (c) => {
    const checks = { accepting: health.isAccepting() ? "ok" : "stopping", ...await databaseChecks(health) };
    const ready = Object.values(checks).every((check) => check === "ok");
    const payouts = await payoutsState(health);
    return c.json({ status: ready ? "ready" : "not_ready", version: VERSION, checks, payouts }, ready ? 200 : 503);
  });
}

/** Whether payouts are paused, for monitoring. A pause does not make the service unready. Names no merchant. */
async function payoutsState({ db }: HealthDeps): Promise<"running" | "paused" | "partly_paused" | "unknown"> {
  try {
    const [pauses] = await db.read([statement("SELECT scope FROM payout_pauses")]);
    const scopes = (pauses?.rows ?? []).map(([scope]) => scope);
    return scopes.includes("*") ? "paused" : scopes.length > 0 ? "partly_paused" : "running";
  } catch {
    return "unknown";
  }
}

async function databaseChecks(health: HealthDeps): Promise<{ database: string; schema: string }> {
  try {
    const [result] = await health.db.read([statement("SELECT name FROM schema_migrations ORDER BY name")]);
    const applied = new Set((result?.rows ?? []).map(([name]) => String(name)));
    const missing = health.migrations.filter((name) => !applied.has(name));
    return { database: "ok", schema: missing.length === 0 ? "ok" : `not applied: ${missing.join(", ")}` };
  } catch {
    return { database: "does not answer", schema: "unknown" };
  }
}
