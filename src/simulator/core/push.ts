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
  /** ms since the epoch. */
  readonly at: number;
  scenario: StkScenario;
  /** How many queries asked for its result. */
  queries: number;
  /** The final result code; null while the prompt is open. */
  result: number | string | null;
  receipt: string | null;
  settledAt: number | null;
  /** A person answers this prompt, not the scenario. */
  isHeld: boolean;
  /** Cancels the callback that has not been sent yet. */
  cancelCallback: () => void;
  /** The HTTP status that answered the callback; null before it was sent, 0 if the receiver could not be reached. */
  callbackStatus: number | null;
}
