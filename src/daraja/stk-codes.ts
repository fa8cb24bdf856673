/** STK result codes (daraja.md section 4). Only a code that is terminal in this table makes an attempt failed. */

import type { FailureCode } from "./failures.ts";

/** When a new push may be sent. */
export type RetryAdvice = "now" | "after_1_min" | "after_2_min" | "after_change" | "never" | "keep_polling";

export interface StkResultRow {
  readonly failure: FailureCode;
  /** The code proves that the attempt failed. */
  readonly terminal: boolean;
  readonly retry: RetryAdvice;
  /** How well the code is known: its evidence tag in daraja.md section 4. */
  readonly source: string;
}

function terminal(failure: FailureCode, retry: RetryAdvice, source: string): StkResultRow {
  return { failure, terminal: true, retry, source: `daraja.md section 4 ${source}` };
}

function notTerminal(failure: FailureCode, source: string): StkResultRow {
  return { failure, terminal: false, retry: "keep_polling", source: `daraja.md section 4 ${source}` };
}

export const stkResultTable: ReadonlyMap<string, StkResultRow> = new Map([
  ["1", terminal("insufficient_funds", "after_change", "[O]")],
  ["2", terminal("amount_too_low", "after_change", "[O]")],
  ["3", terminal("amount_too_high", "after_change", "[O]")],
  ["4", terminal("daily_limit", "after_change", "[O]")],
  ["8", terminal("recipient_limit", "after_change", "[O]")],
  ["11", terminal("account_inactive", "never", "[O other APIs]")],
  // A duplicate says that M-Pesa has taken the first request, which may still be paid.
  ["15", notTerminal("duplicate_request", "[O AccountBalance]")],
  ["17", terminal("repeated_too_soon", "after_2_min", "[O]; an older table calls 17 an internal failure [C]")],
  ["20", terminal("initiator_rejected", "after_change", "[O]")],
  ["21", terminal("initiator_not_allowed", "after_change", "[O]")],
  ["26", notTerminal("daraja_busy", "[O AccountBalance]: query later")],
  ["1001", terminal("phone_busy", "after_1_min", "[S many; Ratiba's table O]")],
  ["1019", terminal("expired_prompt", "now", "[O, V]")],
  ["1025", terminal("prompt_not_delivered", "after_change", "[O]: send error, or a prompt over 182 characters")],
  ["1031", terminal("cancelled_by_customer", "now", "[S]")],
  ["1032", terminal("cancelled_by_customer", "now", "[O, V]")],
  ["1036", terminal("prompt_not_delivered", "now", "[F 2018-19]")],
  ["1037", terminal("no_answer", "now", "[O, V]")],
  ["1101", terminal("prompt_too_long", "after_change", "[V]")],
  ["1102", terminal("prompt_too_long", "after_change", "beside 1101")],
  ["2001", terminal("wrong_pin", "now", "[O]")],
  ["2006", terminal("account_inactive", "never", "[O other APIs]")],
  ["2008", terminal("wrong_pin", "now", "[S]: authentication failed")],
  ["2026", terminal("expired_prompt", "now", "[S]: channel session expired")],
  ["2028", terminal("shortcode_misconfigured", "after_change", "[O]")],
  ["4999", notTerminal("unknown_failure", "[V]: still under processing")],
  ["8006", terminal("pin_locked", "never", "[O]")],
  ["9999", terminal("prompt_not_delivered", "now", "[S many]: no first-hand capture")],
  ["SFC_IC0003", terminal("shortcode_misconfigured", "after_change", "[O, V]")],
  ["E3008", notTerminal("unknown_failure", "[V]: undocumented, for review")],
]);

/** What an STK result code says. `review`: its meaning is not known, so a later notice or a person decides. */
export type StkResult =
  | { readonly outcome: "paid" }
  | { readonly outcome: "failed"; readonly failure: FailureCode; readonly retry: RetryAdvice }
  | { readonly outcome: "pending" | "review" };

/** Reads an STK result code from a callback or query. */
export function readStkResult(resultCode: string): StkResult {
  if (resultCode === "0") return { outcome: "paid" };
  const row = stkResultTable.get(resultCode);
  if (row?.terminal) return { outcome: "failed", failure: row.failure, retry: row.retry };
  // 100000000 to 100000011 are faults of the gateway, and mostly not final [O AccountBalance].
  const isPending = resultCode === "4999" || resultCode === "26" || /^1000000(0\d|1[01])$/.test(resultCode);
  return { outcome: isPending ? "pending" : "review" };
}
