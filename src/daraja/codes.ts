/** Daraja's codes as tables, and our names for what they mean. */

export { describeFailure, describeForShopper, FAILURE_CODES, type FailureCode } from "./failures.ts";
export { readStkResult, type RetryAdvice, type StkResult, type StkResultRow, stkResultTable } from "./stk-codes.ts";
export {
  payoutResultTable,
  readPayoutResult,
  readReversalResult,
  readStatusFinding,
  type ResultRow,
  reversalResultTable,
  type Settlement,
  standingOrderResultTable,
  type StatusFinding,
} from "./result-codes.ts";
export {
  type DarajaError,
  type ErrorVerdict,
  fieldFailures,
  judgeError,
  rejections,
  tokenErrors,
} from "./error-codes.ts";
