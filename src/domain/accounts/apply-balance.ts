import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { first, type Query, rows, statement } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { type Aggregate, loseAllocated, receivedOf, setAllocated } from "../checkouts/machine.ts";
import { saveCheckout } from "../checkouts/save.ts";
import { loadCheckout } from "../checkouts/store.ts";
import { isSameAccount } from "../settlement/account-key.ts";
import { abortIfOverdrawn, type AccountState, insertApplication, raised, storeAccount } from "./store.ts";
import { accountData } from "./view.ts";

/** Open checkouts of an account, the oldest first. While a prompt is under way its answer is waited for. */
const SELECT_OPEN =
  "SELECT id FROM checkouts WHERE shortcode_id = ? AND account_key = ? AND status = 'open' AND expires_at > ? " +
  "ORDER BY id LIMIT 100";
/** A checkout that its own prompt has paid as well does not need what the account gave to it, so it gives that back first. */
const IS_PAID_TWICE =
  "EXISTS (SELECT 1 FROM checkouts c JOIN payments p ON p.checkout_id = c.id AND p.attempt_id IS NOT NULL " +
  "WHERE c.id = s.checkout_id AND c.status = 'succeeded' AND p.amount >= c.amount " +
  "AND p.status IN ('matched', 'duplicate_payment'))";
const SELECT_LAST =
  "SELECT checkout_id FROM account_applications s WHERE account_id = ? GROUP BY checkout_id HAVING sum(amount) > 0 " +
  `ORDER BY ${IS_PAID_TWICE} DESC, max(id) DESC LIMIT 1`;
/** Checkouts that have more than they ask, and money of the account. */
const SELECT_SURPLUS =
  "SELECT c.id, sum(s.amount) FROM account_applications s JOIN checkouts c ON c.id = s.checkout_id WHERE s.account_id = ? " +
  "AND c.status = 'succeeded' AND c.amount_received > c.amount GROUP BY c.id HAVING sum(s.amount) > 0 LIMIT 1";
const SELECT_NET = "SELECT sum(amount) FROM account_applications WHERE account_id = ? AND checkout_id = ?";

/** Cents that a checkout takes of a balance: what it still needs, or nothing where it takes no parts and more is needed. */
function shareOf(state: Aggregate, balance: number): number {
  const due = state.checkout.amount - receivedOf(state);
  return state.checkout.partial === "refuse" && balance < due ? 0 : Math.min(due, balance);
}

const sum = (sql: string, ...ids: readonly string[]): Query<number> => ({
  ...statement(sql, ...ids),
  map: ([found]) => Number(found),
});

/** Applies the balance to the oldest open checkout of the account that needs money. True where it found one. */
export async function applyBalance(ctx: Context, state: AccountState): Promise<boolean> {
  const { shortcode_id, account_key, account_reference } = state.account;
  const [open] = await ctx.db.read([statement(SELECT_OPEN, shortcode_id, account_key, ctx.clock.now())]);
  for (const [id] of open?.rows ?? []) {
    const checkout = await loadCheckout(ctx, String(id));
    if (checkout === null || checkout.checkout.status !== "open") continue;
    if (!isSameAccount(checkout.checkout.account_reference, account_reference)) continue;
    const amount = shareOf(checkout, state.balance);
    if (amount <= 0) continue;
    await move(ctx, state, checkout, amount);
    return true;
  }
  return false;
}

/** What M-Pesa took back of payments whose money is, or was, the account's. */
const SELECT_TAKEN = "SELECT coalesce(sum(p.amount_taken_back), 0) FROM allocations l JOIN payments p " +
  "ON p.id = l.payment_id WHERE l.account_id = ?";

/**
 * Takes back from its newest checkout what the account does not have any more: money that it had applied proved to be
 * another's, and then the checkout is open again, or was taken back by M-Pesa, and then a checkout that it had paid is for
 * a person. False where nothing is left to take: then a person must look.
 */
export async function releaseOverdraft(ctx: Context, state: AccountState): Promise<boolean> {
  const { id, merchant_id: merchant } = state.account;
  const last: Query<string> = { ...statement(SELECT_LAST, id), map: ([checkout]) => String(checkout) };
  const checkoutId = await first(ctx.db, last);
  const checkout = checkoutId === null ? null : await loadCheckout(ctx, checkoutId);
  if (checkout === null) {
    ctx.log.write("alert", "account_overdrawn", { merchant, account: id, balance: state.balance });
    return false;
  }
  const [[applied = 0], [taken = 0]] = await rows(
    ctx.db,
    sum(SELECT_NET, id, checkout.checkout.id),
    sum(SELECT_TAKEN, id),
  );
  const isTaken = state.balance + taken >= 0; // otherwise a part of it proved to be another's
  const after = await move(ctx, state, checkout, -Math.min(applied, -state.balance), isTaken);
  if (checkout.checkout.status === "succeeded" && after.checkout.status !== "succeeded") {
    ctx.log.write("alert", "account_took_back_payment", { merchant, account: id, checkout: checkout.checkout.id });
  }
  return true;
}

/**
 * Takes back what a checkout does not need any more: a prompt of it proved to be paid after the balance had paid a part.
 * True where there was such a checkout.
 */
export async function releaseSurplus(ctx: Context, state: AccountState): Promise<boolean> {
  const surplus: Query<readonly [string, number]> = {
    ...statement(SELECT_SURPLUS, state.account.id),
    map: ([checkout, applied]) => [String(checkout), Number(applied)],
  };
  const [id, applied] = await first(ctx.db, surplus) ?? [null, 0];
  const checkout = id === null ? null : await loadCheckout(ctx, id);
  if (checkout === null) return false;
  const more = receivedOf(checkout) - checkout.checkout.amount;
  if (checkout.checkout.status !== "succeeded" || more <= 0) return false;
  await move(ctx, state, checkout, -Math.min(applied, more));
  return true;
}

/**
 * Moves `amount` (cents) from the account to the checkout, or back where it is below zero (`isTaken`: because M-Pesa took it
 * back), in one batch. Gives the checkout as it is stored.
 */
async function move(
  ctx: Context,
  before: AccountState,
  checkout: Aggregate,
  amount: number,
  isTaken = false,
): Promise<Aggregate> {
  const now = ctx.clock.now();
  const account = raised(before.account, now);
  const state: AccountState = { ...before, account, balance: before.balance - amount };
  const { id } = checkout.checkout;
  const action = amount > 0 ? "account.applied" : "account.released";
  return await saveCheckout(
    ctx,
    checkout,
    isTaken
      ? loseAllocated(checkout, -amount, now)
      : setAllocated(checkout, Math.max(0, checkout.checkout.amount_allocated + amount), now),
    "checkout.paid_from_account",
    {
      statements: [
        insertApplication({ id: newId("apl"), account_id: account.id, checkout_id: id, amount, at: now }),
        ...amount > 0 ? [abortIfOverdrawn(account.id)] : [],
        ...storeAccount(account),
        event(ctx, "account.updated", account.id, { ...await accountData(ctx, state), checkout: id, applied: amount }),
        auditEntry(ctx, action, account.id, { checkout: id, amount: Math.abs(amount) }),
      ],
    },
  );
}
