import type { Context } from "../../context/context.ts";
import { first, rows, select } from "../../db/query.ts";
import { mergedPayments, payments } from "../../db/schema.ts";
import type { Payment } from "../checkouts/machine.ts";

const selectMerged = select(mergedPayments, "WHERE id = ? AND merchant_id = ?");
const selectInto = select(payments, "WHERE id = ? AND merchant_id = ?");
const selectByReceipt = select(payments, "WHERE receipt = ? AND merchant_id = ? ORDER BY id LIMIT 1");

/** More hops than any payment has: each is one correction by M-Pesa. */
const MAX_HOPS = 32;

/** A payment that stays, and whether the one that was asked for had another amount or shortcode. */
export interface Survivor {
  readonly payment: Payment;
  /** A file or a notice said otherwise, and M-Pesa's own word replaced it: what a caller knows of it may be wrong. */
  readonly wasContradicted: boolean;
}

/**
 * The payment that the payment `id` of the merchant became: it was merged into another one of the same transfer, or it
 * was withdrawn because M-Pesa itself says otherwise of its receipt. Null where there is none.
 */
export async function findSurvivor(ctx: Context, id: string): Promise<Survivor | null> {
  let wasContradicted = false;
  for (let hop = 0, at = id; hop < MAX_HOPS; hop++) {
    const merged = await first(ctx.db, selectMerged(at, ctx.merchantId));
    if (merged === null) return null;
    const [[into], [named]] = await rows(
      ctx.db,
      selectInto(merged.into_id, ctx.merchantId),
      selectByReceipt(merged.receipt, ctx.merchantId),
    );
    wasContradicted ||= merged.receipt !== null;
    const payment = into ?? named;
    if (payment !== undefined) return { payment, wasContradicted };
    if (merged.into_id === at) return null; // withdrawn, and what M-Pesa says instead is not recorded yet
    at = merged.into_id;
  }
  return null;
}
