import type { Payment } from "../checkouts/machine.ts";
import type { Context } from "../../context/context.ts";
import { rows, select } from "../../db/query.ts";
import { payments } from "../../db/schema.ts";
import type { Money } from "../payments/money.ts";
import { type RecordedMoney, recordMoney } from "../payments/record-money.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { insertRow, insertRows, type Reconciliation, type Row, selectProcessed } from "./store.ts";

const PARALLEL_WRITES = 8;
const selectKnown = select(payments, "WHERE receipt IN (SELECT value FROM json_each(?))");

/**
 * Compares a page of M-Pesa's rows with our payments, and records those that we lack, each with its mark in one batch.
 * Answers how many had not been met before in this reconciliation; the same page again changes nothing.
 */
export async function recordRows(
  ctx: Context,
  reconciliation: Reconciliation,
  shortcode: Shortcode,
  page: readonly Money[],
): Promise<number> {
  const named = new Map(page.map((money) => [money.receipt, money]));
  const receipts = JSON.stringify([...named.keys()]);
  const [processed, known] = await rows(ctx.db, selectProcessed(reconciliation.id, receipts), selectKnown(receipts));
  for (const { receipt } of processed) named.delete(receipt);
  const fresh = named.size;

  const ours = new Map(known.map((payment) => [payment.receipt, payment]));
  const same: Omit<Row, "reconciliation_id">[] = [];
  for (const [receipt, money] of named) {
    const payment = ours.get(receipt);
    if (payment === undefined || !isSameMoney(payment, money, shortcode)) continue;
    same.push(rowOf(money, { outcome: "known", paymentId: payment.id, amount: payment.amount }));
    named.delete(receipt);
  }
  if (same.length > 0) await ctx.db.write([insertRows(reconciliation.id, same)]);
  await forEachInParallel([...named.values()], async (money) => {
    const marked = (recorded: RecordedMoney) => [
      insertRow({ ...rowOf(money, recorded), reconciliation_id: reconciliation.id }),
    ];
    await recordMoney(ctx, shortcode, money, marked);
  });
  return fresh;
}

/** Whether nothing is to be learnt or reported: the amount is the same and the time is known. */
const isSameMoney = (payment: Payment, money: Money, shortcode: Shortcode): boolean =>
  payment.amount === money.amount && payment.shortcode_id === shortcode.id && payment.paid_at !== null;

const rowOutcomes = {
  known: "matched",
  completed: "completed",
  created: "created",
  amount_differs: "differs",
  receipt_of_another_shortcode: "differs",
} as const;

const rowOf = (money: Money, { outcome, paymentId, amount }: RecordedMoney): Omit<Row, "reconciliation_id"> => ({
  receipt: money.receipt,
  outcome: rowOutcomes[outcome],
  payment_id: outcome === "receipt_of_another_shortcode" ? null : paymentId, // it may be another merchant's
  ours: outcome === "receipt_of_another_shortcode" ? null : amount,
  theirs: money.amount,
  account_reference: money.accountReference,
  paid_at: money.paidAt,
});

/** A few at once, since each is a round trip or two; money for one checkout may collide, and is then tried again. */
async function forEachInParallel<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const queue = all.values();
  await Promise.all(Array.from({ length: PARALLEL_WRITES }, async () => {
    for (const one of queue) await work(one);
  }));
}
