import { eq } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { changeRequests } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import type { ChangeRequestView, listChangeRequests as contract } from "./contract.ts";
import { changeView, loadOwn } from "./store.ts";

/** One change request. Errors: `not_found`. */
export async function getChangeRequest(ctx: Context, { id }: { id: string }): Promise<ChangeRequestView> {
  requireScope(ctx, "operator");
  return changeView(await loadOwn(ctx, id));
}

const columns: ListColumns = {
  id: changeRequests.id,
  at: changeRequests.created_at,
  search: (text) => beginsAny([changeRequests.id], text),
  small: true,
};

/** Change requests, newest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listChangeRequests(
  ctx: Context,
  input: Input<typeof contract>,
): Promise<Page<ChangeRequestView>> {
  requireScope(ctx, "operator");
  const filter = listFilter(input, columns, [input.status && eq(changeRequests.status, input.status)]);
  const rows = await listBy(ctx.db, reachTo(ctx, input.merchant), changeRequests, filter, input.limit + 1);
  return toPage(rows, input.limit, changeView);
}
