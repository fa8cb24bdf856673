import { commit, type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { requireSigned } from "../people/signing.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { asStored } from "../settlement/next-version.ts";
import { approvalOf, requireInTime, requireOtherPerson, requireSeen } from "./approval-rules.ts";
import { loadAwaiting } from "./awaiting.ts";
import type { approveBatch as approveContract, BatchView, rejectBatch as rejectContract } from "./batch-contract.ts";
import { type Batch, batchView, loadMembers } from "./batches.ts";
import { decisionStatements } from "./decision-statements.ts";
import { batchDigest, type Content, digestOf } from "./digest.ts";
import { applyFact } from "./machine.ts";
import type { Fact } from "./machine/facts.ts";

/**
 * Approves all payouts of a batch that await approval, in one commit. Errors: `not_found`, `own_payout`, `own_lineage`,
 * `wrong_state`, `payout_changed`.
 */
export async function approveBatch(ctx: Context, input: Input<typeof approveContract>): Promise<BatchView> {
  requireScope(ctx, "payouts:approve");
  return await decideBatch(ctx, input.id, "payout_batch.approved", async (batch, contents) => {
    await requireOtherPerson(ctx, batch.created_by);
    requireInTime(ctx, batch.created_at);
    const digests = contents.map((content) => digestOf(ctx, content));
    const digest = batchDigest(ctx, batch.id, digests);
    requireSeen(input.digest, digest, `/v1/payout-batches/${batch.id}/approval`);
    const signed = requireSigned(ctx, { action: "payout_batch.approve", subjectId: batch.id, digest }, digests);
    const facts = digests.map((each): Fact => ({ kind: "approved", approval: approvalOf(ctx, each) }));
    return { facts, signed };
  });
}

/** Rejects all payouts of a batch that await approval, in one commit. Errors: `not_found`, `wrong_state`. */
export async function rejectBatch(ctx: Context, input: Input<typeof rejectContract>): Promise<BatchView> {
  requireScope(ctx, "payouts:approve");
  const fact: Fact = { kind: "rejected", by: ctx.actor, reason: input.reason };
  return await decideBatch(ctx, input.id, "payout_batch.rejected", (_, contents) => ({
    facts: contents.map(() => fact),
    signed: [],
  }));
}

/** One fact for each payout, and the statements that store who signed it. */
interface Decision {
  readonly facts: readonly Fact[];
  readonly signed: readonly Statement[];
}

/** Adds one fact to each payout that awaits approval. If one of them is changed meanwhile, all are read again. */
async function decideBatch(
  ctx: Context,
  id: string,
  action: "payout_batch.approved" | "payout_batch.rejected",
  decisionOn: (batch: Batch, contents: readonly Content[]) => Decision | Promise<Decision>,
): Promise<BatchView> {
  return await retryOnConflict(async () => {
    const { batch, contents } = await loadAwaiting(ctx, id);
    const { facts, signed } = await decisionOn(batch, contents);
    const now = ctx.clock.now();
    const changes = contents.map(({ payout: before }, i) => {
      const fact = facts[i];
      return { before, after: fact === undefined ? before : asStored(before, applyFact(before, fact, now), now) };
    });
    const byId = new Map(changes.map(({ after }) => [after.id, after]));
    const members = (await loadMembers(ctx, id)).map((member) => byId.get(member.id) ?? member);
    const view = batchView(batch, members);
    const about = { payouts: changes.length, amount: changes.reduce((sum, { after }) => sum + after.amount, 0) };
    const statements: Statement[] = [
      ...await decisionStatements(ctx, changes),
      auditEntry(ctx, action, id, about),
      ...signed,
    ];
    await commit(ctx, id, statements, { status: 200, body: view });
    ctx.note({ batch: id, decided: changes.length });
    ctx.jobs.wake(now);
    return view;
  });
}
