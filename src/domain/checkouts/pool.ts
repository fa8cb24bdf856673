import type { Context, Services } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { allColumns, selectNested } from "../../db/nested.ts";
import { first, rows, select, statement } from "../../db/query.ts";
import { attempts, checkouts, payments } from "../../db/schema.ts";
import {
  type Aggregate,
  CLOCK_SKEW_MS,
  hasMovable,
  isSpare,
  lacksReceipt,
  type Payment,
  type Pool,
} from "./machine.ts";
import { loadCheckout } from "./store.ts";
import { selectNear } from "./waiting-prompts.ts";

/** Checkouts of one account that are looked at, the newest: as many as are looked at when money arrives. */
const MAX_NAMED = 20;
const MAX_MONEY = 100;
/** Prompts without a proven receipt, of one amount, that are looked at together. */
const MAX_PROMPTS = 50;

const OF_CHECKOUT = "checkout_id = checkouts.id";
const selectWhole = (tail: string) =>
  selectNested(
    allColumns(checkouts),
    { ...allColumns(attempts), where: OF_CHECKOUT },
    { ...allColumns(payments), where: OF_CHECKOUT },
    tail,
  );
const selectOfAccount = selectWhole(
  `WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC LIMIT ${MAX_NAMED}`,
);
const promptsOf = (index: string, condition: string): string =>
  `SELECT checkout_id FROM payments INDEXED BY ${index} WHERE shortcode_id = ? AND amount IN (SELECT value FROM json_each(?)) AND ${condition} ` +
  "AND created_at >= ? ORDER BY id";
const selectPrompts = selectWhole(
  `WHERE id IN (SELECT * FROM (${promptsOf("payments_without_receipt", "receipt IS NULL")} LIMIT ${MAX_PROMPTS}) ` +
    `UNION SELECT * FROM (${promptsOf("payments_inferred", "receipt_source = 'inferred'")} LIMIT ${MAX_PROMPTS}))`,
);
const selectNamed = select(
  payments,
  "INDEXED BY payments_free WHERE shortcode_id = ? AND account_key = ? AND account_key <> '' " +
    `AND status = 'unmatched' ORDER BY id DESC LIMIT ${MAX_MONEY}`,
);
/** Money of nobody, and what standing accounts have because it names them. */
const selectFree = select(
  payments,
  "INDEXED BY payments_by_time WHERE shortcode_id = ? AND paid_at >= ? AND amount IN (SELECT value FROM json_each(?)) AND checkout_id IS NULL " +
    "AND status IN ('unmatched', 'matched', 'refunded', 'taken_back') AND (receipt_source = 'notice' OR (receipt_source = 'person' " +
    `AND status = 'unmatched')) ORDER BY paid_at LIMIT ${MAX_MONEY}`,
);

/** Everything that money around a checkout may be for; null: there is no such checkout. */
export async function loadPool(services: Services, id: string): Promise<Pool | null> {
  const state = await loadCheckout(services, id);
  if (state === null) return null;
  const { shortcode_id, account_key } = state.checkout;
  const asked = askedAmounts(state);
  const since = pushedSince(state);
  const [named, prompts, typed, free] = await rows(
    services.db,
    selectOfAccount(shortcode_id, account_key),
    selectPrompts(shortcode_id, asked, since, shortcode_id, asked, since),
    selectNamed(shortcode_id, account_key),
    selectFree(shortcode_id, since, asked),
  );
  const all = [...named, ...prompts].map(([checkout, attempts, payments]) => ({ checkout, attempts, payments }));
  const states = new Map([state, ...all].map((one) => [one.checkout.id, one]));
  const money = new Map([...typed, ...free].map((payment) => [payment.id, payment]));
  return {
    states: [...states.values()].toSorted((a, b) => (a.checkout.id < b.checkout.id ? 1 : -1)),
    free: [...money.values()].filter((p) => p.checkout_id === null),
  };
}

/** What the checkout and its prompts ask for, as JSON. */
const askedAmounts = ({ checkout, attempts }: Aggregate): string =>
  JSON.stringify([...new Set([checkout.amount, ...attempts.flatMap(({ amount }) => amount ?? [])])]);

/** Since when (ms) money may have moved for the checkout's prompts. */
const pushedSince = ({ checkout, attempts }: Aggregate): number =>
  Math.min(checkout.created_at, ...attempts.map((a) => a.created_at)) - CLOCK_SKEW_MS;

/** Money that waits for a checkout of this account, or is a second payment of one. */
const IS_NAMED = "EXISTS (SELECT 1 FROM payments INDEXED BY payments_free WHERE shortcode_id = ? AND account_key = ? " +
  "AND account_key <> '' AND status = 'unmatched') OR EXISTS (SELECT 1 FROM payments WHERE " +
  "status = 'duplicate_payment' AND attempt_id IS NULL AND receipt_source = 'notice' AND checkout_id IN " +
  `(SELECT id FROM checkouts WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC LIMIT ${MAX_NAMED}))`;
/** Money of this amount that is free, or that is not proven to be somebody's. */
const IS_UNPROVEN =
  "EXISTS (SELECT 1 FROM payments INDEXED BY payments_by_time WHERE shortcode_id = ? AND paid_at >= ? " +
  "AND amount IN (SELECT value FROM json_each(?)) AND (receipt_source = 'inferred' OR (receipt_source = 'notice' AND attempt_id IS NULL) " +
  "OR (receipt_source = 'person' AND status = 'unmatched')))";

/** The condition under which money around the checkout may have another place than it has. */
function condition(state: Aggregate): Statement {
  const { shortcode_id, account_key } = state.checkout;
  if (hasMovable(state)) return statement("(1)");
  const named = [shortcode_id, account_key, shortcode_id, account_key];
  return lacksReceipt(state)
    ? statement(`(${IS_NAMED} OR ${IS_UNPROVEN})`, ...named, shortcode_id, pushedSince(state), askedAmounts(state))
    : statement(`(${IS_NAMED})`, ...named);
}

/** Whether money around the checkout may have another place than it has. */
export async function mayMove({ db }: Services, state: Aggregate): Promise<boolean> {
  const { sql, args } = condition(state);
  return await first(db, { sql: `SELECT 1 WHERE ${sql}`, args, map: () => true }) !== null;
}

/** Statement: the checkout's job places money again, if there is money that may have another place after this batch. */
export const placeLater = (ctx: Context, state: Aggregate): Statement =>
  ctx.jobs.scheduleIf(condition(state), "checkout", state.checkout.id, state.checkout.merchant_id, ctx.clock.now());

/**
 * Statements: money that this batch leaves without a prompt, and that names no account, may be what another checkout's prompt
 * was paid by. The job of such a checkout places it: no job of the checkout that it leaves would look for it.
 */
export const placeSpareLater = (ctx: Context, changed: readonly Payment[]): Statement[] =>
  changed.filter(isSpare).map((payment) => {
    const now = ctx.clock.now();
    return ctx.jobs.scheduleFound("checkout", selectNear(payment, now), payment.merchant_id, now);
  });
