import { commit, type Context, requireScope } from "../../context/context.ts";
import { auditEntry } from "../../db/trail.ts";
import { formatTime } from "../../http/fields.ts";
import type { Output } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import type { getApproval as contract, getBatchApproval as batchContract } from "./approval-contract.ts";
import { loadAwaiting } from "./awaiting.ts";
import { batchDigest, type Content, digestOf, requireContent } from "./digest.ts";
import type { Payout } from "./machine/facts.ts";
import { loadOwn } from "./read.ts";

type Approval = Output<typeof contract>;
type BatchApproval = Output<typeof batchContract>;

const shown = (ctx: Context, content: Content) => {
  const { payout, payee, shortcode } = content;
  return {
    payout: payout.id,
    amount: payout.amount,
    phone_number: payee,
    destination: { type: payout.destination, number: payout.receiver, account_reference: payout.account_reference },
    reference: payout.reference,
    shortcode,
    digest: digestOf(ctx, content),
  };
};

const expiresAt = (ctx: Context, { created_at }: Pick<Payout, "created_at">): string =>
  formatTime(created_at + ctx.config.limits.payouts.approvalExpiresMs);

/**
 * What an approver approves, with the whole number of the payee. The look is stored before it is answered. Errors:
 * `not_found`, `wrong_state`, `payout_changed`.
 */
export async function getApproval(ctx: Context, { id }: { id: string }): Promise<Approval> {
  requireScope(ctx, "payouts:approve");
  const payout = await loadOwn(ctx, id);
  if (payout.status !== "awaiting_approval") {
    throw new Problem("wrong_state", `The payout is ${payout.status}; only one that awaits approval is shown whole.`);
  }
  const content = await requireContent(ctx, payout);
  await commit(ctx, id, [auditEntry(ctx, "payout.payee_shown", id, {})]);
  return { ...shown(ctx, content), currency: "KES", expires_at: expiresAt(ctx, payout) };
}

/** The same for all payouts of a batch that await approval. Errors: `not_found`, `wrong_state`, `payout_changed`. */
export async function getBatchApproval(ctx: Context, { id }: { id: string }): Promise<BatchApproval> {
  requireScope(ctx, "payouts:approve");
  const { batch, contents } = await loadAwaiting(ctx, id);
  const data = contents.map((content) => shown(ctx, content));
  await commit(ctx, id, [auditEntry(ctx, "payout_batch.payees_shown", id, { payouts: data.length })]);
  return {
    batch: id,
    total: data.length,
    amount: data.reduce((sum, { amount }) => sum + amount, 0),
    currency: "KES",
    digest: batchDigest(ctx, id, data.map(({ digest }) => digest)),
    expires_at: expiresAt(ctx, batch),
    data,
  };
}
