import type { Context } from "../../context/context.ts";
import { readPayoutResult, readStatusFinding } from "../../daraja/codes.ts";
import { receiptOf, type ResultNotice, valueOrNull } from "../../daraja/notices.ts";
import { conversationIdToAsk } from "./conversation.ts";
import { compareConversation, type DecidedResult, decideResult } from "../settlement/decide-result.ts";
import {
  APPLIED,
  appliedWithout,
  type FinishNotice,
  quarantined,
  type SettlementOutcome,
} from "../settlement/outcome.ts";
import { applyFact } from "./machine.ts";
import type { PayoutNotice } from "./payout-notice.ts";
import { Evidence, type Fact, type Payout } from "./machine/facts.ts";
import { savePayout } from "./save.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { abortIfReceiptUsed, flagSharedReceipt, receiptUse } from "../money-out/receipts.ts";
import { nameIn, takeName } from "./take-name.ts";
import { loadWithPayee, receiptHolder } from "./store.ts";

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
    const found = await loadWithPayee(ctx, id);
    if (found === null) {
      const unknown = quarantined("payout_unknown");
      await ctx.db.write([...finishNotice(unknown, null)]);
      return unknown;
    }
    const { payout: before, payee } = found;
    const decided = decide(received);
    const receipt = decided?.receipt ?? null;
    const holder = receiptHolder(before);
    const use = await receiptUse(ctx.db, receipt, holder);
    const facts = factsOf(before, received, decided, use.reported !== null);
    const isShared = use.given !== null && !wasShared(before) && facts.some(({ kind }) => kind === "paid");
    if (isShared) facts.push({ kind: "receipt_shared" });
    const now = ctx.clock.now();
    const settled = facts.reduce((payout, fact) => applyFact(payout, fact, now), before);
    const { after, statements: named } = await takeName(ctx, { before, settled, payee, name: nameIn(received, facts) });
    const outcome = outcomeOf(before, received, decided, facts);
    const own: Context = { ...ctx, merchantId: before.merchant_id };
    await savePayout(own, before, after, noticeActions[received.at], {
      statements: [
        ...abortIfReceiptUsed(receipt, holder, use),
        ...(isShared ? flagSharedReceipt(own, use.given, receipt) : []),
        ...named,
        ...finishNotice(outcome, before.merchant_id),
      ],
    });
    return outcome;
  });
}

/** Whether it was flagged before that another one was resolved with its receipt. */
const wasShared = ({ evidence }: Payout): boolean => (evidence & Evidence.receiptShared) !== 0;

/** Null if the notice reports no result. A status result has its receipt among the parameters only. */
function decide(received: PayoutNotice): DecidedResult | null {
  if (received.at === "result") return decideResult(received.notice, receiptOf(received.notice));
  return received.at === "status" ? decideResult(received.notice, received.notice.facts.receipt) : null;
}

function factsOf(payout: Payout, received: PayoutNotice, decided: DecidedResult | null, foreign: boolean): Fact[] {
  switch (received.at) {
    case "timeout":
      return [...acceptedFact(received.notice.conversationId), { kind: "queue_timeout" }];
    case "status_timeout":
      return [];
    case "result":
      return [...acceptedFact(received.notice.conversationId), resultFact(received.notice, decided, foreign)];
    case "status":
      return problemOfSubject(payout, received.notice) === null ? statusFacts(received.notice, decided, foreign) : [];
  }
}

/** A result proves that the request was taken, also where the answer to it was lost. */
const acceptedFact = (conversationId: string | null): Fact[] =>
  conversationId === null ? [] : [{ kind: "accepted", conversationId, originatorId: null }];

/** A success whose money can't be read settles nothing: a person has to look. */
function paidFact(decided: DecidedResult | null, description: string, foreign: boolean): Fact {
  if (decided === null || decided.problem !== null) return { kind: "mismatch" };
  const { amount, receipt, completedAt: paidAt, fee } = decided;
  return { kind: "paid", paid: { amount, receipt, paidAt, foreign, fee, description } };
}

function resultFact(notice: ResultNotice, decided: DecidedResult | null, foreign: boolean): Fact {
  if (notice.queueTimeout) return { kind: "queue_timeout" };
  const { resultCode, resultDescription: description } = notice;
  const settlement = readPayoutResult(notice);
  switch (settlement.outcome) {
    case "succeeded":
      return paidFact(decided, description, foreign);
    case "failed":
      return { kind: "failed", via: "result", failure: settlement.failure, resultCode, description };
    case "in_doubt":
      return { kind: "unclear", resultCode, description };
  }
}

/** Code 0 only says that the query ran; what it found is in the parameters (daraja.md section 7.1). */
function statusFacts(notice: ResultNotice, decided: DecidedResult | null, foreign: boolean): Fact[] {
  const finding = readStatusFinding(notice);
  switch (finding.outcome) {
    case "completed":
      return [paidFact(decided, notice.resultDescription, foreign)];
    case "failed": {
      const description = `Transaction Status: ${valueOrNull(notice.facts.transactionStatus) ?? "declined"}`;
      return [{ kind: "failed", via: "status", failure: finding.failure, resultCode: null, description }];
    }
    case "not_found":
      return [{ kind: "not_found" }];
    case "pending":
    case "unclear":
    case "query_failed":
      return [];
  }
}

/** Why a status answer is not about this payout: it names another transaction, or two; null: nothing speaks against it. */
function problemOfSubject(
  payout: Payout,
  { facts }: ResultNotice,
): "another_transaction" | "transaction_unreadable" | null {
  const ours = [payout.conversation_id, payout.originator_conversation_id, conversationIdToAsk(payout)];
  const relation = compareConversation(facts, ours);
  if (relation === "unclear") return "transaction_unreadable";
  return relation === "another" && payout.conversation_id !== null ? "another_transaction" : null;
}

function outcomeOf(
  payout: Payout,
  received: PayoutNotice,
  decided: DecidedResult | null,
  facts: readonly Fact[],
): SettlementOutcome {
  if (received.at === "status") {
    const problem = problemOfSubject(payout, received.notice);
    if (problem !== null) return quarantined(problem);
    if (readStatusFinding(received.notice).outcome === "unclear") return quarantined("status_unreadable");
  }
  for (const fact of facts) {
    if (fact.kind === "mismatch") return quarantined(decided?.problem ?? "amount_unreadable");
    if (fact.kind !== "paid") continue;
    if (fact.paid.foreign) return quarantined("receipt_of_another_payout");
    if (fact.paid.amount !== null && fact.paid.amount !== payout.amount) return quarantined("amount_differs");
    return appliedWithout(decided?.unreadableFields ?? []);
  }
  return APPLIED;
}
