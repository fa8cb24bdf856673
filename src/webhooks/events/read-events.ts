import { eq, lt } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import type { EventType } from "../../db/event-types.ts";
import { list } from "../../db/list.ts";
import { first } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { events } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../../http/pagination.ts";
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

/** Events, newest first, so that a merchant can read what a webhook has missed. Errors: `invalid_query`. */
export async function listEvents(ctx: Context, input: Input<typeof contract>): Promise<Page<EventView>> {
  requireScope(ctx, "webhooks:read");
  const rows = await list(
    ctx.db,
    reachTo(ctx, input.merchant),
    events,
    [
      lt(events.id, idBeforeCursor(input.cursor)),
      input.type && eq(events.type, input.type as EventType), // another text matches no event
      input.subject && eq(events.subject_id, input.subject),
    ],
    input.limit + 1,
  );
  return toPage(rows, input.limit, eventView);
}
