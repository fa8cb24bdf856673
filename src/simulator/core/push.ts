import type { StkScenario } from "../stk/scenarios.ts";
import type { Account } from "./accounts.ts";

/** One prompt on one phone. */
export interface Push {
  readonly merchantRequestId: string;
  readonly checkoutRequestId: string;
  readonly account: Account;
  /** Whole shillings. */
  readonly amount: number;
  /** The phone that is prompted. */
  readonly phone: string;
  readonly accountReference: string;
  readonly callbackUrl: string;
  readonly at: number;
  scenario: StkScenario;
  /** How often a query asked after it. */
  queries: number;
  /** The final result code; null while the prompt is open. */
  result: number | string | null;
  receipt: string | null;
  settledAt: number | null;
  /** A person answers this one. */
  isHeld: boolean;
  /** Stops the callback that waits. */
  cancelCallback: () => void;
  /** What the receiver answered to the callback; null before, 0 when it could not be reached. */
  callbackStatus: number | null;
}
