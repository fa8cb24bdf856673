import { eq } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { standingAccounts } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { accountKey } from "../settlement/account-key.ts";
import type { AccountView, listAccounts as contract } from "./contract.ts";
import { loadReachedAccount, withSums } from "./store.ts";
import { accountView } from "./view.ts";

/** One account. Errors: `not_found`. */
export async function getAccount(ctx: Context, { id }: { id: string }): Promise<AccountView> {
  requireScope(ctx, "accounts:read");
  return await accountView(ctx, await loadReachedAccount(ctx, id));
}

const accountColumns: ListColumns = {
  id: standingAccounts.id,
  prefix: "acc",
  at: standingAccounts.created_at,
  search: (text) => beginsAny([standingAccounts.id, standingAccounts.account_reference], text),
};

/** Accounts, newest first. Errors: `invalid_query`. */
export async function listAccounts(ctx: Context, input: Input<typeof contract>): Promise<Page<AccountView>> {
  requireScope(ctx, "accounts:read");
  const filter = listFilter(input, accountColumns, [
    input.account_reference !== undefined && eq(standingAccounts.account_key, accountKey(input.account_reference)),
  ]);
  const found = await listBy(ctx.db, reachTo(ctx, input.merchant), standingAccounts, filter, input.limit + 1);
  const states = await withSums(ctx, found);
  const views = new Map<string, AccountView>();
  for (const state of states) views.set(state.account.id, await accountView(ctx, state));
  return toPage(found, input.limit, ({ id }) => views.get(id) as AccountView); // made from the same rows above
}
