import { commit, type Context, requireScope } from "../../context/context.ts";
import { insert, statement } from "../../db/query.ts";
import { balanceAlerts } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import type { BalanceAlertView, setBalanceAlert as contract } from "./contract.ts";

const upsert = insert(
  balanceAlerts,
  "ON CONFLICT (shortcode_id) DO UPDATE SET below = excluded.below, updated_at = excluded.updated_at",
);

/** Sets, or with null removes, the utility balance below which a shortcode raises an alert. Errors: `validation_failed`. */
export async function setBalanceAlert(ctx: Context, input: Input<typeof contract>): Promise<BalanceAlertView> {
  requireScope(ctx, "shortcodes:write");
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, input.shortcode);
  const below = input.alert_below;
  const change = below === null
    ? statement("DELETE FROM balance_alerts WHERE shortcode_id = ?", shortcode.id)
    : upsert({ shortcode_id: shortcode.id, merchant_id: ctx.merchantId, below, updated_at: ctx.clock.now() });
  const view: BalanceAlertView = { shortcode: shortcode.number, alert_below: below };
  const trail = auditEntry(ctx, "balance.alert_set", shortcode.id, { below });
  await commit(ctx, shortcode.id, [change, trail], { status: 200, body: view });
  return view;
}
