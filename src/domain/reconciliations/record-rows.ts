import type { Payment } from "../checkouts/machine.ts";
import type { Context } from "../../context/context.ts";
import { cannotBeStored } from "../../db/cannot-store.ts";
import { rows, select } from "../../db/query.ts";
import { payments } from "../../db/schema.ts";
import { errorText } from "../../telemetry/log.ts";
import type { Money } from "../payments/money.ts";
import { isOfNobody } from "../payments/outranked.ts";
import { type RecordedMoney, recordMoney } from "../payments/record-money.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { forEachInParallel } from "./in-parallel.ts";
import { markReported, notYetReported } from "./reported.ts";
import { type RowsOfPage, type SetAside, splitPage } from "./set-aside.ts";
import { insertRow, insertRows, type Reconciliation, type Row, selectProcessed } from "./store.ts";

const selectKnown = select(payments, "WHERE shortcode_id = ? AND receipt IN (SELECT value FROM json_each(?))");

/** The result of one page. Rows without a receipt can't be distinguished from those of another page. */
export interface RecordedPage {
  /** How many receipts had not been met before in this reconciliation. */
  readonly fresh: number;
  /** How many rows were set aside: they could not be read, or not stored. */
  readonly unreadable: number;
}

/**
 * Compares a page of M-Pesa's rows with our payments, and records those that we lack, each with its mark in one batch. A
 * row that can't be read or stored is set aside as a finding, with an alert, and does not stop the others. The same page
 * again changes nothing.
 */
export async function recordRows(
  ctx: Context,
  reconciliation: Reconciliation,
  shortcode: Shortcode,
  page: RowsOfPage,
): Promise<RecordedPage> {
  const { money, setAside, withoutReceipt } = splitPage(page);
  const receipts = JSON.stringify([...money.keys(), ...setAside.keys()]);
  const [processed, known] = await rows(
    ctx.db,
    selectProcessed(reconciliation.id, receipts),
    selectKnown(shortcode.id, receipts),
  );
  for (const { receipt } of processed) {
    money.delete(receipt);
    setAside.delete(receipt);
  }
  const fresh = money.size + setAside.size;

  const ours = new Map(known.map((payment) => [payment.receipt, payment]));
  const done: Omit<Row, "reconciliation_id">[] = [];
  for (const [receipt, seen] of money) {
    const payment = ours.get(receipt);
    if (payment === undefined || !isSameMoney(payment, seen)) continue;
    done.push(rowOf(seen, { outcome: "known", paymentId: payment.id, amount: payment.amount }));
    money.delete(receipt);
  }
  for (const receipt of setAside.keys()) done.push(setAsideRow(receipt, ours.get(receipt), shortcode));
  if (done.length > 0) await ctx.db.write([insertRows(reconciliation.id, done)]);

  await forEachInParallel([...money.values()], async (seen) => {
    try {
      await recordMoney(ctx, shortcode, seen, (recorded) => [
        insertRow({ ...rowOf(seen, recorded), reconciliation_id: reconciliation.id }),
      ]);
    } catch (error) {
      if (!cannotBeStored(error)) throw error;
      setAside.set(seen.receipt, `cannot_be_stored: ${errorText(error)}`);
      const row = setAsideRow(seen.receipt, ours.get(seen.receipt), shortcode);
      await ctx.db.write([insertRows(reconciliation.id, [{ ...row, theirs: seen.amount }])]);
    }
  });
  const unreadable = setAside.size + withoutReceipt.length;
  if (unreadable > 0) await reportSetAside(ctx, reconciliation, setAside, withoutReceipt);
  return { fresh, unreadable };
}

/** Whether the row adds nothing and needs no report: its amount is the same, and the time and shortcode of the payment are known. */
const isSameMoney = (payment: Payment, money: Money): boolean =>
  payment.amount === money.amount && payment.paid_at !== null && (!payment.uploaded || money.uploaded) &&
  !isOfNobody(payment);

const rowOutcomes = {
  known: "matched",
  completed: "completed",
  created: "created",
  amount_differs: "differs",
  receipt_of_another_shortcode: "differs",
  shortcode_differs: "differs",
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

/** The finding for a row that was set aside, next to our payment of that receipt if we have it. */
function setAsideRow(
  receipt: string,
  payment: Payment | undefined,
  shortcode: Shortcode,
): Omit<Row, "reconciliation_id"> {
  const own = payment?.shortcode_id === shortcode.id ? payment : null; // it may be another merchant's
  return {
    receipt,
    outcome: "differs",
    payment_id: own?.id ?? null,
    ours: own?.amount ?? null,
    theirs: null,
    account_reference: null,
    paid_at: null,
  };
}

const MAX_REPORTED = 20;

/**
 * Alerts about rows that were set aside. M-Pesa lists a row for two days, so a pull tells only those that no earlier run of
 * the shortcode has told. Whoever sends a file is told about all of it.
 */
async function reportSetAside(
  ctx: Context,
  { id, shortcode_id, source }: Reconciliation,
  setAside: ReadonlyMap<string, string>,
  withoutReceipt: readonly SetAside[],
): Promise<void> {
  const named = [...setAside].map(([receipt, reason]) => ({ finding: `${receipt} ${reason}`, receipt, reason }));
  const nameless = withoutReceipt.map(({ reason, digest = "" }) => ({ finding: `row ${digest} ${reason}`, reason }));
  const all = [...named, ...nameless].map(({ finding }) => finding);
  const fresh = source === "pull" ? await notYetReported(ctx, shortcode_id, all) : new Set(all);
  if (fresh.size === 0) return;
  const isFresh = ({ finding }: { readonly finding: string }) => fresh.has(finding);
  ctx.log.write("alert", "reconciliation_rows_set_aside", {
    reconciliation: id,
    rows: named.filter(isFresh).slice(0, MAX_REPORTED).map(({ receipt, reason }) => ({ receipt, reason })),
    without_receipt: nameless.filter(isFresh).slice(0, MAX_REPORTED).map(({ reason }) => reason),
    total: all.filter((finding) => fresh.has(finding)).length,
  });
  await ctx.db.write(markReported(shortcode_id, [...fresh], ctx.clock.now()));
}
