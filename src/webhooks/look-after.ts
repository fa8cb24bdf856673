import type { Services } from "../context/context.ts";
import { first } from "../db/query.ts";
import type { Outcome } from "../jobs/jobs.ts";
import { DELIVERIES_JOB, nextDue } from "./delivery-store.ts";
import { BACKSTOP_MS, EVENT_JOB, fanOut } from "./fan-out.ts";

/** The job of an event that the process which stored it did not get to tell. */
export async function tellOf(services: Services, eventId: string): Promise<Outcome> {
  for (const endpoint of await fanOut(services, [eventId])) services.courier.poke(endpoint);
  return "stored";
}

/** The job of an endpoint that is owed something: has it told when it is due. Never waits for the telling. */
export async function lookAfter({ db, clock, courier }: Services, endpointId: string): Promise<Outcome> {
  const due = await first(db, nextDue(endpointId));
  if (due === null) return "finished";
  const now = clock.now();
  const at = Math.max(due, courier.pausedUntil(endpointId));
  if (at > now) return { runAt: at };
  courier.poke(endpointId);
  return { runAt: now + BACKSTOP_MS };
}

export { DELIVERIES_JOB, EVENT_JOB };
