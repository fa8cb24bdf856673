import { type Context, reachTo, requireScope } from "../../context/context.ts";
import type { Value } from "../../db/database.ts";
import { listBy } from "../../db/list.ts";
import { type Query, rows } from "../../db/query.ts";
import { payoutBatches } from "../../db/schema.ts";
import { formatTime } from "../../http/fields.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import type { Input } from "../../http/operation.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import type { listBatches as contract, ListedBatchView } from "./batch-contract.ts";
import { payoutStatus } from "./contract.ts";
import type { PayoutStatus } from "./machine/facts.ts";
import { hasEnded } from "./machine/status.ts";

const columns: ListColumns = {
  id: payoutBatches.id,
  prefix: "bat",
  at: payoutBatches.created_at,
  amount: payoutBatches.amount,
  search: (text) => beginsAny([payoutBatches.id], text),
};

type Count = readonly [batch: string, status: PayoutStatus, count: number];

/** A page of batches may have very many payouts. */
const selectCounts = (ids: string): Query<Count> => ({
  sql: "SELECT batch_id, status, count(*) FROM payouts WHERE batch_id IN (SELECT value FROM json_each(?)) " +
    "GROUP BY batch_id, status",
  args: [ids],
  scan: true,
  map: ([batch, status, count]: readonly Value[]) => [String(batch), status as PayoutStatus, Number(count)], // as stored
});

/** Batches, newest first, each with the number of its payouts in each status. Errors: `invalid_query`. */
export async function listBatches(ctx: Context, input: Input<typeof contract>): Promise<Page<ListedBatchView>> {
  requireScope(ctx, "payouts:read");
  const filter = listFilter(input, columns);
  const found = await listBy(ctx.db, reachTo(ctx, input.merchant), payoutBatches, filter, input.limit + 1);
  const [counted] = await rows(ctx.db, selectCounts(JSON.stringify(found.map(({ id }) => id))));
  return toPage(found, input.limit, (batch) => {
    const own = counted.filter(([id]) => id === batch.id);
    const counts = Object.fromEntries(payoutStatus.options.map((status) => [status, 0])) as ListedBatchView["counts"];
    for (const [, status, count] of own) counts[status] = count;
    return {
      id: batch.id,
      status: own.every(([, status]) => hasEnded(status)) ? "completed" : "processing",
      total: batch.total,
      amount: batch.amount,
      currency: "KES",
      counts,
      created_by: batch.created_by,
      created_at: formatTime(batch.created_at),
      version: batch.version,
    };
  });
}
