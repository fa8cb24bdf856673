import type { Context } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { abortIfUnchanged, first, rows, select } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { payments, payouts, refunds } from "../../db/schema.ts";
import { applyFact as applyPayoutFact } from "../payouts/machine.ts";
import { savePayout } from "../payouts/save.ts";
import { forgetDifference } from "../payouts/still-owed.ts";
import { abortIfReceiptUsed, receiptUse } from "../money-out/receipts.ts";
import { applyFact } from "./machine.ts";
import type { Refund } from "./machine/facts.ts";
import { isOpen, isReversedBefore } from "./machine/requests.ts";
import { type Reversal, selectReversal, setOutcome } from "./reversals.ts";
import { saveRefund } from "./save.ts";
import { type Payment, receiptHolder } from "./store.ts";
import { takeBackPayment } from "./take-back.ts";

const selectReversed = select(payments, "WHERE shortcode_id = ? AND receipt = ?");
const selectReversalRefunds = select(refunds, "WHERE payment_id = ? AND method = 'reversal' ORDER BY id");
const selectOpenPayouts = select(
  payouts,
  "WHERE refund_id IN (SELECT id FROM refunds WHERE payment_id = ?) " +
    "AND status IN ('awaiting_approval', 'queued', 'submitted', 'in_doubt')",
);

/**
 * The job of a reversal that M-Pesa lists. If a refund of ours may have asked for it, it is that refund's success, because
 * M-Pesa reverses a receipt only once. Otherwise somebody else reversed the payment, and it is `taken_back`. While the
 * payment is not known it waits; a trigger schedules the job again with the payment's receipt.
 */
export async function applyReversal(ctx: Context, id: string): Promise<JobOutcome> {
  const applied = await retryOnConflict(() => applyOnce(ctx, id));
  if (applied === null) return "finished";
  const { outcome, paymentId } = applied;
  ctx.note({ reversal: outcome, payment: paymentId });
  if (outcome === "taken_back") await stopRefunds(ctx, paymentId);
  return "finished";
}

interface Applied {
  readonly outcome: Reversal["outcome"];
  readonly paymentId: string;
}

async function applyOnce(ctx: Context, id: string): Promise<Applied | null> {
  const reversal = await first(ctx.db, selectReversal(id));
  if (reversal === null) return null;
  const [[payment]] = await rows(ctx.db, selectReversed(reversal.shortcode_id, reversal.of_receipt));
  if (payment === undefined) return null;
  if (reversal.outcome !== "waiting") return { outcome: reversal.outcome, paymentId: payment.id };
  const [own] = await rows(ctx.db, selectReversalRefunds(payment.id));
  const refund = refundThatAsked(own, reversal);
  if (refund !== undefined) {
    await confirmRefund(ctx, refund, reversal);
    return { outcome: "refund", paymentId: payment.id };
  }
  if (reversal.amount > payment.amount - payment.amount_taken_back) {
    await reportContradiction(ctx, reversal, payment);
    return { outcome: "differs", paymentId: payment.id };
  }
  await stopPayouts(ctx, payment.id);
  await takeBackPayment(ctx, reversal, payment, own);
  return { outcome: "taken_back", paymentId: payment.id };
}

/**
 * The refund that this reversal is: one that has its receipt, one that was done, or one of which a request may have
 * reached M-Pesa. A request that was refused or answered "already reversed" has reversed nothing.
 */
function refundThatAsked(own: readonly Refund[], reversal: Reversal): Refund | undefined {
  const ofAmount = own.filter(({ amount }) => amount === reversal.amount);
  const mayHaveAsked = ({ requests }: Refund) =>
    requests.some((r) => isOpen(r) || r.state === "failed" || r.state === "paid");
  return own.find(({ receipt }) => receipt === reversal.receipt) ??
    ofAmount.find(({ status }) => status === "succeeded") ?? ofAmount.find(mayHaveAsked);
}

/** M-Pesa lists the reversal, so the refund is done. One that was done under another receipt stays as it is. */
async function confirmRefund(ctx: Context, refund: Refund, reversal: Reversal): Promise<void> {
  const isKnown = refund.status === "succeeded" && refund.receipt !== null;
  const holder = receiptHolder(refund);
  const use = isKnown ? null : await receiptUse(ctx.db, reversal.receipt, holder);
  const { amount, receipt, at } = reversal;
  const paid = { amount, receipt, at, foreign: use?.reported != null, conversation: null, description: LISTED };
  const after = isKnown ? refund : applyFact(refund, { kind: "paid", paid }, ctx.clock.now());
  await saveRefund(ctx, refund, after, "refund.reversal_listed", {
    statements: [
      setOutcome(reversal, "refund", refund.id),
      abortIfUnchanged,
      ...(use === null ? [] : abortIfReceiptUsed(receipt, holder, use)),
    ],
  });
}

const LISTED = "M-Pesa lists the reversal.";

/** More was reversed than is left of the payment: we do not choose which of the two is wrong. */
async function reportContradiction(ctx: Context, reversal: Reversal, payment: Payment): Promise<void> {
  await ctx.db.write([setOutcome(reversal, "differs", payment.id), abortIfUnchanged]);
  ctx.log.write("alert", "reversal_differs", {
    merchant: payment.merchant_id,
    payment: payment.id,
    amount: payment.amount,
    taken_back: payment.amount_taken_back,
    reversed: reversal.amount,
  });
}

/** Refunds that would give back what M-Pesa has taken back already end, unless they have left. */
async function stopRefunds(ctx: Context, paymentId: string): Promise<void> {
  await stopPayouts(ctx, paymentId);
  await retryOnConflict(async () => {
    const [own] = await rows(ctx.db, selectReversalRefunds(paymentId));
    for (const refund of own) {
      const isUnanswered = refund.status === "queued" || (isReversedBefore(refund) && !refund.requests.some(isOpen));
      if (!isUnanswered) continue;
      const after = applyFact(refund, { kind: "taken_back" }, ctx.clock.now());
      await saveRefund(ctx, refund, after, "refund.taken_back");
    }
  });
}

/** Those that have left are not sent again, whatever Transaction Status finds. */
async function stopPayouts(ctx: Context, paymentId: string): Promise<void> {
  await retryOnConflict(async () => {
    const [open] = await rows(ctx.db, selectOpenPayouts(paymentId));
    for (const payout of open) {
      const after = applyPayoutFact(payout, { kind: "cancelled" }, ctx.clock.now());
      await savePayout(
        ctx,
        payout,
        after,
        after.status === "cancelled" ? "payout.cancelled" : "payout.resend_stopped",
        after.status === "cancelled" ? { statements: [forgetDifference(payout.refund_id)] } : {},
      );
    }
  });
}
