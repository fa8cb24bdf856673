import { receiveBalance } from "../domain/balances/receive-balance.ts";
import type { Settled } from "../domain/checkouts/settle-attempt.ts";
import type { Context } from "../context/context.ts";
import { parseRatibaCallback, parseResult } from "../daraja/notices.ts";
import type { Statement } from "../db/database.ts";
import { readRefundNotice, settleRefund } from "../domain/refunds/settle-refund.ts";
import { settleStandingOrder } from "../domain/standing-orders/settle-standing-order.ts";
import type { Notice } from "./inbox.ts";

type Ending = (settled: Settled, merchantId: string | null) => readonly Statement[];

/** Hands on what concerns refunds, balances and standing orders. A text: why it can't be read; null: none of these. */
export async function settleMoneyNotice(
  ctx: Context,
  { kind, subjectId, body }: Notice,
  ending: Ending,
): Promise<Settled | string | null> {
  const refund = readRefundNotice(kind, body);
  if (typeof refund === "string") return refund;
  if (refund !== null) return await settleRefund(ctx, subjectId, refund, ending);
  if (kind === "balance_timeout") return await onlyMarked(ctx, ending);
  if (kind === "balance_result") {
    const said = parseResult(body);
    return said.kind === "result" ? await receiveBalance(ctx, subjectId, said, ending) : said.reason;
  }
  if (kind !== "standing_order_result") return null;
  const said = parseRatibaCallback(body);
  return said.kind === "ratiba" ? await settleStandingOrder(ctx, subjectId, said, ending) : said.reason;
}

/** A question that timed out tells nothing; it can be asked again. */
async function onlyMarked(ctx: Context, ending: Ending): Promise<Settled> {
  const settled: Settled = { status: "applied", problem: null };
  await ctx.db.write([...ending(settled, null)]);
  return settled;
}
