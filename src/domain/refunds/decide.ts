import { commit, type Context, requireScope } from "../../context/context.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import { askRefundStatus } from "./ask.ts";
import type { RefundView, resolveRefund as resolveContract } from "./contract.ts";
import { applyFact } from "./machine.ts";
import { isCalling } from "./machine/requests.ts";
import { hasEnded } from "./machine/status.ts";
import { loadOwn } from "./read.ts";
import { saveRefund } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { isReceiptOfOther, loadRefund } from "./store.ts";
import { refundView } from "./view.ts";

/**
 * Asks Transaction Status now about a refund that was sent, and has one that waits to be sent looked at now. The finding
 * comes as a notice, so the answer is the refund as it stands. Errors: `not_found`.
 */
export async function refreshRefund(ctx: Context, { id }: { id: string }): Promise<RefundView> {
  requireScope(ctx, "refunds:write");
  const refund = await loadOwn(ctx, id);
  const view = await refundView(ctx, refund);
  if (hasEnded(refund.status)) return view;
  const now = ctx.clock.now();
  if (refund.status === "queued" || refund.payout_id !== null) {
    const at = Math.max(now, refund.send_after);
    const look = ctx.jobs.schedule("refund", id, refund.merchant_id, at);
    await commit(ctx, id, [look, auditEntry(ctx, "refund.refreshed", id, {})], { status: 200, body: view });
    ctx.jobs.wake(at);
    return view;
  }
  if (isCalling(refund)) return view;
  const taken = await askRefundStatus(ctx, refund);
  await commit(ctx, id, [auditEntry(ctx, "refund.refreshed", id, { taken })], { status: 200, body: view });
  return view;
}

/** A person says what became of a refund in doubt. Errors: `not_found`, `wrong_state`, `validation_failed`. */
export async function resolveRefund(ctx: Context, input: Input<typeof resolveContract>): Promise<RefundView> {
  requireScope(ctx, "operator");
  const receipt = input.receipt ?? null;
  if (receipt !== null && input.outcome === "failed") {
    throw invalidField("/receipt", "a refund that failed has none; leave it out");
  }
  if (await isReceiptOfOther(ctx.db, receipt, input.id)) throw invalidField("/receipt", "belongs to another refund");
  return await retryOnConflict(async () => {
    const before = await loadRefund(ctx, input.id);
    if (before === null) throw new Problem("not_found", "There is no refund with this id.");
    if (before.payout_id !== null) {
      throw new Problem("wrong_state", `The refund follows its payout; resolve ${before.payout_id} instead.`);
    }
    if (before.status !== "in_doubt") {
      throw new Problem("wrong_state", `The refund is ${before.status}; only one in doubt is for a person to resolve.`);
    }
    const { outcome, evidence } = input;
    const resolution = { outcome, evidence, receipt, by: ctx.actor, at: ctx.clock.now() };
    const after = applyFact(before, { kind: "resolved", resolution }, ctx.clock.now());
    const view = await refundView(ctx, { ...after, updated_at: ctx.clock.now() });
    await saveRefund(ctx, before, after, "refund.resolved", { answer: { status: 200, body: view } });
    return view;
  });
}
