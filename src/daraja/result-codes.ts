/**
 * Result codes of the asynchronous APIs: B2C, status, reversal and B2B (daraja.md sections 6, 7.1, 7.3 and 7.4). Only a
 * code that Safaricom's own pages list makes a payout failed. A code that only others claim leaves it in doubt until
 * Transaction Status decides.
 */

import type { FailureCode } from "./failures.ts";
import type { ResultNotice } from "./notices/result.ts";

export interface ResultRow {
  readonly failure: FailureCode;
  /** The code proves that the money did not move. */
  readonly terminal: boolean;
  readonly source: string;
}

function terminal(failure: FailureCode, source: string): ResultRow {
  return { failure, terminal: true, source };
}

function notTerminal(failure: FailureCode, source: string): ResultRow {
  return { failure, terminal: false, source };
}

export const payoutResultTable: ReadonlyMap<string, ResultRow> = new Map([
  ["1", terminal("insufficient_float", "daraja.md section 6 [O]")],
  ["2", terminal("amount_too_low", "daraja.md section 6 [O]")],
  ["3", terminal("amount_too_high", "daraja.md section 6 [O]")],
  ["4", terminal("daily_limit", "daraja.md section 6 [O]")],
  ["8", terminal("recipient_limit", "daraja.md section 6 [O]")],
  ["11", terminal("account_inactive", "daraja.md section 6 [O]")],
  ["21", terminal("initiator_not_allowed", "daraja.md section 6 [O]")],
  ["2001", terminal("initiator_rejected", "daraja.md section 6 [O]")],
  ["2006", terminal("account_inactive", "daraja.md section 6 [O]")],
  ["2028", terminal("shortcode_misconfigured", "daraja.md section 6 [O]")],
  ["2040", terminal("recipient_not_registered", "daraja.md section 6 [O]")],
  ["8006", terminal("initiator_locked", "daraja.md section 6 [O]")],
  ["SFC_IC0003", terminal("recipient_invalid", "daraja.md section 6 [O]")],
  ["7", notTerminal("recipient_invalid", "daraja.md section 6 [S]")],
  ["14", notTerminal("recipient_invalid", "daraja.md section 6 [S]")],
  ["2020", notTerminal("amount_invalid", "daraja.md section 6 [S]")],
  ["2051", notTerminal("recipient_invalid", "daraja.md section 6 [S]")],
  ["TP40153", notTerminal("initiator_not_allowed", "daraja.md section 6 [S]")],
  // A duplicate of our own id says that Daraja took the first request, which is the opposite of a failure.
  ["15", notTerminal("duplicate_request", "daraja.md section 4 [O AccountBalance]")],
  ["17", notTerminal("repeated_too_soon", "daraja.md section 4 [C]: two meanings")],
  ["26", notTerminal("daraja_busy", "daraja.md section 4 [O AccountBalance]")],
]);

export const reversalResultTable: ReadonlyMap<string, ResultRow> = new Map([
  ["R000001", terminal("already_reversed", "daraja.md section 7.3")],
  ["R000002", terminal("transaction_not_found", "daraja.md section 7.3")],
  ["1", terminal("insufficient_float", "daraja.md section 7.3")],
  ["11", terminal("account_inactive", "daraja.md section 7.3")],
  ["21", terminal("initiator_not_allowed", "daraja.md section 7.3")],
  ["2001", terminal("initiator_rejected", "daraja.md section 7.3")],
  ["2006", terminal("account_inactive", "daraja.md section 7.3")],
  ["2028", terminal("shortcode_misconfigured", "daraja.md section 7.3")],
  ["8006", terminal("initiator_locked", "daraja.md section 7.3")],
]);

/** Result codes of Ratiba's callback (daraja.md section 7.8). */
export const standingOrderResultTable: ReadonlyMap<string, ResultRow> = new Map([
  ["1001", terminal("phone_busy", "daraja.md section 7.8")],
  ["1025", terminal("prompt_not_delivered", "daraja.md section 7.8")],
  ["1032", terminal("cancelled_by_customer", "daraja.md section 7.8")],
  ["1037", terminal("no_answer", "daraja.md section 7.8")],
  ["1050", terminal("standing_order_name_taken", "daraja.md section 7.8")],
  ["2001", terminal("wrong_pin", "daraja.md section 7.8")],
]);

