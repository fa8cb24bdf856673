import type { Attempt, Checkout } from "./machine.ts";
import type { Context } from "../../context/context.ts";
import { rows, statement } from "../../db/query.ts";

const SKEW_MS = 2 * 60_000;
const UNNAMED = "SELECT receipt FROM payments WHERE shortcode_id = ? AND status = 'unmatched' AND amount = ? " +
  "AND coalesce(account_reference, '') = '' AND paid_at >= ? LIMIT 2";

/**
 * The receipt of a prompt at a till that a query calls paid, where a confirmation has brought one already: a till's names
 * no account, so it waits unmatched. Null unless exactly one fits; a guess would only swap two receipts.
 */
export async function findTillReceipt(ctx: Context, checkout: Checkout, attempt: Attempt): Promise<string | null> {
  const query = statement(UNNAMED, checkout.shortcode_id, checkout.amount, attempt.created_at - SKEW_MS);
  const [found] = await rows(ctx.db, { ...query, map: ([receipt]) => String(receipt) });
  return found.length === 1 ? found[0] ?? null : null;
}
