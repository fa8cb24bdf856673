import { accountKey } from "../settlement/account-key.ts";
import type { Aggregate, Checkout } from "../checkouts/machine.ts";
import { loadCheckout } from "../checkouts/store.ts";
import type { Context } from "../../context/context.ts";
import { rows, select, statement } from "../../db/query.ts";
import { checkouts } from "../../db/schema.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { Money } from "./money.ts";

const MAX_CANDIDATES = 20;
const selectByAccount = select(
  checkouts,
  `WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC LIMIT ${MAX_CANDIDATES}`,
);
const SELECT_WITHOUT_RECEIPT =
  "SELECT checkout_id FROM payments WHERE receipt IS NULL AND amount = ? AND checkout_id IN " +
  `(SELECT id FROM checkouts WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC LIMIT ${MAX_CANDIDATES})`;
/** Paid attempts at a till that have no receipt yet: the push was sent before the money moved, and we learnt of it after. */
const SELECT_WITHOUT_RECEIPT_AT_TILL = "SELECT p.checkout_id FROM payments p JOIN attempts a ON a.id = p.attempt_id " +
  "WHERE p.shortcode_id = ? AND p.receipt IS NULL AND p.amount = ? AND a.created_at <= ? AND p.created_at >= ? LIMIT 2";

/** Our clock and M-Pesa's may differ, and M-Pesa's times are whole seconds. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** Money that comes later than this after the checkout's expiry may be for something else, so a person decides. */
const MAX_LATENESS_MS = 7 * 86_400_000;

type ReceivedMoney = Pick<Money, "accountReference" | "amount" | "paidAt">;

/**
 * The checkout that money at a paybill or till is for, by the account that the customer typed. A checkout with a payment
 * of this amount that has no receipt yet comes first. Null where no checkout or several fit, because a wrong choice would
 * pay another customer's checkout, and where the money is more than the checkout asks.
 */
export async function findCheckout(
  ctx: Context,
  shortcode: Shortcode,
  money: ReceivedMoney,
): Promise<Aggregate | null> {
  const key = accountKey(money.accountReference ?? "");
  const id = key === "" ? await findAtTill(ctx, shortcode, money) : await findByAccount(ctx, shortcode, key, money);
  return id === null ? null : await loadCheckout(ctx, id);
}

async function findByAccount(
  ctx: Context,
  shortcode: Shortcode,
  key: string,
  money: ReceivedMoney,
): Promise<string | null> {
  const withoutReceipt = { ...statement(SELECT_WITHOUT_RECEIPT, money.amount, shortcode.id, key), map: firstText };
  const [found, waiting] = await rows(ctx.db, selectByAccount(shortcode.id, key), withoutReceipt);
  return chooseCheckout(found, new Set(waiting), money)?.id ?? null;
}

/** Without an account it can only be the receipt of an attempt at a till, and only if exactly one attempt fits. */
async function findAtTill(
  ctx: Context,
  shortcode: Shortcode,
  { amount, paidAt }: ReceivedMoney,
): Promise<string | null> {
  if (paidAt === null) return null;
  const query = statement(
    SELECT_WITHOUT_RECEIPT_AT_TILL,
    shortcode.id,
    amount,
    paidAt + CLOCK_SKEW_MS,
    paidAt - CLOCK_SKEW_MS,
  );
  const [found] = await rows(ctx.db, { ...query, map: firstText });
  return found.length === 1 ? found[0] ?? null : null;
}

const firstText = ([value]: readonly unknown[]): string => String(value);

/**
 * Chooses among the checkouts with one account, newest first; exported for its tests. `waiting` are the ids of checkouts
 * with a payment of this amount that has no receipt yet.
 */
export function chooseCheckout(
  candidates: readonly Checkout[],
  waiting: ReadonlySet<string>,
  { amount, paidAt }: Pick<ReceivedMoney, "amount" | "paidAt">,
): Checkout | null {
  const possible = candidates.filter((checkout) => paidAt === null || checkout.created_at <= paidAt + CLOCK_SKEW_MS);
  const unpaid = possible.filter(({ status }) => status === "open" || status === "pending");
  const ranks = [
    possible.filter(({ id }) => waiting.has(id)),
    unpaid.filter((checkout) => checkout.amount === amount),
    unpaid,
  ];
  const best = ranks.find((rank) => rank.length > 0);
  const chosen = best === undefined ? newestEnded(possible, paidAt) : best.length === 1 ? best[0] : undefined;
  if (chosen === undefined) return null;
  return amount <= chosen.amount || chosen.status === "succeeded" ? chosen : null;
}

const newestEnded = ([newest]: readonly Checkout[], paidAt: number | null): Checkout | undefined =>
  newest === undefined || (paidAt !== null && paidAt > newest.expires_at + MAX_LATENESS_MS) ? undefined : newest;
