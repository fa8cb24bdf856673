import type { Services } from "../../context/context.ts";
import { first } from "../../db/query.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { selectNextDueAt } from "./store.ts";
import { FALLBACK_MS, fanOut } from "./fan-out.ts";

/** Runs the job of an event: fans it out, in case the process that stored it did not. */
export async function runEventJob(services: Services, eventId: string): Promise<JobOutcome> {
  for (const endpointId of await fanOut(services, [eventId])) services.deliveries.wake(endpointId);
  return "stored";
}

/** Runs the job of an endpoint with pending deliveries: starts its worker when one is due. Does not wait for the worker. */
export async function runDeliveriesJob({ db, clock, deliveries }: Services, endpointId: string): Promise<JobOutcome> {
  const nextDueAt = await first(db, selectNextDueAt(endpointId));
  if (nextDueAt === null) return "finished";
  const now = clock.now();
  const runAt = Math.max(nextDueAt, deliveries.pausedUntil(endpointId));
  if (runAt > now) return { runAt };
  deliveries.wake(endpointId);
  return { runAt: now + FALLBACK_MS };
}
