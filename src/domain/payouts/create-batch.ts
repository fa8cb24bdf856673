import { commit, type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { newId } from "../../crypto/ids.ts";
import type { FieldError } from "../../problems/problem.ts";
import { withApprovalSums } from "./approval-sums.ts";
import type { BatchView } from "./batch-contract.ts";
import { batchStatements } from "./batch-statements.ts";
import { type Batch, batchView } from "./batches.ts";
import { withOrigin } from "./digest.ts";
import { keepSignature } from "./signed-request.ts";
import { explainLimits } from "./create-payout.ts";
import { reserve } from "./limits.ts";
import type { Payout } from "./machine/facts.ts";
import { checkBatchRows, type CreateBatch, invalidRows, planBatch, SEALED_AT_ONCE } from "./plan-batch.ts";

/**
 * Takes a list of payouts in one atomic write: all of them, or none. Errors: `validation_failed` with every problem of
 * every row, `limit_exceeded`, `looks_like_a_duplicate`.
 */
export async function createBatch(ctx: Context, input: CreateBatch): Promise<BatchView> {
  requireScope(ctx, "payouts:write");
  const startedAt = ctx.clock.now();
  const source = input.csv === undefined ? "json" : "csv";
  const checked = await checkBatchRows(ctx, input);
  const { rows, validRows, problems, hasUnclosedQuote, limits } = checked;
  ctx.note({ rows: rows.length, problems: problems.length, validated_ms: ctx.clock.now() - startedAt });
  const takesValidRows = input.accept_valid === "true" && validRows.length > 0 && !hasUnclosedQuote;
  if (problems.length > 0 && !takesValidRows) throw invalidRows(rows, problems);

  const id = newId("bat");
  const isAllowed = input.allow_duplicate === true || input.allow_duplicate === "true";
  const { members, guard, reservations } = await planBatch(ctx, checked, id, isAllowed);
  const batch = newBatch(ctx, id, source, members, problems);
  const signed = await keepSignature(ctx);
  const store = async (decided: readonly Payout[], sums: readonly Statement[]): Promise<BatchView> => {
    const stored = await withOrigins(ctx, decided, signed?.id ?? null);
    const view = batchView(batch, stored);
    const statements = [...guard.statements, reserve(reservations), ...sums, ...(signed?.statements ?? [])];
    await commit(ctx, id, [...statements, ...await batchStatements(ctx, batch, stored)], { status: 202, body: view });
    return view;
  };
  const write = () => explainLimits(ctx, reservations, () => withApprovalSums(members, limits, store));
  const view = await guard.explain(write);
  ctx.note({ batch: id, total: members.length });
  ctx.jobs.wake(ctx.clock.now());
  return view;
}

async function withOrigins(
  ctx: Context,
  members: readonly Payout[],
  signedRequest: string | null,
): Promise<Payout[]> {
  const made: Payout[] = [];
  for (let start = 0; start < members.length; start += SEALED_AT_ONCE) {
    const part = members.slice(start, start + SEALED_AT_ONCE);
    made.push(
      ...await Promise.all(part.map((member) => withOrigin(ctx, { ...member, signed_request: signedRequest }))),
    );
  }
  return made;
}

const newBatch = (
  ctx: Context,
  id: string,
  source: Batch["source"],
  members: readonly Payout[],
  problems: readonly FieldError[],
): Batch => ({
  id,
  merchant_id: ctx.merchantId,
  created_by: ctx.actor,
  source,
  total: members.length,
  amount: members.reduce((sum, { amount }) => sum + amount, 0),
  problems: problems.map(({ pointer, detail }) => ({ pointer, detail })),
  created_at: ctx.clock.now(),
  version: 1,
});
