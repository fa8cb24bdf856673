import { type Context, requirePlatform } from "../../context/context.ts";
import { idAt } from "../../crypto/ids.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import { CLOCK_MARGIN_MS } from "../../http/list-filters.ts";

const sums = (merchants: string, from: number): Query<readonly [string, number]> => ({
  ...statement(
    "SELECT x.value, (SELECT coalesce(sum(p.amount), 0) FROM payments p WHERE p.merchant_id = x.value AND p.id >= ?2 " +
      "AND p.created_at >= ?3) FROM json_each(?1) x",
    merchants,
    idAt("pay", from - CLOCK_MARGIN_MS),
    from,
  ),
  scan: true,
  map: ([merchant, amount]) => [String(merchant), Number(amount)],
});

/** What came in since `from` (ms), in cents, for some merchants, by their ids. Errors: `insufficient_scope`. */
export async function takenByMerchant(
  ctx: Context,
  merchantIds: readonly string[],
  from: number,
): Promise<ReadonlyMap<string, number>> {
  requirePlatform(ctx);
  return new Map((await rows(ctx.db, sums(JSON.stringify(merchantIds), from)))[0]);
}
