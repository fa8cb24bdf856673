import { isExactAccount, isSameAccount } from "../../settlement/account-key.ts";
import { mostAccepted } from "./due.ts";
import { CLOCK_SKEW_MS } from "./find-money.ts";
import type { Checkout } from "./state.ts";

/** Money that comes later than this after the checkout's expiry may be for something else, so a person decides. */
const MAX_LATENESS_MS = 7 * 86_400_000;

/** What is known of money that names an account: cents, the account as typed, ms. */
export interface NamedMoney {
  readonly accountReference: string | null;
  readonly amount: number;
  readonly paidAt: number | null;
}

/**
 * The checkout that money is for by its account, among checkouts with that account, the newest first. Null where several
 * fit, for a guess could pay someone else's, and where the money is more than was asked and the checkout takes. An account that is exactly the
 * same goes before one that is spelt alike.
 */
export function chooseCheckout(named: readonly Checkout[], money: NamedMoney): Checkout | null {
  const typed = money.accountReference ?? "";
  const exact = named.filter((checkout) => isExactAccount(typed, checkout.account_reference));
  const alike = named.filter((checkout) => isSameAccount(typed, checkout.account_reference));
  return chooseAmong(exact.length > 0 ? exact : alike, money);
}

function chooseAmong(named: readonly Checkout[], { amount, paidAt }: Omit<NamedMoney, "receipt">): Checkout | null {
  const possible = named.filter((checkout) => paidAt === null || checkout.created_at <= paidAt + CLOCK_SKEW_MS);
  if (possible.length > 1 && possible.some((checkout) => isUndecided(checkout, paidAt))) return null;
  const unpaid = possible.filter((checkout) => isAwaiting(checkout, paidAt));
  const ranks = [unpaid.filter((checkout) => checkout.amount === amount), unpaid];
  const best = ranks.find((rank) => rank.length > 0);
  const chosen = best === undefined ? newestEnded(possible, paidAt) : best.length === 1 ? best[0] : undefined;
  if (chosen === undefined) return null;
  return amount <= mostAccepted(chosen) || chosen.status === "succeeded" ? chosen : null;
}

/**
 * Whether the checkout waited for money when this money moved. It may have ended since: if the notice had come at once,
 * it would have counted, so it counts however late the notice is.
 */
function isAwaiting({ status, expires_at, expired_at, cancelled_at }: Checkout, paidAt: number | null): boolean {
  if (status === "open" || status === "pending") return true;
  if (paidAt === null || status === "succeeded") return false;
  if (cancelled_at !== null) return paidAt < cancelled_at;
  return (status === "review" || expired_at !== null) && paidAt <= expires_at;
}

/**
 * Whether the checkout had expired when this money moved, and its prompt may still be paid. What it becomes is not known
 * yet, so nothing is chosen beside it: the money is placed when the prompt has ended.
 */
const isUndecided = ({ status, expires_at }: Checkout, paidAt: number | null): boolean =>
  status === "pending" && paidAt !== null && paidAt > expires_at;

const newestEnded = ([newest]: readonly Checkout[], paidAt: number | null): Checkout | undefined =>
  newest === undefined || (paidAt !== null && paidAt > newest.expires_at + MAX_LATENESS_MS) ? undefined : newest;
