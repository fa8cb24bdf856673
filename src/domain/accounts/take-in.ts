import type { Context } from "../../context/context.ts";
import { type Query, rows, select, statement } from "../../db/query.ts";
import { payments } from "../../db/schema.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { event } from "../../db/trail.ts";
import { checkoutAsStored } from "../checkouts/as-stored.ts";
import { type Payment, settleAgain } from "../checkouts/machine.ts";
import { paymentView } from "../checkouts/payment-view.ts";
import { abortIfPromised, loadCheckout, updatePayment } from "../checkouts/store.ts";
import { changeStatements } from "../checkouts/transition.ts";
import { abortIfPrompts, asCredit, creditStatements, mayBePrompts } from "./credit.ts";
import { chooseAccount } from "./choose-account.ts";
import { selectAccountsLike } from "./find-account.ts";
import type { AccountState } from "./store.ts";

const MAX_CANDIDATES = 100;
const IS_NAMED = "receipt IS NOT NULL AND receipt_source = 'notice' AND attempt_id IS NULL AND amount_promised = 0 " +
  "AND amount_taken_back = 0";
const selectFree = select(
  payments,
  "INDEXED BY payments_free WHERE shortcode_id = ? AND account_key = ? AND status = 'unmatched' AND checkout_id IS NULL " +
    `AND ${IS_NAMED} ORDER BY id LIMIT ${MAX_CANDIDATES}`,
);
const selectSecond = select(
  payments,
  "WHERE checkout_id IN (SELECT id FROM checkouts WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC " +
    `LIMIT ${MAX_CANDIDATES}) AND status = 'duplicate_payment' AND ${IS_NAMED} ORDER BY id LIMIT ${MAX_CANDIDATES}`,
);

const isBlocked = (payment: Payment): Query<boolean> => {
  const { sql, args } = mayBePrompts(payment);
  return { ...statement(`SELECT ${sql}`, ...args), map: ([found]) => Number(found) === 1 };
};

/**
 * Takes in money that names the account and that nothing else claims: it came before there was the account, while a prompt
 * might have been paid by it, or as a second payment of one of its checkouts. One payment at a time; true where it took one.
 */
export async function takeIn(ctx: Context, state: AccountState): Promise<boolean> {
  const { shortcode_id, account_key } = state.account;
  const [free, second, alike] = await rows(
    ctx.db,
    selectFree(shortcode_id, account_key),
    selectSecond(shortcode_id, account_key),
    selectAccountsLike(shortcode_id, account_key),
  );
  for (const payment of [...free, ...second]) {
    if (chooseAccount(payment.account_reference ?? "", alike)?.id !== state.account.id) continue;
    const [[blocked]] = await rows(ctx.db, isBlocked(payment));
    if (blocked === true) continue;
    await take(ctx, state, payment);
    return true;
  }
  return false;
}

async function take(ctx: Context, state: AccountState, payment: Payment): Promise<void> {
  const now = ctx.clock.now();
  const credited = asCredit(payment, state.account);
  await ctx.db.write([
    abortIfPrompts(payment),
    ...payment.checkout_id === null
      ? await freeStatements(ctx, payment, credited, now)
      : await leaveStatements(ctx, payment.checkout_id, credited, now),
    ...await creditStatements(ctx, state, payment),
  ]);
}

async function freeStatements(ctx: Context, payment: Payment, credited: Payment, now: number) {
  const stored = { ...credited, version: payment.version + 1, updated_at: Math.max(now, payment.created_at) };
  return [
    abortIfPromised(payment),
    updatePayment(stored, stored.id, payment.version),
    abortIfUnchanged,
    event(ctx, "payment.matched", stored.id, await paymentView(ctx, stored)),
  ];
}

async function leaveStatements(ctx: Context, checkoutId: string, credited: Payment, now: number) {
  const before = await loadCheckout(ctx, checkoutId);
  if (before === null) return [];
  const left = { ...before, payments: before.payments.map((p) => (p.id === credited.id ? credited : p)) };
  return await changeStatements(
    ctx,
    before,
    checkoutAsStored(before, settleAgain(left, now), now),
    "checkout.payment_moved",
  );
}
