import { eq, sql } from "drizzle-orm";
import { type Context, requireScope } from "../../context/context.ts";
import { listRows } from "../../db/list.ts";
import { rows } from "../../db/query.ts";
import { deliveries } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import type { DeliveryView, listDeliveries as contract } from "./contract.ts";
import type { DeliveryRow } from "./store.ts";
import { selectEvents } from "../events/store.ts";
import { loadOwn } from "../endpoints/store.ts";
import { deliveryView } from "./view.ts";

const deliveryColumns: ListColumns = {
  id: deliveries.id,
  prefix: "dlv",
  at: deliveries.created_at,
  search: (text) => beginsAny([deliveries.id, deliveries.event_id], text),
};

/** The deliveries of an endpoint, newest first. Errors: `not_found`, `invalid_query`. */
export async function listDeliveries(ctx: Context, input: Input<typeof contract>): Promise<Page<DeliveryView>> {
  requireScope(ctx, "webhooks:read");
  const filter = listFilter(input, deliveryColumns, [
    input.status && eq(deliveries.status, input.status),
    input.event && eq(deliveries.event_id, input.event),
  ]);
  const endpoint = await loadOwn(ctx, input.id);
  const found = await listRows(
    ctx.db,
    deliveries,
    [
      // The plus keeps SQLite off the endpoint's index: the index on the event finds fewer rows.
      input.event === undefined
        ? eq(deliveries.endpoint_id, endpoint.id)
        : sql`+${deliveries.endpoint_id} = ${endpoint.id}`,
      ...filter.conditions,
    ],
    deliveries.id,
    input.limit + 1,
    filter.scans || input.status !== undefined,
  );
  const pageOfRows = toPage(found, input.limit, (row) => row);
  const views = await deliveryViews(ctx, pageOfRows.data);
  return { ...pageOfRows, data: views };
}

/** Deliveries as the API shows them to their merchant, each with its event. */
export async function deliveryViews(ctx: Pick<Context, "db">, found: readonly DeliveryRow[]): Promise<DeliveryView[]> {
  const [events] = await rows(ctx.db, selectEvents(JSON.stringify(found.map((row) => row.event_id))));
  const byId = new Map(events.map((event) => [event.id, event]));
  return found.flatMap((row) => {
    const event = byId.get(row.event_id);
    return event === undefined ? [] : [deliveryView(row, event)];
  });
}