/** What a result notice proves about its money. */
export type Settlement =
  | { readonly outcome: "succeeded" }
  | { readonly outcome: "failed"; readonly failure: FailureCode }
  | { readonly outcome: "in_doubt"; readonly failure: FailureCode | null };

/** Reads the result of a B2C, B2B, top-up or tax request. A queue timeout or an unknown code leaves it in doubt. */
export function readPayoutResult(notice: ResultNotice): Settlement {
  return readSettlement(notice, payoutResultTable);
}

/** Reads the result of a reversal. `already_reversed` is a success only if our own earlier request did it. */
export function readReversalResult(notice: ResultNotice): Settlement {
  return readSettlement(notice, reversalResultTable);
}

/** What a Transaction Status result says about the transaction that the query named. */
export type StatusFinding =
  | { readonly outcome: "completed" }
  | { readonly outcome: "failed"; readonly failure: FailureCode }
  /** `unclear`: the result names two different states, or in a form that we do not know. */
  | { readonly outcome: "pending" | "not_found" | "unclear" }
  | { readonly outcome: "query_failed"; readonly failure: FailureCode | null };

/**
 * Reads a Transaction Status result. Code 0 only says that the query ran; the outcome is in `TransactionStatus` (daraja.md
 * section 7.1). An unknown status counts as pending.
 */
export function readStatusFinding(notice: ResultNotice): StatusFinding {
  if (notice.queueTimeout) return { outcome: "query_failed", failure: null };
  if (notice.resultCode !== "0") {
    if (isNotFound(notice)) return { outcome: "not_found" };
    return { outcome: "query_failed", failure: payoutResultTable.get(notice.resultCode)?.failure ?? null };
  }
  if (notice.resultType === "1") return { outcome: "pending" };
  const field = notice.facts.transactionStatus;
  if (field.kind === "unreadable") return { outcome: "unclear" };
  const status = field.kind === "read" ? field.value.toLowerCase() : "";
  if (status === "completed") return { outcome: "completed" };
  if (status === "cancelled" || status === "declined" || status === "expired") {
    return { outcome: "failed", failure: "transaction_declined" };
  }
  return { outcome: "pending" };
}

function readSettlement(notice: ResultNotice, table: ReadonlyMap<string, ResultRow>): Settlement {
  const row = table.get(notice.resultCode);
  if (notice.queueTimeout || notice.resultType === "1") return { outcome: "in_doubt", failure: null };
  if (notice.resultCode === "0") return { outcome: "succeeded" };
  return row?.terminal ? { outcome: "failed", failure: row.failure } : {
    outcome: "in_doubt",
    failure: row?.failure ?? null,
  };
}

/**
 * Whether M-Pesa says that it has no such transaction. The code 2033 for it is only a secondary claim (daraja.md section
 * 6), so a text counts too, but only one that names the transaction: "The operator does not exist." is about something
 * else. A code with a meaning of its own says what that meaning is, whatever its text. A payout that is not found may be
 * sent again, so what is not clear must not count.
 */
function isNotFound({ resultCode, resultDescription }: ResultNotice): boolean {
  if (payoutResultTable.has(resultCode)) return false;
  return MISSING_TRANSACTION.test(resultDescription) || (resultCode === "2033" && resultDescription === "");
}

/** The transaction, its receipt or its id is the subject: `The transaction AG_1 was not found`, `No such transaction`. */
const MISSING_TRANSACTION =
  /^(the |this |original |requested )*(transaction|receipt|conversation ?id)( (receipt|number|no\.|id|[^\s\d]*\d\S*))*,? (is |was |could )?(not (be )?found|does(n't| not) exist)|^no such (transaction|receipt)\b/i;
