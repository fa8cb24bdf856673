import { commit, type Context, requirePlatform } from "../../context/context.ts";
import { listRows } from "../../db/list.ts";
import { first } from "../../db/query.ts";
import { merchants } from "../../db/schema.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type {
  changeMerchant as changing,
  createMerchant as creation,
  listMerchants as listing,
  MerchantView,
  MerchantWithClient,
} from "./merchant-contract.ts";
import { changedMerchant, type MerchantRow, newMerchant, selectMerchant } from "./merchant-rows.ts";

const view = (row: MerchantRow): MerchantView => ({
  id: row.id,
  name: row.name,
  status: row.status,
  created_at: formatTime(row.created_at),
  disabled_at: formatTimeOrNull(row.disabled_at),
  version: row.version,
});

/** Creates a merchant with its first client. Errors: `insufficient_scope`. */
export async function createMerchant(ctx: Context, input: Input<typeof creation>): Promise<MerchantWithClient> {
  requirePlatform(ctx);
  const { row, client, statements } = await newMerchant(ctx, input.name);
  const answer = { ...view(row), client: { ...client, scopes: [...client.scopes] } };
  const kept = { ...answer, client: { ...answer.client, secret: "" } }; // shown once, so not kept
  await commit(ctx, row.id, statements, { status: 201, body: kept });
  return answer;
}

const merchantColumns: ListColumns = {
  id: merchants.id,
  at: merchants.created_at,
  search: (text) => beginsAny([merchants.id, merchants.name], text),
  small: true,
};

/** Merchants, newest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listMerchants(ctx: Context, input: Input<typeof listing>): Promise<Page<MerchantView>> {
  requirePlatform(ctx);
  const { conditions } = listFilter(input, merchantColumns);
  return toPage(await listRows(ctx.db, merchants, conditions, merchants.id, input.limit + 1), input.limit, view);
}

/** The name of a merchant. Errors: `not_found`, `insufficient_scope`. */
export async function merchantName(ctx: Context, id: string): Promise<string> {
  requirePlatform(ctx);
  const found = await first(ctx.db, selectMerchant(id));
  if (found === null) throw new Problem("not_found", "There is no merchant with this id.");
  return found.name;
}

/** Renames, disables or enables a merchant. Errors: `not_found`, `insufficient_scope`. */
export async function changeMerchant(ctx: Context, input: Input<typeof changing>): Promise<MerchantView> {
  requirePlatform(ctx);
  const before = await first(ctx.db, selectMerchant(input.id));
  if (before === null) {
    throw new Problem("not_found", "There is no merchant with this id. GET /v1/merchants lists them.");
  }
  const { after, statements } = changedMerchant(ctx, before, input);
  const answer = view(after);
  await commit(ctx, input.id, statements, { status: 200, body: answer });
  ctx.standings.forgetAll();
  if (after.status !== before.status) {
    ctx.log.write("alert", `merchant_${after.status === "disabled" ? "disabled" : "enabled"}`, {
      merchant: input.id,
      by: ctx.actor,
    });
    ctx.jobs.wake(ctx.clock.now());
  }
  return answer;
}
