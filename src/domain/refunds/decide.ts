import { commit, type Context, requireScope } from "../../context/context.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import { askRefundStatus } from "./ask.ts";
import type { RefundView, resolveRefund as resolveContract } from "./contract.ts";
import { requireSigned } from "../people/signing.ts";
import { requireOtherLineage } from "../merchants/lineage.ts";
import { applyFact } from "./machine.ts";
import { isCalling } from "./machine/requests.ts";
import type { Refund } from "./machine/facts.ts";
import { hasEnded, reportedOutcome } from "./machine/status.ts";
import { loadOwn } from "./read.ts";
import { saveRefund } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { giveReceipt, receiptUse, requireUnused } from "../money-out/receipts.ts";
import { asStored } from "../settlement/next-version.ts";
import { receiptHolder } from "./store.ts";
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

/**
 * A person says what became of a refund in doubt, or of one where what M-Pesa says does not fit. Nothing is sent or asked
 * by itself after it. Errors: `not_found`, `wrong_state`, `validation_failed`.
 */
export async function resolveRefund(ctx: Context, input: Input<typeof resolveContract>): Promise<RefundView> {
  requireScope(ctx, "operator");
  const { outcome, evidence, receipt = null } = input;
  if (receipt !== null && outcome === "failed") {
    throw invalidField("/receipt", "a refund that failed has none; leave it out");
  }
  return await retryOnConflict(async () => {
    const before = await loadOwn(ctx, input.id);
    await requireOtherLineage(ctx, before.created_by);
    requireResolvable(before, outcome);
    const now = ctx.clock.now();
    const holder = receiptHolder(before);
    requireUnused(await receiptUse(ctx.db, receipt, holder));
    const despite = reportedOutcome(before);
    const resolution = { outcome, evidence, receipt, by: ctx.actor, at: now, known: before.evidence, despite };
    const digest = resolutionDigest(ctx, before, resolution);
    const signed = requireSigned(ctx, { action: "refund.resolve", subjectId: before.id, digest });
    const after = asStored(before, applyFact(before, { kind: "resolved", resolution }, now), now);
    const view = await refundView(ctx, after);
    await saveRefund(ctx, before, after, "refund.resolved", {
      statements: [...giveReceipt(receipt, before.id, holder, now), ...signed],
      answer: { status: 200, body: view },
    });
    return view;
  });
}

/** What a person signs who says what became of a refund. */
export const resolutionDigest = (
  ctx: Pick<Context, "digests">,
  refund: Refund,
  { outcome, evidence, receipt }: {
    readonly outcome: string;
    readonly evidence: string;
    readonly receipt: string | null;
  },
): string =>
  ctx.digests.make([
    "refund_resolution",
    refund.id,
    refund.merchant_id,
    refund.payment_id,
    refund.amount,
    outcome,
    evidence,
    receipt,
  ]);

/** Errors: `wrong_state`. */
function requireResolvable(refund: Refund, outcome: "succeeded" | "failed"): void {
  const wrongState = (detail: string) => new Problem("wrong_state", detail);
  if (refund.payout_id !== null) {
    throw wrongState(`The refund follows its payout; resolve ${refund.payout_id} instead.`);
  }
  if (refund.status !== "in_doubt" && !refund.needs_person) {
    throw wrongState(`The refund is ${refund.status}; only one in doubt is for a person to resolve.`);
  }
  if (isCalling(refund)) throw wrongState("A request for this refund is under way. Try again in a minute.");
  if (outcome === "failed" && reportedOutcome(refund) === "succeeded") {
    throw wrongState("M-Pesa has reported that the money was paid back, so the refund can't be resolved as failed.");
  }
}
