import { lt, ne } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { list } from "../../db/list.ts";
import { webhookEndpoints } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../../http/pagination.ts";
import type { EndpointView, listEndpoints as contract } from "./contract.ts";
import { loadOwn } from "./store.ts";
import { endpointView } from "./view.ts";

/** One endpoint. Errors: `not_found`. */
export async function getEndpoint(ctx: Context, { id }: { id: string }): Promise<EndpointView> {
  requireScope(ctx, "webhooks:read");
  return endpointView(await loadOwn(ctx, id), ctx.clock.now());
}

/** Endpoints, newest first. Errors: `invalid_query`. */
export async function listEndpoints(ctx: Context, input: Input<typeof contract>): Promise<Page<EndpointView>> {
  requireScope(ctx, "webhooks:read");
  const conditions = [
    lt(webhookEndpoints.id, idBeforeCursor(input.cursor)),
    ne(webhookEndpoints.status, "deleted"),
  ];
  const rows = await list(ctx.db, reachTo(ctx, input.merchant), webhookEndpoints, conditions, input.limit + 1);
  return toPage(rows, input.limit, (row) => endpointView(row, ctx.clock.now()));
}
