import { eq, sql } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import type { EventType } from "../../db/event-types.ts";
import { inReach, listBy } from "../../db/list.ts";
import { first } from "../../db/query.ts";
import { type Reach, within } from "../../db/reach.ts";
import { events } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { begins, either, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { EventView, listEvents as contract } from "./contract.ts";
import { selectEvent } from "./store.ts";
import { eventView } from "./view.ts";

/** One event. Errors: `not_found`. */
export async function getEvent(ctx: Context, { id }: { id: string }): Promise<EventView> {
  requireScope(ctx, "webhooks:read");
  const row = within(ctx.reach, await first(ctx.db, selectEvent(id)));
  if (row === null) throw new Problem("not_found", "There is no event with this id. GET /v1/events lists yours.");
  return eventView(row);
}

/** Each part of `q` is found by an index of its own. */
const eventColumns = (reach: Reach): ListColumns => ({
  id: events.id,
  prefix: "evt",
  at: events.created_at,
  search: (text) =>
    either(events.id, [
      sql`select ${events.id} from ${events} where ${begins(events.id, text)}`,
      sql`select ${events.id} from ${events} where ${inReach(reach, events.merchant_id) || sql`true`}
        and ${begins(events.subject_id, text)}`,
    ]),
  searchFinds: true,
});

/** Events, newest first, so that a merchant can read what a webhook has missed. Errors: `invalid_query`. */
export async function listEvents(ctx: Context, input: Input<typeof contract>): Promise<Page<EventView>> {
  requireScope(ctx, "webhooks:read");
  const reach = reachTo(ctx, input.merchant);
  const filter = listFilter(input, eventColumns(reach), [
    input.type && eq(events.type, input.type as EventType), // another text matches no event
    input.subject && eq(events.subject_id, input.subject),
  ]);
  const rows = await listBy(ctx.db, reach, events, filter, input.limit + 1);
  return toPage(rows, input.limit, eventView);
}
