import type { Services } from "../../context/context.ts";
import type { Fields } from "../../telemetry/log.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { deleteExpiredRows } from "./delete-expired.ts";

/** The job that removes what has outlived its use. One for the whole service. */
export const RETENTION_JOB = "retention";

const HOUR_MS = 3_600_000;
const PAUSE_MS = 250;
const looked = new WeakMap<Services, number>();

/** Run by the sweep: each process sees to it once an hour that there is the job. */
export async function scheduleRetention(services: Services): Promise<void> {
  const now = services.clock.now();
  if (now - (looked.get(services) ?? 0) < HOUR_MS) return;
  await services.db.write([services.jobs.schedule(RETENTION_JOB, "all", null, now)]);
  looked.set(services, now);
  services.jobs.wake(now);
}

/** The job: batch after batch with a pause between, until nothing is left. */
export async function runRetentionJob(services: Services, note: (fields: Fields) => void): Promise<JobOutcome> {
  const { removed, done } = await deleteExpiredRows(services);
  note({ removed });
  return done ? "finished" : { runAt: services.clock.now() + PAUSE_MS };
}
