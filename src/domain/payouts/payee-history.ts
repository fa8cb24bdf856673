import { type Context, requireScope } from "../../context/context.ts";
import type { Value } from "../../db/database.ts";
import { type Query, rows } from "../../db/query.ts";

/** Nobody counts further: whoever got money a hundred times is known. */
const MOST = 100;

interface Line {
  readonly id: string;
  readonly index: Uint8Array;
}

const selectPayees = (merchantId: string, ids: readonly string[]): Query<Line> => ({
  sql: "SELECT id, phone_index FROM payouts WHERE merchant_id = ? AND id IN (SELECT value FROM json_each(?))",
  args: [merchantId, JSON.stringify(ids)],
  map: ([id, index]: readonly Value[]) => ({ id: String(id), index: index as Uint8Array }), // a column of bytes
});

const countPaid = (merchantId: string, lines: readonly (readonly [string, string])[]): Query<[string, number]> => ({
  sql: `SELECT line.value ->> 0, (SELECT count(*) FROM (SELECT 1 FROM payouts p WHERE p.merchant_id = ?1
    AND p.phone_index = unhex(line.value ->> 1) AND p.status = 'succeeded' LIMIT ${MOST})) FROM json_each(?2) line`,
  args: [merchantId, JSON.stringify(lines)],
  scan: true,
  map: ([index, count]: readonly Value[]) => [String(index), Number(count)],
});

/**
 * How often the payee of each payout was paid before, up to 100 times. While the index key changes, a stored payout may have
 * the payee's index of either key. Errors: `insufficient_scope`.
 */
export async function timesPaid(ctx: Context, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  requireScope(ctx, "payouts:read");
  if (ids.length === 0) return new Map();
  const [payees] = await rows(ctx.db, selectPayees(ctx.merchantId, ids));
  const distinct = new Map(payees.map(({ index }) => [index.toHex(), index]));
  const lines = [...distinct].flatMap(([hex, index]) =>
    ctx.vault.alike(index).map((alike) => [hex, alike.toHex()] as const)
  );
  const [counted] = await rows(ctx.db, countPaid(ctx.merchantId, lines));
  const byPayee = new Map<string, number>();
  for (const [hex, count] of counted) byPayee.set(hex, (byPayee.get(hex) ?? 0) + count);
  return new Map(payees.map(({ id, index }) => [id, byPayee.get(index.toHex()) ?? 0]));
}

const selectRepeats = (merchantId: string, batchId: string): Query<string> => ({
  sql: "SELECT id FROM payouts WHERE batch_id = ? AND merchant_id = ? AND possible_duplicate_of IS NOT NULL",
  args: [batchId, merchantId],
  map: ([id]: readonly Value[]) => String(id),
});

/** The ids of a batch's payouts that look like earlier ones. Errors: `insufficient_scope`. */
export async function repeatsIn(ctx: Context, batchId: string): Promise<ReadonlySet<string>> {
  requireScope(ctx, "payouts:read");
  return new Set((await rows(ctx.db, selectRepeats(ctx.merchantId, batchId)))[0]);
}
