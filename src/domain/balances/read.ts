import { ofNumber } from "../shortcodes/of-number.ts";
import { and, sql } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { rows, select } from "../../db/query.ts";
import { balanceAlerts, balances } from "../../db/schema.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import type { BalanceView, listBalances as contract } from "./contract.ts";

type Row = typeof balances.$inferSelect;

const selectAlerts = select(balanceAlerts, "WHERE shortcode_id IN (SELECT value FROM json_each(?))");
const isNewest =
  sql`${balances.id} = (select max(b.id) from balances b where b.shortcode_id = ${balances.shortcode_id})`;

const balanceColumns: ListColumns = {
  id: balances.id,
  at: balances.received_at,
  search: (text) => beginsAny([balances.id], text),
};

/** The last balance of each shortcode, or all of them, newest first. Errors: `invalid_query`. */
export async function listBalances(ctx: Context, input: Input<typeof contract>): Promise<Page<BalanceView>> {
  requireScope(ctx, "balances:read");
  const filter = listFilter(input, balanceColumns, [
    // A number of a merchant out of reach matches nothing, as one that never was.
    input.shortcode && ofNumber(balances.shortcode_id, input.shortcode),
    input.history === undefined && and(isNewest),
  ]);
  const found = await listBy(ctx.db, reachTo(ctx, input.merchant), balances, filter, input.limit + 1);
  const [alerts] = await rows(ctx.db, selectAlerts(JSON.stringify(found.map(({ shortcode_id }) => shortcode_id))));
  const below = new Map(alerts.map((alert) => [alert.shortcode_id, alert.below]));
  const numbers = new Map<string, string>();
  for (const { shortcode_id: id } of found) numbers.set(id, (await ctx.shortcodes.byId(id)).number);
  return toPage(
    found,
    input.limit,
    (row) => viewOf(row, numbers.get(row.shortcode_id) ?? "", below.get(row.shortcode_id) ?? null),
  );
}

const viewOf = (row: Row, shortcode: string, below: number | null): BalanceView => ({
  id: row.id,
  shortcode,
  accounts: row.accounts.map(({ account, ...rest }) => ({ name: account, ...rest })),
  currency: "KES",
  utility: row.utility,
  working: row.working,
  alert_below: below,
  low: below !== null && row.utility !== null && row.utility < below,
  completed_at: formatTimeOrNull(row.completed_at),
  created_at: formatTime(row.received_at),
});
