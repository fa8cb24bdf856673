import type { Context } from "../../context/context.ts";
import { readPayoutResult, readStatusFinding } from "../../daraja/codes.ts";
import type { QueueTimeoutNotice, ResultNotice } from "../../daraja/notices.ts";
import { conversationIdToAsk } from "./ask.ts";
import { APPLIED, type FinishNotice, quarantined, type SettlementOutcome } from "../settlement/outcome.ts";
import { applyFact } from "./machine.ts";
import type { Fact, Payout } from "./machine/facts.ts";
import { savePayout } from "./save.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { isReceiptOfOther, loadPayout } from "./store.ts";

/** A notice that came to one of a payout's callback URLs; `at` says to which. */
export type PayoutNotice =
  | { readonly at: "result"; readonly notice: ResultNotice }
  | { readonly at: "status"; readonly notice: ResultNotice }
  | { readonly at: "timeout"; readonly notice: QueueTimeoutNotice }
  | { readonly at: "status_timeout" };

const noticeActions: Readonly<Record<PayoutNotice["at"], AuditAction>> = {
  result: "payout.result_told",
  status: "payout.status_told",
  timeout: "payout.timeout_told",
  status_timeout: "payout.status_timeout_told",
};

/** Adds what a notice says to its payout, with `finishNotice` in the same batch. */
export async function settlePayout(
  ctx: Context,
  id: string,
  received: PayoutNotice,
  finishNotice: FinishNotice,
): Promise<SettlementOutcome> {
  return await retryOnConflict(async () => {
    const before = await loadPayout(ctx, id);
    if (before === null) {
      const unknown = quarantined("payout_unknown");
      await ctx.db.write([...finishNotice(unknown, null)]);
      return unknown;
    }
    const receipt = received.at === "result" || received.at === "status" ? received.notice.facts.receipt : null;
    const facts = factsOf(before, received, await isReceiptOfOther(ctx, receipt, id));
    const now = ctx.clock.now();
    const after = facts.reduce((payout, fact) => applyFact(payout, fact, now), before);
    const outcome = outcomeOf(before, received, facts);
    const own: Context = { ...ctx, merchantId: before.merchant_id };
    await savePayout(own, before, after, noticeActions[received.at], {
      statements: finishNotice(outcome, before.merchant_id),
    });
    return outcome;
  });
}

function factsOf(payout: Payout, received: PayoutNotice, foreign: boolean): Fact[] {
  switch (received.at) {
    case "timeout":
      return [...acceptedFact(received.notice.conversationId), { kind: "queue_timeout" }];
    case "status_timeout":
      return [];
    case "result":
      return [...acceptedFact(received.notice.conversationId), resultFact(received.notice, foreign)];
    case "status":
      return isAboutAnother(payout, received.notice) ? [] : statusFacts(received.notice, foreign);
  }
}

/** A result proves that the request was taken, also where the answer to it was lost. */
const acceptedFact = (conversationId: string | null): Fact[] =>
  conversationId === null ? [] : [{ kind: "accepted", conversationId, originatorId: null }];

const paidFact = ({ facts, resultDescription }: ResultNotice, foreign: boolean): Fact => ({
  kind: "paid",
  paid: {
    amount: facts.amount,
    receipt: facts.receipt,
    paidAt: facts.completedAt,
    foreign,
    fee: facts.charge,
    description: resultDescription,
  },
});

function resultFact(notice: ResultNotice, foreign: boolean): Fact {
  if (notice.queueTimeout) return { kind: "queue_timeout" };
  const { resultCode, resultDescription: description } = notice;
  const settlement = readPayoutResult(notice);
  switch (settlement.outcome) {
    case "succeeded":
      return paidFact(notice, foreign);
    case "failed":
      return { kind: "failed", via: "result", failure: settlement.failure, resultCode, description };
    case "in_doubt":
      return { kind: "unclear", resultCode, description };
  }
}

/** Code 0 only says that the query ran; what it found is in the parameters (daraja.md section 7.1). */
function statusFacts(notice: ResultNotice, foreign: boolean): Fact[] {
  const finding = readStatusFinding(notice);
  switch (finding.outcome) {
    case "completed":
      return [paidFact(notice, foreign)];
    case "failed": {
      const description = `Transaction Status: ${notice.facts.transactionStatus ?? "declined"}`;
      return [{ kind: "failed", via: "status", failure: finding.failure, resultCode: null, description }];
    }
    case "not_found":
      return [{ kind: "not_found" }];
    case "pending":
    case "query_failed":
      return [];
  }
}

/** Whether a status answer is about another transaction: it names ids, we know ours, and none of them is the same. */
function isAboutAnother(payout: Payout, { facts }: ResultNotice): boolean {
  if (payout.conversation_id === null || facts.foundConversationId === null) return false;
  const ours = [payout.conversation_id, payout.originator_conversation_id, conversationIdToAsk(payout)];
  return ![facts.foundConversationId, facts.foundOriginatorConversationId].some((id) =>
    id !== null && ours.includes(id)
  );
}

function outcomeOf(payout: Payout, received: PayoutNotice, facts: readonly Fact[]): SettlementOutcome {
  if (received.at === "status" && isAboutAnother(payout, received.notice)) return quarantined("another_transaction");
  for (const fact of facts) {
    if (fact.kind !== "paid") continue;
    if (fact.paid.foreign) return quarantined("receipt_of_another_payout");
    if (fact.paid.amount !== null && fact.paid.amount !== payout.amount) return quarantined("amount_differs");
  }
  return APPLIED;
}
