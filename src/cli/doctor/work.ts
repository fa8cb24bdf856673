import type { Database } from "../../db/database.ts";
import { first, type Query, rows } from "../../db/query.ts";
import { type DoctorCheck, failed, passed, warned } from "./report.ts";

const MINUTE_MS = 60_000;
/** The sweep runs every minute, and starts each due job that nothing else has started. */
const LATE_MS = 5 * MINUTE_MS;

const minutes = (ms: number): string => `${Math.round(ms / MINUTE_MS)} min`;

/** Checks what runs by itself: the queue of jobs, the cron, and the webhooks. `now` in ms since the epoch. */
export async function checkWork(db: Database, now: number): Promise<DoctorCheck[]> {
  const [late, dead] = [await first(db, selectLate(now - LATE_MS)), await first(db, selectDead())];
  const lastRun = await first(db, selectLastRun());
  const [endpoints] = await rows(db, selectBroken());
  return [
    queueOf(late ?? { count: 0, since: now }, dead ?? 0, now),
    cronOf(lastRun, now),
    ...endpoints.length === 0 ? [passed("webhooks", "No endpoint fails.")] : endpoints.map(({ id, reason }) =>
      warned(
        "webhooks",
        `${id} ${reason === "failing" ? "was switched off, because it failed for days" : "does not take its events"}.`,
        `Mend the receiver, then enable it and redeliver: GET /v1/webhook-endpoints/${id}.`,
      )
    ),
  ];
}

function queueOf(late: { readonly count: number; readonly since: number }, dead: number, now: number): DoctorCheck {
  if (late.count > 0) {
    return failed(
      "queue",
      `${late.count} jobs are due and not run, the oldest for ${minutes(now - late.since)}.`,
      "Start the service, or see in its log why it takes no jobs: deno task malipo logs --level warn.",
    );
  }
  return dead === 0 ? passed("queue", "No job is late.") : warned(
    "queue",
    `${dead} jobs were given up.`,
    "Find the reason in GET /v1/jobs?status=dead, mend it, then POST /v1/jobs/{id}/retry.",
  );
}

function cronOf(lastRun: number | null, now: number): DoctorCheck {
  if (lastRun === null) {
    return warned("cron", "Has never run on this database.", "Start the service; it runs within a minute.");
  }
  const age = now - lastRun;
  return age <= LATE_MS ? passed("cron", `Ran ${Math.max(0, Math.round(age / 1_000))} s ago.`) : failed(
    "cron",
    `Has not run for ${minutes(age)}.`,
    "Start the service. On Deno Deploy, look whether the production timeline has the cron `sweep`.",
  );
}

const selectLate = (before: number): Query<{ readonly count: number; readonly since: number }> => ({
  sql: "SELECT count(*), min(run_at) FROM jobs WHERE status = 'queued' AND run_at < ?",
  args: [before],
  map: ([count, since]) => ({ count: Number(count), since: Number(since) }),
});

const selectDead = (): Query<number> => ({
  sql: "SELECT count(*) FROM jobs WHERE status = 'dead'",
  args: [],
  map: ([count]) => Number(count),
});

const selectLastRun = (): Query<number> => ({
  sql: "SELECT at FROM alert_runs WHERE name = 'rules'",
  args: [],
  map: ([at]) => Number(at),
});

const selectBroken = (): Query<{ readonly id: string; readonly reason: string | null }> => ({
  sql: "SELECT id, disabled_reason FROM webhook_endpoints WHERE (status = 'enabled' AND failing_since IS NOT NULL) " +
    "OR (status = 'disabled' AND disabled_reason IN ('failing', 'gone')) ORDER BY id LIMIT 10",
  args: [],
  map: ([id, reason]) => ({ id: String(id), reason: reason === null ? null : String(reason) }),
});
