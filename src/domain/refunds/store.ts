import type { Context } from "../../context/context.ts";
import type { Database, Statement } from "../../db/database.ts";
import { abortIfUnchanged, columnNames, first, insert, type Query, select, statement, update } from "../../db/query.ts";
import { payments, refunds } from "../../db/schema.ts";
import type { ReceiptHolder } from "../money-out/receipts.ts";
import type { Refund } from "./machine/facts.ts";
import { nextStep } from "./plan.ts";

export type Payment = typeof payments.$inferSelect;

const selectRefund = select(refunds, "WHERE id = ?");
export const selectPayment: (id: string) => Query<Payment> = select(payments, "WHERE id = ?");

export const insertRefund: (row: Refund) => Statement = insert(refunds);
export const updateRefund: (row: Refund, id: string, version: number) => Statement = update(
  refunds,
  [
    "status",
    "requests",
    "evidence",
    "polls",
    "promised",
    "receipt",
    "failure",
    "result_code",
    "result_description",
    "resolution",
    "send_after",
    "accepted_at",
    "in_doubt_at",
    "refunded_at",
    "ended_at",
    "needs_person",
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);

export const loadRefund = ({ db }: { readonly db: Database }, id: string): Promise<Refund | null> =>
  first(db, selectRefund(id));

/** A refund and the payout that carries it have the same receipt. */
export const receiptHolder = ({ id, merchant_id, payout_id }: Refund): ReceiptHolder => ({
  merchantId: merchant_id,
  ids: payout_id === null ? [id] : [id, payout_id],
});

/** Statement: undoes the batch if the payment has lost its proof meanwhile, because a query inferred whose it is, M-Pesa took some of it back, or its money was allocated to other places. */
export const abortIfUnproven = ({ id, amount_taken_back, allocations }: Payment): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE NOT EXISTS (SELECT 1 FROM payments " +
      "WHERE id = ? AND receipt IS NOT NULL AND receipt_source <> 'inferred' AND amount_taken_back = ? AND allocations IS ?)",
    id,
    amount_taken_back,
    allocations === null ? null : JSON.stringify(allocations),
  );

/** Statement: undoes the batch if M-Pesa has taken the payment back meanwhile: then there is nothing to reverse. */
export const abortIfTakenBack = (id: string): Statement =>
  statement("INSERT INTO guards (failed) SELECT 'conflict' FROM payments WHERE id = ? AND status = 'taken_back'", id);

/**
 * Statement: reserves an amount of the payment. Past what was paid the batch fails with `refund_exceeds_payment`. Where
 * more went back than was paid, `cap` is what went back, so that nothing more is promised.
 */
export const reserveRefund = (payment: Payment, amount: number): Statement =>
  statement(
    "INSERT INTO refund_totals (payment_id, cap, promised, refunded) VALUES (?, ?, ?, 0) " +
      "ON CONFLICT (payment_id) DO UPDATE SET cap = max(excluded.cap, promised), promised = promised + excluded.promised",
    payment.id,
    payment.amount - payment.amount_taken_back,
    amount,
  );

/**
 * Statement: counts what refunds of the payment have promised and given back. It comes after the refund's own row in the
 * batch. What proves to have left is never refused: then the totals are more than what was paid.
 */
export const recountRefunds = (paymentId: string): Statement =>
  statement(
    "UPDATE refund_totals SET promised = counted.promised, refunded = counted.refunded, cap = max(1, paid, counted.promised) " +
      "FROM (SELECT sum(amount * promised) AS promised, sum(CASE status WHEN 'succeeded' THEN amount ELSE 0 END) AS refunded, " +
      "(SELECT amount - amount_taken_back FROM payments WHERE id = ?1) AS paid FROM refunds WHERE payment_id = ?1) AS counted WHERE payment_id = ?1",
    paymentId,
  );

/** What a payment was before it was given back: its account in the ledger says so. */
const HOME_STATUS =
  "CASE (SELECT e.debit FROM ledger_entries e JOIN refunds r ON r.id = e.subject_id WHERE e.cause = 'refund' AND " +
  "r.payment_id = payments.id ORDER BY e.entry LIMIT 1) WHEN 'refunds' THEN 'duplicate_payment' " +
  "WHEN 'suspense' THEN iif(checkout_id IS NULL, 'unmatched', 'partial') ELSE 'matched' END";

const SELECT_WITH_HOME = `SELECT ${columnNames(payments)}, ${HOME_STATUS} FROM payments WHERE id = ?`;

/** A payment, and the status that it has where not all of it has gone back. */
export const selectWithHome = (id: string): Query<{ readonly payment: Payment; readonly home: Payment["status"] }> => ({
  sql: SELECT_WITH_HOME,
  args: [id],
  map: (row) => ({
    payment: selectPayment(id).map(row),
    home: String(row.at(-1)) as Payment["status"], // the CASE above names no other
  }),
});

const updateRefunded = update(
  payments,
  ["amount_refunded", "status", "updated_at", "version"],
  "WHERE id = ? AND version = ?",
);

/**
 * Statements: store the payment of which more or less has gone back than was known at `version`. They come before
 * {@link recountRefunds}, whose trigger then finds nothing to change. The version of its checkout is raised, so that a writer
 * who loaded the checkout before meets a conflict and reads again.
 */
export const storeRefunded = (payment: Payment, version: number): Statement[] => [
  updateRefunded(payment, payment.id, version),
  abortIfUnchanged,
  statement(
    "UPDATE checkouts SET version = version + 1, updated_at = max(updated_at, ?) WHERE id = ?",
    payment.updated_at,
    payment.checkout_id,
  ),
];

/** Statement: the refund's job runs when its state says so, or there is none any more. */
export function scheduleNextStep(ctx: Context, after: Refund): Statement {
  const { at } = nextStep(after, ctx.config.plans.scale);
  return at === Infinity
    ? ctx.jobs.drop("refund", after.id)
    : ctx.jobs.schedule("refund", after.id, after.merchant_id, at);
}
