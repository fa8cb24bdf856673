import type { InferSelectModel } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import { payments } from "../../db/schema.ts";

type Payment = InferSelectModel<typeof payments>;
const selectAll = select(payments, "WHERE receipt IS NOT NULL ORDER BY receipt");
const selectWithoutReceipt = select(payments, "WHERE receipt IS NULL");

/** The result of a replay. */
export interface Comparison {
  /** How many payments are the same. */
  readonly same: number;
  /** How many payments have no notice: they became known by a query, a pull or a statement. */
  readonly elsewhere: number;
  /** Differences that must not occur, described. */
  readonly differences: readonly string[];
}

/** Compares payments by receipt. `texts`: the notices that were replayed. */
export async function compare(before: Database, after: Database, texts: readonly string[]): Promise<Comparison> {
  const [was, nameless] = await rows(before, selectAll(), selectWithoutReceipt());
  const [is] = await rows(after, selectAll());
  const replayed = new Map(is.map((payment) => [payment.receipt, payment]));
  const differences: string[] = [];
  let [same, elsewhere] = [0, nameless.length];
  for (const payment of was) {
    const again = replayed.get(payment.receipt);
    replayed.delete(payment.receipt);
    if (again === undefined) {
      const hasNotice = texts.some((text) => text.includes(`"${payment.receipt}"`));
      if (hasNotice) differences.push(`${payment.id} (${payment.receipt}) was recorded, and its notice no longer does`);
      else elsewhere++;
      continue;
    }
    const changed = differencesOf(payment, again);
    if (changed.length === 0) same++;
    else differences.push(`${payment.id} (${payment.receipt}): ${changed.join(", ")}`);
  }
  for (const [receipt] of replayed) differences.push(`${receipt} is in a notice, and was never recorded`);
  return { same, elsewhere, differences };
}

/** How two payments differ. A person or a query may have assigned the payment to a checkout; the replay may lack that. */
function differencesOf(was: Payment, is: Payment): string[] {
  const changes: string[] = [];
  if (was.amount !== is.amount) changes.push(`amount ${was.amount}, replayed ${is.amount}`);
  if (was.shortcode_id !== is.shortcode_id) changes.push("another shortcode");
  if (was.merchant_id !== is.merchant_id) changes.push("another merchant");
  if (is.checkout_id !== null && was.checkout_id !== is.checkout_id) {
    changes.push(`checkout ${was.checkout_id}, replayed ${is.checkout_id}`);
  }
  return changes;
}
