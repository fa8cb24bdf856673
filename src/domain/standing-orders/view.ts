import type { Context } from "../../context/context.ts";
import { describeFailure, type FailureCode } from "../../daraja/codes.ts";
import { formatTime } from "../../http/fields.ts";
import type { StandingOrderView } from "./contract.ts";
import type { StandingOrder } from "./machine.ts";

/** A standing order as its merchant sees it. */
export async function standingOrderView(
  ctx: Pick<Context, "shortcodes">,
  row: StandingOrder,
): Promise<StandingOrderView> {
  const { number } = await ctx.shortcodes.byId(row.shortcode_id);
  const code = row.status === "failed" ? row.failure as FailureCode | null : null; // only the machine writes it
  return {
    id: row.id,
    status: row.status,
    name: row.name,
    amount: row.amount,
    currency: row.currency,
    phone_number: row.phone_masked,
    shortcode: number,
    frequency: row.frequency,
    start_date: row.start_day,
    end_date: row.end_day,
    account_reference: row.account_reference,
    description: row.description,
    receipt: row.receipt,
    result_code: row.result_code,
    failure: code === null ? null : { code, ...describeFailure(code) },
    created_at: formatTime(row.created_at),
    updated_at: formatTime(row.updated_at),
    version: row.version,
  };
}
