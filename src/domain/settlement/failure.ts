import type { FailureCode } from "../../daraja/codes.ts";

/** Why money did not move: our code, and what M-Pesa said. `resultCode` is null where M-Pesa named none. */
export interface Failure {
  readonly failure: FailureCode;
  readonly resultCode: string | null;
  readonly description: string;
}
