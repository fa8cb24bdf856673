import type { Services } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { type Filter, inReach, listQueryOf } from "../../db/list.ts";
import { allColumns, selectNested } from "../../db/nested.ts";
import { first, insert, rows, statement, update } from "../../db/query.ts";
import type { Reach } from "../../db/reach.ts";
import { attempts, checkouts, mergedPayments, payments } from "../../db/schema.ts";
import type { Aggregate, Payment } from "./machine.ts";
import { viewColumns, type ViewRows } from "./view.ts";

const OF_CHECKOUT = "checkout_id = checkouts.id";
const attemptsOfCheckout = { ...allColumns(attempts), where: OF_CHECKOUT };
const selectById = selectNested(
  allColumns(checkouts),
  attemptsOfCheckout,
  { ...allColumns(payments), where: OF_CHECKOUT },
  "WHERE id = ?",
);
/** Also the payments of a receipt, at every shortcode of the merchant. */
const paymentsAndReceipt = {
  ...allColumns(payments),
  where: `${OF_CHECKOUT} OR (merchant_id = checkouts.merchant_id AND receipt = ?)`,
};
/**
 * Money of an amount that was asked, and that an attempt may have been paid by: it belongs to nobody, also where a person has
 * taken it from its place, or only the account says that it belongs to another checkout.
 */
const MAY_BE_PAID_BY =
  "status IN ('unmatched', 'refunded', 'taken_back', 'matched', 'partial', 'duplicate_payment') AND attempt_id IS NULL " +
  "AND (receipt_source = 'notice' OR (receipt_source = 'person' AND status = 'unmatched'))";
const ASKED = "SELECT coalesce(a.amount, checkouts.amount) FROM attempts a WHERE a.checkout_id = checkouts.id";
const paymentsAndFree = {
  ...allColumns(payments),
  where: `${OF_CHECKOUT} OR (shortcode_id = checkouts.shortcode_id AND amount IN (${ASKED}) AND paid_at >= ? ` +
    `AND ${MAY_BE_PAID_BY}) OR id IN (SELECT payment_id FROM allocations l WHERE l.checkout_id = checkouts.id)`,
};
const selectByIdAndFree = selectNested(allColumns(checkouts), attemptsOfCheckout, paymentsAndFree, "WHERE id = ?");
const selectByIdAndReceipt = selectNested(
  allColumns(checkouts),
  attemptsOfCheckout,
  paymentsAndReceipt,
  "WHERE id = ?",
);
const selectByAttempt = selectNested(
  allColumns(checkouts),
  attemptsOfCheckout,
  paymentsAndReceipt,
  "WHERE id = (SELECT checkout_id FROM attempts WHERE id = ?)",
);

const selectViewRows = (tail: string) =>
  selectNested(
    { table: checkouts, keys: viewColumns.checkout },
    { table: attempts, keys: viewColumns.attempt, where: OF_CHECKOUT },
    { table: payments, keys: viewColumns.payment, where: OF_CHECKOUT },
    tail,
  );
const selectViewRowsById = selectViewRows("WHERE id = ?");
const selectList = listQueryOf(selectViewRows);

