import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { newId } from "../../crypto/ids.ts";
import { readStkResult } from "../../daraja/codes.ts";
import type { StkNotice } from "../../daraja/notices.ts";
import { type DecidedCallback, decideFields } from "./decide-fields.ts";
import { appliedWithout, type FinishNotice, quarantined, type SettlementOutcome } from "../settlement/outcome.ts";
import { type Aggregate, applyFact, askedBy, Evidence, type Fact, type Payment } from "./machine.ts";
import { checkoutAsStored } from "./as-stored.ts";
import { mergedEvent, replaceStatements } from "./merge.ts";
import { payerDataPlace, resealMovedData } from "./payment-sealing.ts";
import { sealRequestIds } from "./send-push.ts";
import { saveCheckout } from "./save.ts";
import { abortIfReceiptUnseen } from "./receipt-once.ts";
import { abortIfUnseenMoney } from "./store.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { releaseTaken } from "./release-taken.ts";
import { isBare, loadForCallback, placeFreed, pushedSince, takeReceipt } from "./take-receipt.ts";

/** Applies an STK callback to the checkout of its attempt, with the statements of `finishNotice` in the same batch. */
export async function settleAttempt(
  ctx: Omit<Context, "merchantId">,
  attemptId: string,
  message: StkNotice,
  finishNotice: FinishNotice,
): Promise<SettlementOutcome> {
  const notice = decideFields(message);
  const facts = await factsOf(ctx, attemptId, notice);
  return await retryOnConflict(async () => {
    const before = await loadForCallback(ctx, attemptId, notice);
    if (before === null) {
      const unknown = quarantined("attempt_unknown");
      await ctx.db.write([...finishNotice(unknown, null)]);
      return unknown;
    }
    const now = ctx.clock.now();
    const merchantId = before.checkout.merchant_id;
    const own: Context = { ...ctx, merchantId };
    const { state, others, withdrawn, replaced } = await takeReceipt(own, before, attemptId, notice, now);
    const withFacts = facts.reduce((next, fact) => applyFact(next, attemptId, fact, now), state);
    const paid = facts.find((fact) => fact.kind === "paid")?.paid;
    const after = paid === undefined
      ? withFacts
      : await resealMovedData(ctx, withFacts, { id: paid.paymentId, phone: paid.phone, payer_name: null });
    const outcome = outcomeOf(
      after.attempts.find((a) => a.id === attemptId)?.evidence ?? 0,
      notice,
      askedBy(before, attemptId),
    );
    const linked = { ...outcome, paymentId: reportedPayment(after, attemptId, notice, outcome) };
    const released = await releaseTaken(own, before, after);
    const stored = checkoutAsStored(before, released.after, now);
    const survivor = stored.payments.find((p) => notice.receipt !== null && p.receipt === notice.receipt);
    const replacing = survivor === undefined
      ? []
      : replaced.map((payment) => replaceStatements(payment, survivor.id, now));
    await saveCheckout(own, before, stored, "checkout.told", {
      first: [
        ...receiptGuard(before, stored, notice.receipt),
        ...released.guards,
        ...others,
        ...replacing.flatMap(({ first }) => first),
      ],
      statements: [
        ...replacing.flatMap(({ then }) => then),
        ...released.statements,
        ...await placeFreed(own, before, after, now),
        ...isBare(notice) ? [abortIfUnseenMoney(before, pushedSince(before, attemptId))] : [],
        ...await withdrawnEvents(own, survivor, [...withdrawn, ...replaced.map(({ id }) => id)]),
        ...finishNotice(linked, merchantId),
      ],
    });
    return linked;
  });
}

/** A file may name the receipt for another shortcode while this callback gives it to a payment of the checkout. */
function receiptGuard(before: Aggregate, after: Aggregate, receipt: string | null): Statement[] {
  const { shortcode_id, merchant_id } = before.checkout;
  const hasIt = ({ payments }: Aggregate) =>
    payments.some((p) => receipt !== null && p.receipt === receipt && p.shortcode_id === shortcode_id);
  return hasIt(before) || !hasIt(after) ? [] : [abortIfReceiptUnseen({ receipt, merchant_id }, before.payments)];
}

/** The events that tell which payment has the place of those that the callback contradicted. */
async function withdrawnEvents(
  ctx: Context,
  survivor: Payment | undefined,
  withdrawn: readonly string[],
): Promise<Statement[]> {
  if (survivor === undefined) return [];
  return await Promise.all(withdrawn.map((id) => mergedEvent(ctx, survivor, id)));
}

/** The id of the payment that an applied, paid notice reports. */
function reportedPayment(
  { payments }: Aggregate,
  attemptId: string,
  { resultCode, receipt }: DecidedCallback,
  { status }: SettlementOutcome,
): string | undefined {
  if (status !== "applied" || resultCode !== "0") return undefined;
  return payments.find((p) => receipt === null ? p.attempt_id === attemptId : p.receipt === receipt)?.id;
}

/**
 * What the callback says. The money comes first: what the receipt takes from other prompts is not settled before it is in
 * its place.
 */
async function factsOf(ctx: Omit<Context, "merchantId">, attemptId: string, notice: DecidedCallback): Promise<Fact[]> {
  const facts: Fact[] = [];
  const result = readStkResult(notice.resultCode);
  if (result.outcome === "paid" && notice.problem !== null) facts.push({ kind: "unreadable" });
  else if (result.outcome === "paid") {
    const paymentId = newId("pay");
    const phone = notice.phone === null ? null : await ctx.vault.seal(notice.phone, payerDataPlace("phone", paymentId));
    facts.push({
      kind: "paid",
      via: "callback",
      paid: { paymentId, amount: notice.amount, receipt: notice.receipt, paidAt: notice.paidAt, phone },
    });
  }
  if (result.outcome === "failed") {
    facts.push({
      kind: "failed",
      via: "callback",
      failure: result.failure,
      resultCode: notice.resultCode,
      description: notice.resultDescription,
    });
  }
  if (notice.checkoutRequestId !== null) {
    const ids = { checkoutRequestId: notice.checkoutRequestId, merchantRequestId: notice.merchantRequestId ?? "" };
    facts.push({ kind: "accepted", requestIds: await sealRequestIds(ctx, attemptId, ids) });
  }
  return facts;
}

function outcomeOf(evidence: number, notice: DecidedCallback, askedAmount: number): SettlementOutcome {
  if (notice.problem !== null) return quarantined(notice.problem);
  const applied = appliedWithout(notice.unreadableFields);
  if (notice.resultCode !== "0" || (evidence & Evidence.mismatch) === 0) return applied;
  if (notice.amount === askedAmount && (evidence & Evidence.exact) !== 0) return applied;
  return quarantined(notice.amount === askedAmount ? "receipt_of_another_checkout" : "amount_differs");
}
