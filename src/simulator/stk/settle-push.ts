import type { Push } from "../core/push.ts";
import type { World } from "../core/world.ts";

/** Gives the push its result. Code 0 moves the money. A second result changes nothing. */
export function settlePush(world: World, push: Push, code: number | string): void {
  if (push.result !== null) return;
  push.result = code;
  push.settledAt = world.now();
  if (code !== 0) return;
  push.account.utilityCents += push.amount * 100;
  push.receipt = world.transactions.record({
    kind: "stk",
    amount: push.amount,
    phone: push.phone,
    shortcode: push.account.number,
    account_reference: push.accountReference,
  }).receipt;
}
