/**
 * Result codes of the asynchronous APIs: B2C, status, reversal and B2B (daraja.md sections 6, 7.1, 7.3 and 7.4). Only
 * codes that Safaricom's own pages list end a payout as failed; secondary claims leave it in doubt, for Transaction
 * Status to say.
 */

import type { FailureCode } from "./failures.ts";
import type { ResultNotice } from "./notices/result.ts";

export interface ResultRow {
  readonly failure: FailureCode;
  /** Proves that the money did not move. */
  readonly terminal: boolean;
  readonly source: string;
}

function ends(failure: FailureCode, source: string): ResultRow {
  return { failure, terminal: true, source };
}

function doubts(failure: FailureCode, source: string): ResultRow {
  return { failure, terminal: false, source };
}

export const PAYOUT_RESULTS: ReadonlyMap<string, ResultRow> = new Map([
  ["1", ends("insufficient_float", "daraja.md section 6 [O]")],
  ["2", ends("amount_too_low", "daraja.md section 6 [O]")],
  ["3", ends("amount_too_high", "daraja.md section 6 [O]")],
  ["4", ends("daily_limit", "daraja.md section 6 [O]")],
  ["8", ends("recipient_limit", "daraja.md section 6 [O]")],
  ["11", ends("account_inactive", "daraja.md section 6 [O]")],
  ["21", ends("initiator_not_allowed", "daraja.md section 6 [O]")],
  ["2001", ends("initiator_rejected", "daraja.md section 6 [O]")],
  ["2006", ends("account_inactive", "daraja.md section 6 [O]")],
  ["2028", ends("shortcode_misconfigured", "daraja.md section 6 [O]")],
  ["2040", ends("recipient_not_registered", "daraja.md section 6 [O]")],
  ["8006", ends("initiator_locked", "daraja.md section 6 [O]")],
  ["SFC_IC0003", ends("recipient_invalid", "daraja.md section 6 [O]")],
  ["7", doubts("recipient_invalid", "daraja.md section 6 [S]")],
  ["14", doubts("recipient_invalid", "daraja.md section 6 [S]")],
  ["2020", doubts("amount_invalid", "daraja.md section 6 [S]")],
  ["2051", doubts("recipient_invalid", "daraja.md section 6 [S]")],
  ["TP40153", doubts("initiator_not_allowed", "daraja.md section 6 [S]")],
  // A duplicate of our own id says that the first request was taken: the opposite of a failure.
  ["15", doubts("duplicate_request", "daraja.md section 4 [O AccountBalance]")],
  ["17", doubts("repeated_too_soon", "daraja.md section 4 [C]: two meanings")],
  ["26", doubts("daraja_busy", "daraja.md section 4 [O AccountBalance]")],
]);

export const REVERSAL_RESULTS: ReadonlyMap<string, ResultRow> = new Map([
  ["R000001", ends("already_reversed", "daraja.md section 7.3")],
  ["R000002", ends("transaction_not_found", "daraja.md section 7.3")],
  ["1", ends("insufficient_float", "daraja.md section 7.3")],
  ["11", ends("account_inactive", "daraja.md section 7.3")],
  ["21", ends("initiator_not_allowed", "daraja.md section 7.3")],
  ["2001", ends("initiator_rejected", "daraja.md section 7.3")],
  ["2006", ends("account_inactive", "daraja.md section 7.3")],
  ["2028", ends("shortcode_misconfigured", "daraja.md section 7.3")],
  ["8006", ends("initiator_locked", "daraja.md section 7.3")],
]);

/** Ratiba's callback codes: daraja.md section 7.8. */
export const STANDING_ORDER_RESULTS: ReadonlyMap<string, ResultRow> = new Map([
  ["1001", ends("phone_busy", "daraja.md section 7.8")],
  ["1025", ends("prompt_not_delivered", "daraja.md section 7.8")],
  ["1032", ends("cancelled_by_customer", "daraja.md section 7.8")],
  ["1037", ends("no_answer", "daraja.md section 7.8")],
  ["1050", ends("standing_order_name_taken", "daraja.md section 7.8")],
  ["2001", ends("wrong_pin", "daraja.md section 7.8")],
]);

/** What a result notice proves about the money it is about. */
export type Settlement =
  | { readonly outcome: "succeeded" }
  | { readonly outcome: "failed"; readonly failure: FailureCode }
  | { readonly outcome: "in_doubt"; readonly failure: FailureCode | null };

/** Reads the result of a B2C, B2B, top-up or tax request. A queue timeout or an unknown code leaves it in doubt. */
export function payoutResult(notice: ResultNotice): Settlement {
  return settle(notice, PAYOUT_RESULTS);
}

/** Reads the result of a reversal. `already_reversed` is a success only if our own earlier request did it. */
export function reversalResult(notice: ResultNotice): Settlement {
  return settle(notice, REVERSAL_RESULTS);
}

/** What a Transaction Status result says of the transaction that was asked after. */
export type StatusFinding =
  | { readonly outcome: "completed" }
  | { readonly outcome: "failed"; readonly failure: FailureCode }
  | { readonly outcome: "pending" | "not_found" }
  | { readonly outcome: "query_failed"; readonly failure: FailureCode | null };

/**
 * Code 0 only says that the query ran: the outcome is `TransactionStatus` (daraja.md section 7.1). Unknown statuses are
 * pending.
 */
export function statusFinding(notice: ResultNotice): StatusFinding {
  if (notice.queueTimeout) return { outcome: "query_failed", failure: null };
  if (notice.resultCode !== "0") {
    if (notFound(notice)) return { outcome: "not_found" };
    return { outcome: "query_failed", failure: PAYOUT_RESULTS.get(notice.resultCode)?.failure ?? null };
  }
  const status = notice.facts.transactionStatus?.toLowerCase();
  if (status === "completed") return { outcome: "completed" };
  if (status === "cancelled" || status === "declined" || status === "expired") {
    return { outcome: "failed", failure: "transaction_declined" };
  }
  return { outcome: "pending" };
}

function settle(notice: ResultNotice, table: ReadonlyMap<string, ResultRow>): Settlement {
  const row = table.get(notice.resultCode);
  if (notice.queueTimeout || notice.resultType === "1") return { outcome: "in_doubt", failure: null };
  if (notice.resultCode === "0") return { outcome: "succeeded" };
  return row?.terminal ? { outcome: "failed", failure: row.failure } : {
    outcome: "in_doubt",
    failure: row?.failure ?? null,
  };
}

/** 2033 is a secondary claim, so the words count too; "not found" moves nothing and only keeps a payout in doubt. */
function notFound(notice: ResultNotice): boolean {
  return notice.resultCode === "2033" || /not found|does not exist|no such trans/i.test(notice.resultDescription);
}
