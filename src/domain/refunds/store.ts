import type { Context } from "../../context/context.ts";
import type { Database, Statement } from "../../db/database.ts";
import { first, insert, type Query, select, statement, update } from "../../db/query.ts";
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

/** Statement: undoes the batch if the payment has lost its proof meanwhile, because a query inferred whose it is, or M-Pesa took some of it back. */
export const abortIfUnproven = ({ id, amount_taken_back }: Payment): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE NOT EXISTS (SELECT 1 FROM payments " +
      "WHERE id = ? AND receipt IS NOT NULL AND receipt_source <> 'inferred' AND amount_taken_back = ?)",
    id,
    amount_taken_back,
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
const STATUS_BEFORE =
  "CASE (SELECT e.debit FROM ledger_entries e JOIN refunds r ON r.id = e.subject_id WHERE e.cause = 'refund' AND " +
  "r.payment_id = payments.id ORDER BY e.entry LIMIT 1) WHEN 'refunds' THEN 'duplicate_payment' " +
  "WHEN 'suspense' THEN iif(checkout_id IS NULL, 'unmatched', 'partial') ELSE 'matched' END";

/**
 * Statements: the payment is `refunded` when all of it has gone back, and no longer if a person has corrected that. The
 * version of its checkout is raised, so that a writer who loaded the checkout before meets a conflict and reads again.
 */
export const followRefunds = (paymentId: string, now: number): Statement[] => [
  statement(
    "UPDATE payments SET status = 'refunded', version = version + 1, updated_at = max(updated_at, ?) " +
      "WHERE id = ? AND status NOT IN ('refunded', 'taken_back') AND amount_refunded >= amount",
    now,
    paymentId,
  ),
  statement(
    `UPDATE payments SET status = ${STATUS_BEFORE}, version = version + 1, updated_at = max(updated_at, ?) ` +
      "WHERE id = ? AND status = 'refunded' AND amount_refunded < amount",
    now,
    paymentId,
  ),
  statement(
    "UPDATE checkouts SET version = version + 1, updated_at = max(updated_at, ?) " +
      "WHERE id = (SELECT checkout_id FROM payments WHERE id = ?)",
    now,
    paymentId,
  ),
];

/** Statement: makes the batch fail with `conflict` if another refund of the payment has ended since it was loaded. */
export const abortIfRefunded = ({ id, amount_refunded }: Payment): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' FROM payments WHERE id = ? AND amount_refunded <> ?",
    id,
    amount_refunded,
  );

/** Statement: the refund's job runs when its state says so, or there is none any more. */
export function scheduleNextStep(ctx: Context, after: Refund): Statement {
  const { at } = nextStep(after, ctx.config.plans.scale);
  return at === Infinity
    ? ctx.jobs.drop("refund", after.id)
    : ctx.jobs.schedule("refund", after.id, after.merchant_id, at);
}
