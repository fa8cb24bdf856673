import type { Context } from "../../context/context.ts";
import { readReversalResult, readStatusFinding } from "../../daraja/codes.ts";
import type { QueueTimeoutNotice, ResultNotice } from "../../daraja/notices.ts";
import { first } from "../../db/query.ts";
import { APPLIED, type FinishNotice, quarantined, type SettlementOutcome } from "../settlement/outcome.ts";
import { applyFact } from "./machine.ts";
import type { Fact, Paid, Refund } from "./machine/facts.ts";
import { saveRefund } from "./save.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { isReceiptOfOther, loadRefund, selectPayment } from "./store.ts";

/** A notice that came to one of a refund's callback URLs; `at` says to which. */
export type RefundNotice =
  | { readonly at: "result" | "status"; readonly notice: ResultNotice }
  | { readonly at: "timeout"; readonly notice: QueueTimeoutNotice }
  | { readonly at: "status_timeout" };

const noticeActions: Readonly<Record<RefundNotice["at"], AuditAction>> = {
  result: "refund.result_told",
  status: "refund.status_told",
  timeout: "refund.timeout_told",
  status_timeout: "refund.status_timeout_told",
};

/** Adds what a notice says to its refund, with `finishNotice` in the same batch. */
export async function settleRefund(
  ctx: Context,
  id: string,
  received: RefundNotice,
  finishNotice: FinishNotice,
): Promise<SettlementOutcome> {
  return await retryOnConflict(async () => {
    const before = await loadRefund(ctx, id);
    if (before === null) {
      const unknown = quarantined("refund_unknown");
      await ctx.db.write([...finishNotice(unknown, null)]);
      return unknown;
    }
    const facts = isAboutAnother(before, received)
      ? []
      : factsOf(before, received, await isForeign(ctx, before, received));
    const now = ctx.clock.now();
    const after = facts.reduce((refund, fact) => applyFact(refund, fact, now), before);
    const outcome = outcomeOf(before, received, facts);
    await saveRefund(ctx, before, after, noticeActions[received.at], {
      statements: finishNotice(outcome, before.merchant_id),
    });
    return outcome;
  });
}

function factsOf(refund: Refund, received: RefundNotice, foreign: boolean): Fact[] {
  switch (received.at) {
    case "timeout":
      return [...takenFact(received.notice.conversationId), { kind: "queue_timeout" }];
    case "status_timeout":
      return [];
    case "result":
      return [...takenFact(received.notice.conversationId), resultFact(received.notice, foreign)];
    case "status":
      return statusFacts(refund, received.notice, foreign);
  }
}

/** A notice proves that the request was taken, also where the answer to it was lost. */
const takenFact = (conversation: string | null): Fact[] =>
  conversation === null ? [] : [{ kind: "taken", conversation }];

const paidOf = ({ facts, resultDescription }: ResultNotice, conversation: string | null, foreign: boolean): Paid => ({
  amount: facts.amount,
  receipt: facts.receipt,
  at: facts.completedAt,
  foreign,
  conversation,
  description: resultDescription,
});

function resultFact(notice: ResultNotice, foreign: boolean): Fact {
  if (notice.queueTimeout) return { kind: "queue_timeout" };
  const { resultCode, resultDescription: description, conversationId: conversation } = notice;
  const settlement = readReversalResult(notice);
  switch (settlement.outcome) {
    case "succeeded":
      return { kind: "paid", paid: paidOf(notice, conversation, foreign) };
    case "failed": {
      const kind = settlement.failure === "already_reversed" ? "already" : "failed";
      return { kind, conversation, failure: settlement.failure, resultCode, description };
    }
    case "in_doubt":
      return { kind: "unclear", resultCode, description };
  }
}

/** Code 0 only says that the query ran; what it found is in the parameters (daraja.md section 7.1). */
function statusFacts(refund: Refund, notice: ResultNotice, foreign: boolean): Fact[] {
  const finding = readStatusFinding(notice);
  const conversation = notice.facts.foundConversationId ?? refund.requests.at(-1)?.conversation ?? null;
  switch (finding.outcome) {
    case "completed":
      return [{ kind: "paid", paid: paidOf(notice, conversation, foreign) }];
    case "failed": {
      const description = `Transaction Status: ${notice.facts.transactionStatus ?? "declined"}`;
      return [{ kind: "failed", conversation, failure: finding.failure, resultCode: null, description }];
    }
    case "not_found":
      return [{ kind: "not_found" }];
    case "pending":
    case "query_failed":
      return [];
  }
}

/** Whether a status answer is about another transaction: it names a conversation, and no request of ours has it. */
function isAboutAnother({ requests }: Refund, received: RefundNotice): boolean {
  if (received.at !== "status" || received.notice.facts.foundConversationId === null) return false;
  const { foundConversationId, foundOriginatorConversationId } = received.notice.facts;
  return !requests.some(({ conversation }) =>
    conversation !== null && (conversation === foundConversationId || conversation === foundOriginatorConversationId)
  );
}

/** Whether the notice is about another payment, or its receipt belongs to another refund. */
async function isForeign(ctx: Context, refund: Refund, received: RefundNotice): Promise<boolean> {
  if (received.at !== "result" && received.at !== "status") return false;
  const { receipt, originalTransactionId } = received.notice.facts;
  if (await isReceiptOfOther(ctx.db, receipt, refund.id)) return true;
  if (originalTransactionId === null) return false;
  const payment = await first(ctx.db, selectPayment(refund.payment_id));
  return payment?.receipt !== originalTransactionId;
}

function outcomeOf(refund: Refund, received: RefundNotice, facts: readonly Fact[]): SettlementOutcome {
  if (isAboutAnother(refund, received)) return quarantined("another_transaction");
  for (const fact of facts) {
    if (fact.kind !== "paid") continue;
    if (fact.paid.foreign) return quarantined("another_payment");
    if (fact.paid.amount !== null && fact.paid.amount !== refund.amount) return quarantined("amount_differs");
  }
  return APPLIED;
}
