import type { FailureCode } from "../../daraja/codes.ts";

/** Why money did not move: our code, and M-Pesa's text. `resultCode` is null where M-Pesa gave none. */
export interface Failure {
  readonly failure: FailureCode;
  readonly resultCode: string | null;
  readonly description: string;
}
