import type { Attempt, Checkout } from "./machine.ts";
import type { Context } from "../../context/context.ts";
import { rows, statement } from "../../db/query.ts";

/** Our clock and M-Pesa's may differ by this much. */
const CLOCK_SKEW_MS = 2 * 60_000;
const SELECT_WITHOUT_ACCOUNT =
  "SELECT receipt FROM payments WHERE shortcode_id = ? AND status = 'unmatched' AND amount = ? " +
  "AND coalesce(account_reference, '') = '' AND paid_at >= ? LIMIT 2";

/**
 * The receipt of a paid attempt at a till, from a confirmation that came before. A till's confirmation names no account, so
 * its payment is still unmatched. Null unless exactly one payment fits, because a wrong choice would exchange the receipts
 * of two customers.
 */
export async function findTillReceipt(ctx: Context, checkout: Checkout, attempt: Attempt): Promise<string | null> {
  const query = statement(
    SELECT_WITHOUT_ACCOUNT,
    checkout.shortcode_id,
    checkout.amount,
    attempt.created_at - CLOCK_SKEW_MS,
  );
  const [found] = await rows(ctx.db, { ...query, map: ([receipt]) => String(receipt) });
  return found.length === 1 ? found[0] ?? null : null;
}
