import { eq, lt, sql } from "drizzle-orm";
import { type Context, requireScope } from "../../context/context.ts";
import { list } from "../../db/list.ts";
import { rows } from "../../db/query.ts";
import { deliveries } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../../http/pagination.ts";
import type { DeliveryView, listDeliveries as contract } from "./contract.ts";
import type { DeliveryRow } from "./store.ts";
import { selectEvents } from "../events/store.ts";
import { own } from "../endpoints/store.ts";
import { deliveryView } from "./view.ts";

/** Attempts to tell an endpoint, newest first. Errors: `not_found`, `invalid_query`. */
export async function listDeliveries(ctx: Context, input: Input<typeof contract>): Promise<Page<DeliveryView>> {
  requireScope(ctx, "webhooks:read");
  const before = idBeforeCursor(input.cursor);
  const endpoint = await own(ctx, input.id);
  const found = await list(
    ctx.db,
    deliveries,
    [
      // With a plus, or the planner walks all of the endpoint's where the event's index knows the few.
      input.event === undefined
        ? eq(deliveries.endpoint_id, endpoint.id)
        : sql`+${deliveries.endpoint_id} = ${endpoint.id}`,
      lt(deliveries.id, before),
      input.status && eq(deliveries.status, input.status),
      input.event && eq(deliveries.event_id, input.event),
    ],
    deliveries.id,
    input.limit + 1,
    input.status !== undefined,
  );
  const shown = toPage(found, input.limit, (row) => row);
  const views = await viewsOf(ctx, shown.data);
  return { ...shown, data: views };
}

/** Deliveries as their merchant sees them, each with its event. */
export async function viewsOf(ctx: Pick<Context, "db">, found: readonly DeliveryRow[]): Promise<DeliveryView[]> {
  const [events] = await rows(ctx.db, selectEvents(JSON.stringify(found.map((row) => row.event_id))));
  const byId = new Map(events.map((event) => [event.id, event]));
  return found.flatMap((row) => {
    const event = byId.get(row.event_id);
    return event === undefined ? [] : [deliveryView(row, event)];
  });
}
