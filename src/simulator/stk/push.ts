import type { Account } from "../core/accounts.ts";
import type { World } from "../core/world.ts";
import type { StkScenario } from "./scenarios.ts";

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
  held: boolean;
  /** Stops the callback that waits. */
  cancel: () => void;
  /** What the receiver answered to the callback; null before, 0 when it could not be reached. */
  callbackStatus: number | null;
}

/** Gives the push its result; money moves when that is 0. A second result changes nothing. */
export function settle(world: World, push: Push, code: number | string): void {
  if (push.result !== null) return;
  push.result = code;
  push.settledAt = world.now();
  if (code !== 0) return;
  push.account.utilityCents += push.amount * 100;
  push.receipt = world.books.record({
    kind: "stk",
    amount: push.amount,
    phone: push.phone,
    shortcode: push.account.number,
    account_reference: push.accountReference,
  }).receipt;
}
