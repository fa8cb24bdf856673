import { type Context, requireScope } from "../../context/context.ts";
import { type Query, rows, select } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { payments } from "../../db/schema.ts";
import type { Payment } from "../checkouts/machine.ts";
import { payerView } from "../checkouts/payer-view.ts";
import type { PaymentView } from "../checkouts/payment-contract.ts";

const selectThese: (ids: string) => Query<Payment> = select(
  payments,
  "WHERE id IN (SELECT value FROM json_each(?))",
);

/**
 * Who paid, masked, of payments within the caller's reach, by their ids. A payment that is not there is left out. Errors:
 * `insufficient_scope`.
 */
export async function payersOf(
  ctx: Context,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PaymentView["payer"]>> {
  requireScope(ctx, "payments:read");
  if (ids.length === 0) return new Map();
  const [found] = await rows(ctx.db, selectThese(JSON.stringify([...new Set(ids)])));
  const own = found.filter((row) => within(ctx.reach, row) !== null);
  return new Map(await Promise.all(own.map(async (row) => [row.id, await payerView(ctx, row)] as const)));
}
