import type { Fields, Services } from "../../context/context.ts";
import type { Job, JobOutcome } from "../../context/jobs.ts";
import { createNotary } from "./anchor.ts";
import { anchorChains, checkChains } from "./check.ts";
import { sealEntries, signAgain } from "./seal.ts";

const MINUTE_MS = 60_000;
/** No step begins later in a run (ms), so that it is over before the lease of 60 s. */
const MAX_RUN_MS = 5_000;

/** The sweep calls this. It schedules the job once a minute. */
export async function scheduleAudit(services: Services): Promise<void> {
  const now = services.clock.now();
  const spacingMs = MINUTE_MS * Math.min(1, services.config.plans.scale);
  if (now - services.sweepState.auditScheduledAt < spacingMs / 2) return;
  await services.db.write([services.jobs.schedule("audit", "all", null, now)]);
  services.sweepState.auditScheduledAt = now;
  services.jobs.wake(now);
}

/**
 * The job: seals the entries of the last minute, anchors the ends of chains outside of the database once an hour, and
 * checks each chain once an hour.
 */
export async function runAuditJob(services: Services, job: Job, note: (fields: Fields) => void): Promise<JobOutcome> {
  const notary = await createNotary(services.config.keys.signing);
  const until = services.clock.now() + MAX_RUN_MS;
  if (await sealEntries(services, notary, until)) return { runAt: services.clock.now() };
  await signAgain(services, notary);
  const anchored = await anchorChains(services, job.id);
  const isMore = await checkChains(services, notary, until);
  note({ anchored });
  return isMore ? { runAt: services.clock.now() } : "finished";
}
