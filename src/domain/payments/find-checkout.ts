import { accountKey, isExactAccount } from "../settlement/account-key.ts";
import { type Aggregate, chooseCheckout } from "../checkouts/machine.ts";
import { findWaitingCheckout, loadWaitingCheckout } from "../checkouts/waiting-prompts.ts";
import { loadCheckout } from "../checkouts/store.ts";
import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, rows, select } from "../../db/query.ts";
import { checkouts } from "../../db/schema.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { mayBePrompts } from "../accounts/credit.ts";
import { chooseAccount } from "../accounts/choose-account.ts";
import { selectAccountsLike } from "../accounts/find-account.ts";
import type { StandingAccount } from "../accounts/store.ts";
import type { Money } from "./money.ts";

const MAX_CANDIDATES = 20;
const selectByAccount = select(
  checkouts,
  `WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC LIMIT ${MAX_CANDIDATES}`,
);
type ReceivedMoney = Pick<Money, "receipt" | "accountReference" | "amount" | "paidAt">;

/** The checkout that money is for, null where none is; the rest as {@link Waiting} explains it. */
export interface Found {
  readonly checkout: Aggregate | null;
  readonly isInferred: boolean;
  readonly displaces: string | null;
  /** Where no checkout is chosen: one whose job places money again, in case it was changed meanwhile. */
  readonly near: string | null;
  readonly guard: Statement;
  /** The standing account that the money is for, instead of a checkout; null where there is none. */
  readonly account: StandingAccount | null;
}

/**
 * The checkout that money at a paybill or till is for: first one whose prompt was paid and whose receipt is still to come,
 * then by the account that the customer gave. An account
 * that is exactly another checkout's is no prompt's. Null where none fits, where several open ones do, for a guess could pay
 * someone else's, and where the money is more than was asked. Money that names a standing account is the account's, unless
 * a prompt may have been paid by it. Errors: `conflict` (thrown as ConstraintError) where other money has taken the prompt.
 */
export async function findCheckout(ctx: Context, shortcode: Shortcode, money: ReceivedMoney): Promise<Found> {
  const waiting = await findWaitingCheckout(ctx, shortcode.id, money, ctx.clock.now());
  const prompted = await loadWaitingCheckout(ctx, waiting);
  const typed = money.accountReference ?? "";
  const key = accountKey(typed);
  if (prompted !== null && (key === "" || isExactAccount(typed, prompted.checkout.account_reference))) {
    return { ...waiting, checkout: prompted, account: null };
  }
  const { near, guard } = waiting;
  const none: Found = { checkout: null, isInferred: false, displaces: null, near, guard, account: null };
  if (key === "") return none;
  const [found, alike] = await rows(
    ctx.db,
    selectByAccount(shortcode.id, key),
    selectAccountsLike(shortcode.id, typed),
  );
  const isAnothers = found.some(({ account_reference }) => isExactAccount(typed, account_reference));
  const account = chooseAccount(typed, alike);
  const isNamed = account !== null && (!isAnothers || isExactAccount(typed, account.account_reference));
  if (prompted !== null && !isAnothers && !isNamed) return { ...waiting, checkout: prompted, account: null };
  if (isNamed && !await mayBePromptOf(ctx, shortcode.id, key, money)) return { ...none, account };
  const chosen = chooseCheckout(found, money);
  return chosen === null
    ? { ...none, near: found[0]?.id ?? none.near }
    : { ...none, checkout: await loadCheckout(ctx, chosen.id) };
}

/** Whether a prompt of a checkout with this account may have been paid by the money: its end is not known yet. */
async function mayBePromptOf(
  ctx: Context,
  shortcodeId: string,
  key: string,
  { amount, paidAt }: ReceivedMoney,
): Promise<boolean> {
  const now = ctx.clock.now();
  const money = { shortcode_id: shortcodeId, account_key: key, amount, paid_at: paidAt, created_at: now };
  const { sql, args } = mayBePrompts(money);
  return await first(ctx.db, { sql: `SELECT 1 WHERE ${sql}`, args, map: () => true }) !== null;
}
