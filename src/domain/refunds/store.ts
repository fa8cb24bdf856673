import type { Context } from "../../context/context.ts";
import type { Database, Statement } from "../../db/database.ts";
import { first, insert, type Query, select, statement, update } from "../../db/query.ts";
import { payments, refunds } from "../../db/schema.ts";
import type { Refund } from "./machine/facts.ts";
import { nextStep } from "./plan.ts";

export type Payment = typeof payments.$inferSelect;

const selectRefund = select(refunds, "WHERE id = ?");
const selectOtherByReceipt: (receipt: string, id: string) => Query<Refund> = select(
  refunds,
  "WHERE receipt = ? AND id <> ?",
);
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
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);

export const loadRefund = ({ db }: { readonly db: Database }, id: string): Promise<Refund | null> =>
  first(db, selectRefund(id));

/** Whether the receipt belongs to another refund already. */
export const isReceiptOfOther = async (db: Database, receipt: string | null, id: string): Promise<boolean> =>
  receipt !== null && await first(db, selectOtherByReceipt(receipt, id)) !== null;

/** Statement: reserves an amount of the payment. Past what was paid the batch fails with `refund_exceeds_payment`. */
export const reserveRefund = (payment: Payment, amount: number): Statement =>
  statement(
    "INSERT INTO refund_totals (payment_id, cap, promised, refunded) VALUES (?, ?, ?, 0) " +
      "ON CONFLICT (payment_id) DO UPDATE SET promised = promised + excluded.promised",
    payment.id,
    payment.amount,
    amount,
  );

/** Statement: a refund that failed releases what it reserved. One that succeeded after all reserves it again. */
export const adjustReserved = ({ payment_id, amount, promised }: Refund): Statement =>
  statement(
    promised
      ? "UPDATE refund_totals SET promised = min(cap, promised + ?) WHERE payment_id = ?"
      : "UPDATE refund_totals SET promised = max(refunded, promised - ?) WHERE payment_id = ?",
    amount,
    payment_id,
  );

/**
 * Statements: the money has gone back. The payment becomes `refunded` when all of it has. The version of its checkout is
 * raised, so that a writer who loaded the checkout before meets a conflict and reads again.
 */
export const markRefunded = ({ payment_id, amount }: Refund, now: number): Statement[] => [
  statement(
    "UPDATE refund_totals SET refunded = min(promised, refunded + ?) WHERE payment_id = ?",
    amount,
    payment_id,
  ),
  statement(
    "UPDATE payments SET status = 'refunded', updated_at = max(updated_at, ?) WHERE id = ? AND status <> 'refunded' AND " +
      "(SELECT refunded >= cap FROM refund_totals WHERE payment_id = payments.id)",
    now,
    payment_id,
  ),
  statement(
    "UPDATE checkouts SET version = version + 1, updated_at = max(updated_at, ?) " +
      "WHERE id = (SELECT checkout_id FROM payments WHERE id = ?)",
    now,
    payment_id,
  ),
];

/** Statement: the refund's job runs when its state says so, or there is none any more. */
export function scheduleNextStep(ctx: Context, after: Refund): Statement {
  const { at } = nextStep(after, ctx.config.plans.scale);
  return at === Infinity
    ? ctx.jobs.drop("refund", after.id)
    : ctx.jobs.schedule("refund", after.id, after.merchant_id, at);
}
