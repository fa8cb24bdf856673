import { ne } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { webhookEndpoints } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import type { EndpointView, listEndpoints as contract } from "./contract.ts";
import { loadOwn } from "./store.ts";
import { endpointView } from "./view.ts";

/** One endpoint. Errors: `not_found`. */
export async function getEndpoint(ctx: Context, { id }: { id: string }): Promise<EndpointView> {
  requireScope(ctx, "webhooks:read");
  return endpointView(await loadOwn(ctx, id), ctx.clock.now());
}

const endpointColumns: ListColumns = {
  id: webhookEndpoints.id,
  at: webhookEndpoints.created_at,
  search: (text) => beginsAny([webhookEndpoints.id, webhookEndpoints.url], text),
  small: true,
};

/** Endpoints, newest first. Errors: `invalid_query`. */
export async function listEndpoints(ctx: Context, input: Input<typeof contract>): Promise<Page<EndpointView>> {
  requireScope(ctx, "webhooks:read");
  const filter = listFilter(input, endpointColumns, [ne(webhookEndpoints.status, "deleted")]);
  const rows = await listBy(ctx.db, reachTo(ctx, input.merchant), webhookEndpoints, filter, input.limit + 1);
  return toPage(rows, input.limit, (row) => endpointView(row, ctx.clock.now()));
}
