import { accountKey } from "../settlement/account-key.ts";
import type { Aggregate, Checkout } from "../checkouts/machine.ts";
import { loadCheckout } from "../checkouts/store.ts";
import type { Context } from "../../context/context.ts";
import { rows, select, statement } from "../../db/query.ts";
import { checkouts } from "../../db/schema.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { Money } from "./money.ts";

const MOST = 20;
const selectByAccount = select(checkouts, `WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC LIMIT ${MOST}`);
const SELECT_NAMELESS = "SELECT checkout_id FROM payments WHERE receipt IS NULL AND amount = ? AND checkout_id IN " +
  `(SELECT id FROM checkouts WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC LIMIT ${MOST})`;
/** Prompts of a till whose receipt is still to come, sent before and learnt of after the money moved. */
const SELECT_NAMELESS_AT_TILL = "SELECT p.checkout_id FROM payments p JOIN attempts a ON a.id = p.attempt_id " +
  "WHERE p.shortcode_id = ? AND p.receipt IS NULL AND p.amount = ? AND a.created_at <= ? AND p.created_at >= ? LIMIT 2";

/** Clocks differ, and M-Pesa's times are whole seconds. */
const SKEW_MS = 5 * 60_000;
/** Money that comes later than this after a checkout's end may be for something else; a person decides. */
const LATE_MS = 7 * 86_400_000;

type Asked = Pick<Money, "accountReference" | "amount" | "paidAt">;

/**
 * The checkout that money at a paybill or till is for, by the account that the customer gave; null where none or several
 * fit, for a guess could pay someone else's, and where the money is more than was asked. First comes one that was paid
 * by a prompt whose receipt is still to come.
 */
export async function findCheckout(ctx: Context, shortcode: Shortcode, money: Asked): Promise<Aggregate | null> {
  const key = accountKey(money.accountReference ?? "");
  const id = key === "" ? await prompted(ctx, shortcode, money) : await named(ctx, shortcode, key, money);
  return id === null ? null : await loadCheckout(ctx, id);
}

async function named(ctx: Context, shortcode: Shortcode, key: string, money: Asked): Promise<string | null> {
  const nameless = { ...statement(SELECT_NAMELESS, money.amount, shortcode.id, key), map: firstText };
  const [found, waiting] = await rows(ctx.db, selectByAccount(shortcode.id, key), nameless);
  return chooseCheckout(found, new Set(waiting), money)?.id ?? null;
}

/** Without an account only a till's prompt can be meant, and only where there is no doubt which. */
async function prompted(ctx: Context, shortcode: Shortcode, { amount, paidAt }: Asked): Promise<string | null> {
  if (paidAt === null) return null;
  const query = statement(SELECT_NAMELESS_AT_TILL, shortcode.id, amount, paidAt + SKEW_MS, paidAt - SKEW_MS);
  const [found] = await rows(ctx.db, { ...query, map: firstText });
  return found.length === 1 ? found[0] ?? null : null;
}

const firstText = ([value]: readonly unknown[]): string => String(value);

/** Exported for its tests: see {@link findCheckout}. `waiting` holds the ids of checkouts with a payment of this amount that has no receipt. */
export function chooseCheckout(
  named: readonly Checkout[],
  waiting: ReadonlySet<string>,
  { amount, paidAt }: Pick<Asked, "amount" | "paidAt">,
): Checkout | null {
  const able = named.filter((checkout) => paidAt === null || checkout.created_at <= paidAt + SKEW_MS);
  const live = able.filter(({ status }) => status === "open" || status === "pending");
  const ranks = [
    able.filter(({ id }) => waiting.has(id)),
    live.filter((checkout) => checkout.amount === amount),
    live,
  ];
  const best = ranks.find((rank) => rank.length > 0);
  const only = best === undefined ? newestEnded(able, paidAt) : best.length === 1 ? best[0] : undefined;
  if (only === undefined) return null;
  return amount <= only.amount || only.status === "succeeded" ? only : null;
}

const newestEnded = ([newest]: readonly Checkout[], paidAt: number | null): Checkout | undefined =>
  newest === undefined || (paidAt !== null && paidAt > newest.expires_at + LATE_MS) ? undefined : newest;
