import type { Context } from "../../context/context.ts";
import { readReversalResult, readStatusFinding } from "../../daraja/codes.ts";
import { type QueueTimeoutNotice, receiptOf, type ResultNotice, valueOrNull } from "../../daraja/notices.ts";
import { first } from "../../db/query.ts";
import { compareConversation, type DecidedResult, decideResult } from "../settlement/decide-result.ts";
import {
  APPLIED,
  appliedWithout,
  type FinishNotice,
  quarantined,
  type SettlementOutcome,
} from "../settlement/outcome.ts";
import { applyFact } from "./machine.ts";
import { Evidence, type Fact, type Refund } from "./machine/facts.ts";
import { saveRefund } from "./save.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { abortIfReceiptUsed, flagSharedReceipt, receiptUse } from "../money-out/receipts.ts";
import { loadRefund, receiptHolder, selectPayment } from "./store.ts";

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
    const decided = decide(received);
    const receipt = decided?.receipt ?? null;
    const holder = receiptHolder(before);
    const use = await receiptUse(ctx.db, receipt, holder);
    const isForeign = use.reported !== null || await isOfAnotherPayment(ctx, before, received);
    const facts = problemOfSubject(before, received) === null ? factsOf(before, received, decided, isForeign) : [];
    const isShared = use.given !== null && !wasShared(before) && facts.some(({ kind }) => kind === "paid");
    if (isShared) facts.push({ kind: "receipt_shared" });
    const now = ctx.clock.now();
    const after = facts.reduce((refund, fact) => applyFact(refund, fact, now), before);
    const outcome = outcomeOf(before, received, decided, facts);
    await saveRefund(ctx, before, after, noticeActions[received.at], {
      statements: [
        ...abortIfReceiptUsed(receipt, holder, use),
        ...(isShared ? flagSharedReceipt({ ...ctx, merchantId: before.merchant_id }, use.given, receipt) : []),
        ...finishNotice(outcome, before.merchant_id),
      ],
    });
    return outcome;
  });
}

/** Whether it was flagged before that another one was resolved with its receipt. */
const wasShared = ({ evidence }: Refund): boolean => (evidence & Evidence.receiptShared) !== 0;

/** Null if the notice reports no result. A status result has its receipt among the parameters only. */
function decide(received: RefundNotice): DecidedResult | null {
  if (received.at === "result") return decideResult(received.notice, receiptOf(received.notice));
  return received.at === "status" ? decideResult(received.notice, received.notice.facts.receipt) : null;
}

function factsOf(refund: Refund, received: RefundNotice, decided: DecidedResult | null, foreign: boolean): Fact[] {
  switch (received.at) {
    case "timeout":
      return [...takenFact(received.notice.conversationId), { kind: "queue_timeout" }];
    case "status_timeout":
      return [];
    case "result":
      return [...takenFact(received.notice.conversationId), resultFact(received.notice, decided, foreign)];
    case "status":
      return statusFacts(refund, received.notice, decided, foreign);
  }
}

/** A notice proves that the request was taken, also where the answer to it was lost. */
const takenFact = (conversation: string | null): Fact[] =>
  conversation === null ? [] : [{ kind: "taken", conversation }];

/** A success whose money can't be read settles nothing: a person has to look. */
function paidFact(
  decided: DecidedResult | null,
  conversation: string | null,
  description: string,
  foreign: boolean,
): Fact {
  if (decided === null || decided.problem !== null) return { kind: "mismatch" };
  const { amount, receipt, completedAt: at } = decided;
  return { kind: "paid", paid: { amount, receipt, at, foreign, conversation, description } };
}

function resultFact(notice: ResultNotice, decided: DecidedResult | null, foreign: boolean): Fact {
  if (notice.queueTimeout) return { kind: "queue_timeout" };
  const { resultCode, resultDescription: description, conversationId: conversation } = notice;
  const settlement = readReversalResult(notice);
  switch (settlement.outcome) {
    case "succeeded":
      return paidFact(decided, conversation, description, foreign);
    case "failed": {
      const kind = settlement.failure === "already_reversed" ? "already" : "failed";
      return { kind, conversation, failure: settlement.failure, resultCode, description };
    }
    case "in_doubt":
      return { kind: "unclear", resultCode, description };
  }
}

/** Code 0 only says that the query ran; what it found is in the parameters (daraja.md section 7.1). */
function statusFacts(refund: Refund, notice: ResultNotice, decided: DecidedResult | null, foreign: boolean): Fact[] {
  const finding = readStatusFinding(notice);
  const conversation = valueOrNull(notice.facts.foundConversationId) ?? refund.requests.at(-1)?.conversation ?? null;
  switch (finding.outcome) {
    case "completed":
      return [paidFact(decided, conversation, notice.resultDescription, foreign)];
    case "failed": {
      const description = `Transaction Status: ${valueOrNull(notice.facts.transactionStatus) ?? "declined"}`;
      return [{ kind: "failed", conversation, failure: finding.failure, resultCode: null, description }];
    }
    case "not_found":
      return [{ kind: "not_found" }];
    case "pending":
    case "unclear":
    case "query_failed":
      return [];
  }
}

/** Why a status answer is not about this refund: it names another transaction, or two; null: nothing speaks against it. */
function problemOfSubject(
  { requests }: Refund,
  received: RefundNotice,
): "another_transaction" | "transaction_unreadable" | null {
  if (received.at !== "status") return null;
  const relation = compareConversation(received.notice.facts, requests.map(({ conversation }) => conversation));
  if (relation === "unclear") return "transaction_unreadable";
  return relation === "another" ? "another_transaction" : null;
}

/** Whether the notice is about the reversal of another payment. */
async function isOfAnotherPayment(ctx: Context, refund: Refund, received: RefundNotice): Promise<boolean> {
  if (received.at !== "result" && received.at !== "status") return false;
  const { originalTransactionId } = received.notice.facts;
  if (originalTransactionId.kind !== "read") return false;
  const payment = await first(ctx.db, selectPayment(refund.payment_id));
  return payment?.receipt !== originalTransactionId.value;
}

function outcomeOf(
  refund: Refund,
  received: RefundNotice,
  decided: DecidedResult | null,
  facts: readonly Fact[],
): SettlementOutcome {
  const problem = problemOfSubject(refund, received);
  if (problem !== null) return quarantined(problem);
  if (received.at === "status" && readStatusFinding(received.notice).outcome === "unclear") {
    return quarantined("status_unreadable");
  }
  for (const fact of facts) {
    if (fact.kind === "mismatch") return quarantined(decided?.problem ?? "amount_unreadable");
    if (fact.kind !== "paid") continue;
    if (fact.paid.foreign) return quarantined("another_payment");
    if (fact.paid.amount !== null && fact.paid.amount !== refund.amount) return quarantined("amount_differs");
    return appliedWithout(decided?.unreadableFields ?? []);
  }
  return APPLIED;
}
