import type { Database } from "../../db/database.ts";
import { type Query, rows, select, statement } from "../../db/query.ts";
import { webhookEndpoints } from "../../db/schema.ts";
import type { Clock } from "../../platform/ports.ts";
import { type DeliveryRow, insertFirstAttempts, pendingDelivery, scheduleDeliveriesJob } from "./store.ts";
import { type EndpointRow, isSubscribed } from "../endpoints/store.ts";

const MAX_ROWS_PER_BATCH = 400; // such a batch takes a few ms, so other writes do not wait long
/** After this time the deliveries job looks at an endpoint again, in case this process has died. */
export const FALLBACK_MS = 10_000;

interface QueuedEvent {
  readonly id: string;
  readonly type: string;
  readonly merchantId: string;
}

const selectEventsWithJob = (ids: string): Query<QueuedEvent> => ({
  sql: `SELECT e.id, e.type, e.merchant_id FROM jobs j JOIN events e ON e.id = j.subject_id ` +
    `WHERE j.kind = 'event' AND j.subject_id IN (SELECT value FROM json_each(?)) ORDER BY e.id`,
  args: [ids],
  map: ([id, type, merchant]) => ({ id: String(id), type: String(type), merchantId: String(merchant) }),
});

const selectEnabledEndpoints = select(
  webhookEndpoints,
  "WHERE status = 'enabled' AND merchant_id IN " +
    `(SELECT merchant_id FROM events WHERE id IN (SELECT value FROM json_each(?)))`,
);

/**
 * Creates a delivery for each event and each endpoint that subscribes to its type, in the batch that ends the events'
 * jobs. A second run creates no second delivery. Answers the ids of the endpoints that have deliveries due.
 */
export async function fanOut(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  eventIds: readonly string[],
): Promise<readonly string[]> {
  const ids = JSON.stringify(eventIds);
  const [events, endpoints] = await rows(db, selectEventsWithJob(ids), selectEnabledEndpoints(ids));
  const dueEndpoints = new Set<string>();
  for (const group of groupEvents(events, endpoints)) {
    const now = clock.now();
    const deliveries = group.flatMap((event) =>
      endpoints.filter((e) => e.merchant_id === event.merchantId && isSubscribed(e, event.type)).map((
        endpoint,
      ): DeliveryRow => pendingDelivery({ endpoint_id: endpoint.id, event_id: event.id, cause: "event" }, now, now))
    );
    const subscribed = endpoints.filter((endpoint) => deliveries.some((row) => row.endpoint_id === endpoint.id));
    await db.write([
      ...(deliveries.length === 0 ? [] : [
        insertFirstAttempts(deliveries),
        scheduleDeliveriesJob(subscribed.map((e) => [e.id, e.merchant_id]), now + FALLBACK_MS, now),
      ]),
      statement(
        `DELETE FROM jobs WHERE kind = 'event' AND subject_id IN (SELECT value FROM json_each(?))`,
        JSON.stringify(group.map((event) => event.id)),
      ),
    ]);
    for (const { id } of subscribed) dueEndpoints.add(id);
  }
  return [...dueEndpoints];
}

/** Splits events into groups whose deliveries fit into one batch. */
function groupEvents(events: readonly QueuedEvent[], endpoints: readonly EndpointRow[]): QueuedEvent[][] {
  const size = Math.max(1, Math.floor(MAX_ROWS_PER_BATCH / Math.max(1, endpoints.length)));
  return Array.from({ length: Math.ceil(events.length / size) }, (_, i) => events.slice(i * size, (i + 1) * size));
}
