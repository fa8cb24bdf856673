import { type Context, requireScope } from "../../context/context.ts";
import type { Value } from "../../db/database.ts";
import { first, insert, type Query, rows, select } from "../../db/query.ts";
import { payoutBatches } from "../../db/schema.ts";
import { formatTime } from "../../http/fields.ts";
import { Problem } from "../../problems/problem.ts";
import type { BatchView } from "./batch-contract.ts";
import { payoutStatus } from "./contract.ts";
import type { Payout, PayoutStatus } from "./machine/facts.ts";
import { hasEnded } from "./machine/status.ts";

export type Batch = typeof payoutBatches.$inferSelect;

const selectBatch: (id: string, merchant: string) => Query<Batch> = select(
  payoutBatches,
  "WHERE id = ? AND merchant_id = ?",
);

const MEMBER_COLUMNS = [
  "id",
  "status",
  "amount",
  "phone_masked",
  "reference",
  "originator_conversation_id",
  "receipt",
  "resolution",
  "result_code",
  "needs_person",
  "version",
] as const;
export type Member = Pick<Payout, typeof MEMBER_COLUMNS[number]>;

/** Reads only the columns that the answer has, since a batch may have thousands of payouts. */
const selectMembers = (batchId: string): Query<Member> => ({
  sql: `SELECT ${MEMBER_COLUMNS.join(", ")} FROM payouts WHERE batch_id = ? ORDER BY id`,
  args: [batchId],
  map: (row: readonly Value[]) => {
    const value = Object.fromEntries(MEMBER_COLUMNS.map((name, i) => [name, row[i] ?? null])) as unknown as Member; // as named
    const resolution = typeof row[7] === "string" ? JSON.parse(row[7]) : null;
    return { ...value, resolution, needs_person: row[9] === 1 };
  },
});
export const insertBatch = insert(payoutBatches);

/** A batch as its merchant sees it; `members` in the order of the request. */
export function batchView(batch: Batch, members: readonly Member[]): BatchView {
  const counts = Object.fromEntries(payoutStatus.options.map((status) => [status, 0])) as Record<PayoutStatus, number>;
  for (const { status } of members) counts[status]++;
  return {
    id: batch.id,
    status: members.every(({ status }) => hasEnded(status)) ? "completed" : "processing",
    total: batch.total,
    amount: batch.amount,
    currency: "KES",
    counts,
    problems: batch.problems,
    created_by: batch.created_by,
    created_at: formatTime(batch.created_at),
    version: batch.version,
    data: members.map(memberView),
  };
}

const memberView = (row: Member): BatchView["data"][number] => ({
  id: row.id,
  status: row.status,
  amount: row.amount,
  phone_number: row.phone_masked,
  reference: row.reference,
  originator_conversation_id: row.originator_conversation_id,
  receipt: row.receipt ?? row.resolution?.receipt ?? null,
  result_code: row.result_code,
  needs_person: row.needs_person,
  version: row.version,
});

/** One batch and how far it is. Errors: `not_found`. */
export async function getBatch(ctx: Context, { id }: { id: string }): Promise<BatchView> {
  requireScope(ctx, "payouts:read");
  return await resumeBatch(ctx, { id });
}

/** The batch that an earlier request with the same Idempotency-Key made. */
export async function resumeBatch(ctx: Context, { id }: { id: string }): Promise<BatchView> {
  const batch = await loadBatch(ctx, id);
  return batchView(batch, await loadMembers(ctx, id));
}

/** A batch of the caller's merchant. Errors: `not_found`. */
export async function loadBatch(ctx: Context, id: string): Promise<Batch> {
  const batch = await first(ctx.db, selectBatch(id, ctx.merchantId));
  if (batch === null) throw new Problem("not_found", "There is no batch of payouts with this id.");
  return batch;
}

/** All payouts of a batch, in the order of the request. */
export const loadMembers = async (ctx: Context, batchId: string): Promise<readonly Member[]> =>
  (await rows(ctx.db, selectMembers(batchId)))[0];
