import type { Database } from "../../db/database.ts";
import { type Query, rows, select, statement } from "../../db/query.ts";
import { webhookEndpoints } from "../../db/schema.ts";
import type { Clock } from "../../platform/ports.ts";
import { type DeliveryRow, insertFirst, lookBy, pending } from "./store.ts";
import { type EndpointRow, takes } from "../endpoints/store.ts";

const ROWS_MOST = 400; // of one batch: a few ms, so that nothing waits long behind it
/** After this long an endpoint is looked at again, should this process have died meanwhile. */
export const BACKSTOP_MS = 10_000;

/** The job of telling endpoints of an event; the trigger `events_are_told` makes it with the event. */
export const EVENT_JOB = "event";

interface Told {
  readonly id: string;
  readonly type: string;
  readonly merchantId: string;
}

const untold = (ids: string): Query<Told> => ({
  sql: `SELECT e.id, e.type, e.merchant_id FROM jobs j JOIN events e ON e.id = j.subject_id ` +
    `WHERE j.kind = '${EVENT_JOB}' AND j.subject_id IN (SELECT value FROM json_each(?)) ORDER BY e.id`,
  args: [ids],
  map: ([id, type, merchant]) => ({ id: String(id), type: String(type), merchantId: String(merchant) }),
});

const takers = select(
  webhookEndpoints,
  "WHERE status = 'enabled' AND merchant_id IN " +
    `(SELECT merchant_id FROM events WHERE id IN (SELECT value FROM json_each(?)))`,
);

/**
 * Makes a delivery for each event and each endpoint that takes it, in the batch that ends the events' jobs; run twice
 * it makes no second. Answers the endpoints that are now owed something.
 */
export async function fanOut(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  eventIds: readonly string[],
): Promise<readonly string[]> {
  const ids = JSON.stringify(eventIds);
  const [events, endpoints] = await rows(db, untold(ids), takers(ids));
  const owed = new Set<string>();
  for (const group of inGroups(events, endpoints)) {
    const now = clock.now();
    const made = group.flatMap((event) =>
      endpoints.filter((e) => e.merchant_id === event.merchantId && takes(e, event.type)).map((endpoint): DeliveryRow =>
        pending({ endpoint_id: endpoint.id, event_id: event.id, cause: "event" }, now, now)
      )
    );
    const touched = endpoints.filter((endpoint) => made.some((row) => row.endpoint_id === endpoint.id));
    await db.write([
      ...(made.length === 0 ? [] : [
        insertFirst(made),
        lookBy(touched.map((e) => [e.id, e.merchant_id]), now + BACKSTOP_MS, now),
      ]),
      statement(
        `DELETE FROM jobs WHERE kind = '${EVENT_JOB}' AND subject_id IN (SELECT value FROM json_each(?))`,
        JSON.stringify(group.map((event) => event.id)),
      ),
    ]);
    for (const { id } of touched) owed.add(id);
  }
  return [...owed];
}

/** Events in groups whose deliveries are few enough for one batch. */
function inGroups(events: readonly Told[], endpoints: readonly EndpointRow[]): Told[][] {
  const size = Math.max(1, Math.floor(ROWS_MOST / Math.max(1, endpoints.length)));
  return Array.from({ length: Math.ceil(events.length / size) }, (_, i) => events.slice(i * size, (i + 1) * size));
}
