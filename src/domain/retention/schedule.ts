import type { Services } from "../../context/context.ts";
import type { Fields } from "../../telemetry/log.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { deleteExpiredRows } from "./delete-expired.ts";

const HOUR_MS = 3_600_000;
const PAUSE_BETWEEN_BATCHES_MS = 250;

/** The sweep calls this. Each process schedules the retention job once an hour. */
export async function scheduleRetention(services: Services): Promise<void> {
  const now = services.clock.now();
  if (now - services.sweepState.retentionScheduledAt < HOUR_MS) return;
  await services.db.write([services.jobs.schedule("retention", "all", null, now)]);
  services.sweepState.retentionScheduledAt = now;
  services.jobs.wake(now);
}

/** The job. Each run deletes one batch of each kind; it runs again after a pause until nothing is left. */
export async function runRetentionJob(services: Services, note: (fields: Fields) => void): Promise<JobOutcome> {
  const { removed, done } = await deleteExpiredRows(services);
  note({ removed });
  return done ? "finished" : { runAt: services.clock.now() + PAUSE_BETWEEN_BATCHES_MS };
}
