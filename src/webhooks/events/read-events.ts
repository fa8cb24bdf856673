import { eq, lt } from "drizzle-orm";
import { type Context, requireScope } from "../../context/context.ts";
import type { EventType } from "../../db/event-types.ts";
import { list } from "../../db/list.ts";
import { first } from "../../db/query.ts";
import { events } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { EventView, listEvents as contract } from "./contract.ts";
import { selectOwnEvent } from "./store.ts";
import { eventView } from "./view.ts";

/** One event. Errors: `not_found`. */
export async function getEvent(ctx: Context, { id }: { id: string }): Promise<EventView> {
  requireScope(ctx, "webhooks:read");
  const row = await first(ctx.db, selectOwnEvent(id, ctx.merchantId));
  if (row === null) throw new Problem("not_found", "There is no event with this id. GET /v1/events lists yours.");
  return eventView(row);
}

/** Events, newest first, so that a merchant can read what a webhook has missed. Errors: `invalid_query`. */
export async function listEvents(ctx: Context, input: Input<typeof contract>): Promise<Page<EventView>> {
  requireScope(ctx, "webhooks:read");
  const rows = await list(
    ctx.db,
    events,
    [
      eq(events.merchant_id, ctx.merchantId),
      lt(events.id, idBeforeCursor(input.cursor)),
      input.type && eq(events.type, input.type as EventType), // another text matches no event
      input.subject && eq(events.subject_id, input.subject),
    ],
    events.id,
    input.limit + 1,
  );
  return toPage(rows, input.limit, eventView);
}
