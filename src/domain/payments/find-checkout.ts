import { accountKey, isExactAccount, isSameAccount } from "../settlement/account-key.ts";
import { type Aggregate, type Checkout, CLOCK_SKEW_MS } from "../checkouts/machine.ts";
import { findWaitingCheckout } from "../checkouts/waiting-prompts.ts";
import { loadCheckout } from "../checkouts/store.ts";
import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import { checkouts } from "../../db/schema.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { Money } from "./money.ts";

const MAX_CANDIDATES = 20;
const selectByAccount = select(
  checkouts,
  `WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC LIMIT ${MAX_CANDIDATES}`,
);
/** Money that comes later than this after the checkout's expiry may be for something else, so a person decides. */
const MAX_LATENESS_MS = 7 * 86_400_000;

type ReceivedMoney = Pick<Money, "receipt" | "accountReference" | "amount" | "paidAt">;

/** The checkout that money is for, null where none is; the rest as {@link Waiting} explains it. */
export interface Found {
  readonly checkout: Aggregate | null;
  readonly isInferred: boolean;
  readonly displaces: string | null;
  readonly guard: Statement;
}

/**
 * The checkout that money at a paybill or till is for: first one whose prompt was paid and whose receipt is still to come,
 * then by the account that the customer gave. Null where none fits, where several open ones do, for a guess could pay
 * someone else's, and where the money is more than was asked.
 */
export async function findCheckout(ctx: Context, shortcode: Shortcode, money: ReceivedMoney): Promise<Found> {
  const waiting = await findWaitingCheckout(ctx, shortcode.id, money, ctx.clock.now());
  if (waiting.checkoutId !== null) return { ...waiting, checkout: await loadCheckout(ctx, waiting.checkoutId) };
  const none: Found = { checkout: null, isInferred: false, displaces: null, guard: waiting.guard };
  const key = accountKey(money.accountReference ?? "");
  if (key === "") return none;
  const [found] = await rows(ctx.db, selectByAccount(shortcode.id, key));
  const chosen = chooseCheckout(found, money);
  return chosen === null ? none : { ...none, checkout: await loadCheckout(ctx, chosen.id) };
}

/** Exported for its tests: see {@link findCheckout}. An account that is exactly the same goes before one that is spelt alike. */
export function chooseCheckout(named: readonly Checkout[], money: Omit<ReceivedMoney, "receipt">): Checkout | null {
  const typed = money.accountReference ?? "";
  const exact = named.filter((checkout) => isExactAccount(typed, checkout.account_reference));
  const alike = named.filter((checkout) => isSameAccount(typed, checkout.account_reference));
  return chooseAmong(exact.length > 0 ? exact : alike, money);
}

function chooseAmong(named: readonly Checkout[], { amount, paidAt }: Omit<ReceivedMoney, "receipt">): Checkout | null {
  const possible = named.filter((checkout) => paidAt === null || checkout.created_at <= paidAt + CLOCK_SKEW_MS);
  const unpaid = possible.filter(({ status }) => status === "open" || status === "pending");
  const ranks = [unpaid.filter((checkout) => checkout.amount === amount), unpaid];
  const best = ranks.find((rank) => rank.length > 0);
  const chosen = best === undefined ? newestEnded(possible, paidAt) : best.length === 1 ? best[0] : undefined;
  if (chosen === undefined) return null;
  return amount <= chosen.amount || chosen.status === "succeeded" ? chosen : null;
}

const newestEnded = ([newest]: readonly Checkout[], paidAt: number | null): Checkout | undefined =>
  newest === undefined || (paidAt !== null && paidAt > newest.expires_at + MAX_LATENESS_MS) ? undefined : newest;