export const insertCheckout = insert(checkouts);
export const insertAttempt = insert(attempts);
export const insertPayment = insert(payments);
export const updateCheckout = update(
  checkouts,
  [
    "status",
    "amount_received",
    "amount_allocated",
    "amount_lost",
    "cancelled_at",
    "expired_at",
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);
export const updateAttempt = update(
  attempts,
  [
    "status",
    "evidence",
    "request_ids",
    "failure",
    "result_code",
    "result_description",
    "polls",
    "accepted_at",
    "ended_at",
    "version",
  ],
  "WHERE id = ?",
);
export const updatePayment = update(
  payments,
  [
    "checkout_id",
    "attempt_id",
    "receipt",
    "receipt_source",
    "account_reference",
    "account_key",
    "uploaded",
    "channel",
    "status",
    "phone",
    "payer_name",
    "paid_at",
    "amount_taken_back",
    "allocations",
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);

/** Statement: undoes the batch if more of the payment, or less, is promised back than when it was loaded. */
export const abortIfPromised = ({ id, amount_promised }: Payment): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' FROM payments WHERE id = ? AND amount_promised <> ?",
    id,
    amount_promised,
  );

/**
 * Statement: removes a payment that was merged into another one, if neither it nor what was given back of it has changed.
 * Follow it with `abortIfUnchanged`.
 */
export const deletePayment = ({ id, version, amount_refunded }: Payment): Statement =>
  statement("DELETE FROM payments WHERE id = ? AND version = ? AND amount_refunded = ?", id, version, amount_refunded);
export const insertMerged = insert(mergedPayments);
/** Statement: the notices about the payment `from` become notices about the payment `into`. */
export const moveNotices = (from: string, into: string): Statement =>
  statement("UPDATE notices SET version = version + 1, payment_id = ? WHERE payment_id = ?", into, from);

/** A checkout with its attempts and payments, in one round trip. Also loads the payment of `receipt`, whose checkout may be another. */
export const loadCheckout = (services: Services, id: string, receipt?: string): Promise<Aggregate | null> =>
  readAggregate(services, receipt === undefined ? selectById(id) : selectByIdAndReceipt(receipt, id));

/** The same, with money that an attempt may have been paid by: of an amount that was asked, moved since `since` (ms), or given to it by a person. */
export const loadCheckoutWithFree = (services: Services, id: string, since: number): Promise<Aggregate | null> =>
  readAggregate(services, selectByIdAndFree(since, id));

/**
 * Statement: undoes the batch if money of this kind has arrived that the caller has not loaded. With a placeholder beside it,
 * one transfer would count twice.
 */
export const abortIfUnseenMoney = ({ checkout, attempts, payments }: Aggregate, since: number): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE EXISTS (SELECT 1 FROM payments WHERE shortcode_id = ? " +
      `AND amount IN (SELECT value FROM json_each(?)) AND paid_at >= ? AND ${MAY_BE_PAID_BY} AND id NOT IN (SELECT value FROM json_each(?)))`,
    checkout.shortcode_id,
    JSON.stringify([...new Set(attempts.map(({ amount }) => amount ?? checkout.amount))]),
    since,
    JSON.stringify(payments.map(({ id }) => id)),
  );

/** The same as {@link loadCheckout}, by the id of one of its attempts. */
export const loadCheckoutOfAttempt = (
  services: Services,
  attemptId: string,
  receipt: string | null,
): Promise<Aggregate | null> => readAggregate(services, selectByAttempt(receipt, attemptId));

/** The columns of a checkout that its view needs, in one round trip: as the text of the database, and a function that parses it. */
export async function loadViewRows({ db }: Services, id: string): Promise<{ text: string; read(): ViewRows } | null> {
  const query = selectViewRowsById(id);
  const text = await first(db, { ...query, map: ([value]) => String(value) });
  if (text === null) return null;
  return {
    text,
    read() {
      const [checkout, attempts, payments] = query.map([text]);
      return { checkout, attempts, payments };
    },
  };
}

/** The columns that views need, of the checkouts within a reach that the filter lets through, newest first, in one round trip. */
export async function listViewRows(
  { db }: Services,
  reach: Reach,
  { conditions, finds, scans }: Filter,
  limit: number,
): Promise<readonly ViewRows[]> {
  const query = selectList([inReach(reach, checkouts.merchant_id, finds), ...conditions], checkouts.id, limit);
  const [found] = await rows(db, scans ? { ...query, scan: true } : query);
  return found.map(([checkout, attempts, payments]) => ({ checkout, attempts, payments }));
}

async function readAggregate({ db }: Services, query: ReturnType<typeof selectById>): Promise<Aggregate | null> {
  const found = await first(db, query);
  return found === null ? null : { checkout: found[0], attempts: found[1], payments: found[2] };
}
