/** Daraja's codes as tables, and our names for what they mean. */

export { describeFailure, FAILURE_CODES, type FailureCode } from "./failures.ts";
export { type RetryAdvice, STK_RESULTS, type StkResult, stkResult, type StkResultRow } from "./stk-codes.ts";
export {
  PAYOUT_RESULTS,
  payoutResult,
  type ResultRow,
  REVERSAL_RESULTS,
  reversalResult,
  type Settlement,
  STANDING_ORDER_RESULTS,
  type StatusFinding,
  statusFinding,
} from "./result-codes.ts";
export { FIELDS, judge, REJECTIONS, type SyncError, TOKEN_ERRORS, type Verdict } from "./sync-codes.ts";
