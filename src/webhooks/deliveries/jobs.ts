import type { Services } from "../../context/context.ts";
import { first } from "../../db/query.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { DELIVERIES_JOB, nextDue } from "./store.ts";
import { BACKSTOP_MS, EVENT_JOB, fanOut } from "./fan-out.ts";

/** The job of an event that the process which stored it did not get to tell. */
export async function tellOf(services: Services, eventId: string): Promise<JobOutcome> {
  for (const endpoint of await fanOut(services, [eventId])) services.deliveries.wake(endpoint);
  return "stored";
}

/** The job of an endpoint that is owed something: has it told when it is due. Never waits for the telling. */
export async function lookAfter({ db, clock, deliveries }: Services, endpointId: string): Promise<JobOutcome> {
  const due = await first(db, nextDue(endpointId));
  if (due === null) return "finished";
  const now = clock.now();
  const at = Math.max(due, deliveries.pausedUntil(endpointId));
  if (at > now) return { runAt: at };
  deliveries.wake(endpointId);
  return { runAt: now + BACKSTOP_MS };
}

export { DELIVERIES_JOB, EVENT_JOB };
