import {
  describeFailure,
  FAILURE_CODES,
  type FailureCode,
  payoutResultTable,
  stkResultTable,
} from "../../daraja/codes.ts";

/** A reason why money did not move: our code, M-Pesa's result codes for it, and what to do. */
export interface FailureRow {
  readonly code: FailureCode;
  readonly message: string;
  readonly advice: string;
  /** M-Pesa's result codes: those of prompts, and those of payouts. */
  readonly prompts: readonly string[];
  readonly payouts: readonly string[];
}

const codesOf = (results: ReadonlyMap<string, { readonly failure: FailureCode }>, code: FailureCode): string[] =>
  [...results].filter(([, { failure }]) => failure === code).map(([result]) => result);

export const failureRows: readonly FailureRow[] = FAILURE_CODES.map((code) => ({
  code,
  ...describeFailure(code),
  prompts: codesOf(stkResultTable, code),
  payouts: codesOf(payoutResultTable, code),
}));
