import type { Context } from "../../context/context.ts";
import type { Database, Statement } from "../../db/database.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import { Problem } from "../../problems/problem.ts";
import { RECEIPT_SHARED } from "../settlement/evidence.ts";

/** Receipts of money that left: M-Pesa reports them, and people give them when they resolve a payout or refund. */

/** Who asks: a payout or a refund, with the refund or payout that goes with it and so has the same receipt. */
export interface ReceiptHolder {
  readonly merchantId: string;
  readonly ids: readonly string[];
}

/** Which other payout or refund has a receipt. */
export interface ReceiptUse {
  /** M-Pesa reported it for this one. */
  readonly reported: string | null;
  /** A person gave it for this one of the same merchant. */
  readonly given: string | null;
}

const UNUSED: ReceiptUse = { reported: null, given: null };
const OTHERS = "NOT IN (SELECT value FROM json_each(?2))";
const REPORTED = `SELECT id FROM payouts WHERE receipt = ?1 AND id ${OTHERS} ` +
  `UNION ALL SELECT id FROM refunds WHERE receipt = ?1 AND id ${OTHERS} LIMIT 1`;
const GIVEN = `SELECT subject_id FROM given_receipts WHERE receipt = ?1 AND subject_id ${OTHERS} AND merchant_id = ?3`;
const map: Query<string>["map"] = ([id]) => String(id);

/** Which other payout or refund has the receipt already. */
export async function receiptUse(db: Database, receipt: string | null, holder: ReceiptHolder): Promise<ReceiptUse> {
  if (receipt === null) return UNUSED;
  const ids = JSON.stringify(holder.ids);
  const [[reported], [given]] = await rows(
    db,
    { ...statement(REPORTED, receipt, ids), map },
    { ...statement(GIVEN, receipt, ids, holder.merchantId), map },
  );
  return { reported: reported ?? null, given: given ?? null };
}

/**
 * Statements: make the batch fail with `conflict` if the receipt has been reported or given for another one since `use` was
 * read. One that was used already may be used by several: a payout and its refund have one receipt.
 */
export function abortIfReceiptUsed(receipt: string | null, holder: ReceiptHolder, use: ReceiptUse): Statement[] {
  if (receipt === null) return [];
  const ids = JSON.stringify(holder.ids); // without null: with it, NOT IN is never true, and the guard refuses nothing
  return [
    ...use.reported !== null
      ? []
      : [statement(`INSERT INTO guards (failed) SELECT 'conflict' WHERE EXISTS (${REPORTED})`, receipt, ids)],
    ...use.given !== null ? [] : [
      statement(
        `INSERT INTO guards (failed) SELECT 'conflict' WHERE EXISTS (${GIVEN})`,
        receipt,
        ids,
        holder.merchantId,
      ),
    ],
  ];
}

/**
 * Statements: the receipt that a person gives for `id`. It replaces the one that was given before. The batch fails with
 * `conflict` if another payout or refund of the merchant has the receipt.
 */
export function giveReceipt(receipt: string | null, id: string, holder: ReceiptHolder, now: number): Statement[] {
  const removeOld = statement("DELETE FROM given_receipts WHERE subject_id = ?", id);
  if (receipt === null) return [removeOld];
  return [
    removeOld,
    ...abortIfReceiptUsed(receipt, holder, UNUSED),
    statement(
      "INSERT INTO given_receipts (merchant_id, receipt, subject_id, at) VALUES (?, ?, ?, ?)",
      holder.merchantId,
      receipt,
      id,
      now,
    ),
  ];
}

/**
 * Statements: flag the payout or refund that a person gave the receipt for, because it proved to be that of another one.
 * Writes the alert.
 */
export function flagSharedReceipt(ctx: Context, id: string | null, receipt: string | null): Statement[] {
  if (id === null || receipt === null) return [];
  ctx.log.write("alert", "receipt_given_twice", { merchant: ctx.merchantId, subject: id, receipt });
  const flag = (table: "payouts" | "refunds"): Statement =>
    statement(
      `UPDATE ${table} SET evidence = evidence | ?, needs_person = 1, version = version + 1, ` +
        "updated_at = max(updated_at, ?) WHERE id = ?",
      RECEIPT_SHARED,
      ctx.clock.now(),
      id,
    );
  return [
    flag("payouts"),
    flag("refunds"),
    auditEntry(ctx, id.startsWith("rfd_") ? "refund.receipt_shared" : "payout.receipt_shared", id, { receipt }),
  ];
}

/** Errors: `wrong_state` if a payout or refund has the receipt already. */
export function requireUnused({ reported, given }: ReceiptUse): void {
  const other = reported ?? given;
  if (other === null) return;
  const how = reported === null ? "A person has given" : "M-Pesa has reported";
  throw new Problem(
    "wrong_state",
    `${how} this receipt for ${other} already. One receipt is one transfer: look again.`,
  );
}
