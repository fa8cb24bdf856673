import { eq } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { within } from "../../db/reach.ts";
import { standingOrders } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { listStandingOrders as contract, StandingOrderView } from "./contract.ts";
import { loadStandingOrder } from "./store.ts";
import { standingOrderView } from "./view.ts";

/** The standing order that an earlier request with the same Idempotency-Key made. Errors: `not_found`. */
export async function resumeStandingOrder(ctx: Context, { id }: { id: string }): Promise<StandingOrderView> {
  const order = within(ctx.reach, await loadStandingOrder(ctx, id));
  if (order !== null) return await standingOrderView(ctx, order);
  throw new Problem("not_found", "There is no standing order with this id. GET /v1/standing-orders lists yours.");
}

/** One standing order. Errors: `not_found`. */
export async function getStandingOrder(ctx: Context, { id }: { id: string }): Promise<StandingOrderView> {
  requireScope(ctx, "checkouts:read");
  return await resumeStandingOrder(ctx, { id });
}

const orderColumns: ListColumns = {
  id: standingOrders.id,
  prefix: "sto",
  at: standingOrders.created_at,
  amount: standingOrders.amount,
  search: (text) =>
    beginsAny([standingOrders.id, standingOrders.name, standingOrders.account_reference, standingOrders.receipt], text),
};

/** Standing orders, newest first. Errors: `invalid_query`. */
export async function listStandingOrders(
  ctx: Context,
  input: Input<typeof contract>,
): Promise<Page<StandingOrderView>> {
  requireScope(ctx, "checkouts:read");
  const filter = listFilter(input, orderColumns, [input.status && eq(standingOrders.status, input.status)]);
  const found = await listBy(ctx.db, reachTo(ctx, input.merchant), standingOrders, filter, input.limit + 1);
  const views = new Map<string, StandingOrderView>();
  for (const row of found) views.set(row.id, await standingOrderView(ctx, row));
  return toPage(found, input.limit, (row) => views.get(row.id) as StandingOrderView); // made from the same rows above
}
