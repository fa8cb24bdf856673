import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { CLOCK_SKEW_MS, type Payment } from "../checkouts/machine.ts";
import { accountData } from "./view.ts";
import { type AccountState, raised, type StandingAccount, storeAccount } from "./store.ts";

/** The payment as money of the account. */
export const asCredit = (payment: Payment, account: StandingAccount): Payment => ({
  ...payment,
  checkout_id: null,
  status: "matched",
  allocations: [{ account: account.id, amount: payment.amount }],
});

/**
 * Statements: tell that a payment, whose row the same batch stores before them, came to the account. They abort with
 * `conflict` if the account was changed since it was loaded.
 */
export async function creditStatements(ctx: Context, before: AccountState, payment: Payment): Promise<Statement[]> {
  const now = ctx.clock.now();
  const account = raised(before.account, now);
  const state: AccountState = {
    account,
    balance: before.balance + payment.amount,
    received: before.received + payment.amount,
  };
  return [
    ...storeAccount(account),
    event(ctx, "account.credited", account.id, { ...await accountData(ctx, state), payment: payment.id }),
    auditEntry(ctx, "account.credited", account.id, { payment: payment.id, amount: payment.amount }),
    ctx.jobs.schedule("account", account.id, account.merchant_id, now),
  ];
}

/**
 * SQL: whether a prompt of a checkout may have been paid by money of the amount that moved at a time: its end is not known, or
 * it was paid and its receipt is still to come. `?` as in {@link mayBePrompts}.
 */
const MAY_BE_PROMPTS =
  "(EXISTS (SELECT 1 FROM checkouts c JOIN attempts t ON t.checkout_id = c.id WHERE c.shortcode_id = ? " +
  "AND c.account_key = ? AND coalesce(t.amount, c.amount) = ? AND t.status IN ('pending', 'unknown') AND t.created_at <= ?) " +
  "OR EXISTS (SELECT 1 FROM payments w INDEXED BY payments_without_receipt JOIN attempts t ON t.id = w.attempt_id " +
  "JOIN checkouts c ON c.id = w.checkout_id WHERE w.shortcode_id = ? AND w.amount = ? AND w.receipt IS NULL " +
  "AND w.created_at >= ? AND c.account_key = ? AND t.created_at <= ?))";

/** Whether the money may be that of a prompt: then it is not put to an account yet. An expression. */
export function mayBePrompts(
  { shortcode_id, account_key, amount, paid_at, created_at }: Pick<
    Payment,
    "shortcode_id" | "account_key" | "amount" | "paid_at" | "created_at"
  >,
): Statement {
  const moved = paid_at ?? created_at;
  const pushedTo = moved + CLOCK_SKEW_MS;
  return statement(
    MAY_BE_PROMPTS,
    ...[shortcode_id, account_key, amount, pushedTo],
    ...[shortcode_id, amount, moved - CLOCK_SKEW_MS, account_key, pushedTo],
  );
}

/** Statement: undoes the batch if the money may be that of a prompt by now. */
export function abortIfPrompts(payment: Payment): Statement {
  const { sql, args } = mayBePrompts(payment);
  return statement(`INSERT INTO guards (failed) SELECT 'conflict' WHERE ${sql}`, ...args);
}
