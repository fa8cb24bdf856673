import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, type Query, statement } from "../../db/query.ts";
import { accountApplications } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import { balanceSql } from "../settlement/account-balance.ts";
import { type Aggregate, type Payment, receivedOf, setAllocated } from "./machine.ts";

const insertApplication = insert(accountApplications);
const SELECT_SUMS =
  `SELECT (SELECT sum(amount) FROM account_applications WHERE account_id = ?1 AND checkout_id = ?2), ${
    balanceSql("?1")
  }`;
/** What an account has applied to a checkout, and its balance; in cents. */
const selectSums = (account: string, checkout: string): Query<readonly [applied: number, balance: number]> => ({
  ...statement(SELECT_SUMS, account, checkout),
  map: ([applied, balance]) => [Number(applied), Number(balance)],
});
const abortIfLess = (account: string, balance: number): Statement =>
  statement(
    `INSERT INTO guards (failed) SELECT 'conflict' WHERE ${balanceSql("?1")} < ?2`,
    account,
    balance,
  );

/** A step of a checkout, and statements of the same batch by which accounts get back what was theirs of it. */
export interface Released {
  readonly after: Aggregate;
  readonly statements: readonly Statement[];
  /** The first statements of the batch: they undo it if the accounts have less by now. */
  readonly guards: readonly Statement[];
}

/**
 * A prompt of the checkout proved to be paid by money that an account had, and what the account has applied to this checkout
 * was that money. The account gets it back in the same step: until its job had run, the checkout would count the money twice,
 * and its shop would be told that it is paid. The account's job, which loses the money, tells the rest. What the account had
 * applied of other money stays where the checkout needs it: it gets back what its balance does not cover, and what is too much.
 */
export async function releaseTaken(ctx: Context, before: Aggregate, decided: Aggregate): Promise<Released> {
  const { id: checkout } = before.checkout;
  const now = ctx.clock.now();
  let after = decided;
  const statements: Statement[] = [];
  const guards: Statement[] = [];
  for (const [account, part] of takenParts(before, decided)) {
    const [applied, balance] = await first(ctx.db, selectSums(account, checkout)) ?? [0, 0];
    const tooMuch = receivedOf(after) - after.checkout.amount;
    const amount = Math.min(part, applied, Math.max(part - balance, tooMuch));
    if (applied > 0) guards.push(abortIfLess(account, balance));
    if (amount <= 0) continue;
    after = setAllocated(after, Math.max(0, after.checkout.amount_allocated - amount), now);
    statements.push(
      insertApplication({ id: newId("apl"), account_id: account, checkout_id: checkout, amount: -amount, at: now }),
      auditEntry(ctx, "account.released", account, { checkout, amount }),
    );
  }
  return { after, statements, guards };
}

/** Cents that each account loses to the checkout, by the id of the account. */
function takenParts(before: Aggregate, { checkout, payments }: Aggregate): Map<string, number> {
  const sums = new Map<string, number>();
  for (const payment of before.payments.filter((p) => p.checkout_id === null)) {
    if (payments.find(({ id }) => id === payment.id)?.checkout_id !== checkout.id) continue;
    for (const [account, amount] of keptParts(payment)) sums.set(account, (sums.get(account) ?? 0) + amount);
  }
  return sums;
}

/** What accounts still have of the payment. What goes back takes the last places first. */
function keptParts(payment: Payment): (readonly [account: string, amount: number])[] {
  const { amount, amount_promised: promised, amount_refunded: refunded, amount_taken_back: taken } = payment;
  let left = Math.max(0, amount - Math.max(promised, refunded) - taken);
  return (payment.allocations ?? []).flatMap((part) => {
    const here = Math.min(left, part.amount);
    left -= here;
    return "account" in part && here > 0 ? [[part.account, here] as const] : [];
  });
}
