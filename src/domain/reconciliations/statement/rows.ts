import { parseCents } from "./amounts.ts";
import type { Cells } from "./columns.ts";
import type { LeftOutReason } from "../left-out-fields.ts";
import { type Reversal, reversalIn } from "./reversals.ts";
import { type OwnMoney, ownMoneyOf } from "./kinds.ts";

/** What one row says, its time aside. `amount`: cents that it pays in; null where that can't be read. */
export interface RowText {
  readonly receipt: string | null;
  readonly amount: number | null;
  /** Null: it counts as a payment. */
  readonly leftOut: LeftOutReason | null;
  /** The receipt that it reverses, and cents; null: it reverses no payment. */
  readonly reversal: Reversal | null;
}

/** Reads a row, and says whether it counts: completed, paid in, and from outside. `own` are the shortcode's numbers. */
export function readRow(cell: Cells, hasDecimalComma: boolean, own: readonly string[]): RowText {
  const text = cell("receipt_no").toUpperCase();
  const receipt = /^[A-Z0-9]{6,20}$/.test(text) ? text : null;
  const amount = parseCents(cell("paid_in"), hasDecimalComma);
  const leftOut = reasonOf(cell, receipt, amount, own);
  const reversal = leftOut === null ? null : reversalIn(cell, receipt, parseCents(cell("withdrawn"), hasDecimalComma));
  return { receipt, amount, leftOut, reversal };
}

function reasonOf(
  cell: Cells,
  receipt: string | null,
  amount: number | null,
  own: readonly string[],
): LeftOutReason | null {
  const status = cell("transaction_status").toLowerCase();
  if (status === "" && (receipt === null || cell("completion_time") === "")) return "no_transaction";
  if (amount !== null && amount <= 0) return "nothing_paid_in";
  if (status === "") return "status_unreadable";
  if (!/^complete(d)?$/.test(status)) return "not_completed";
  const mine: OwnMoney | null = ownMoneyOf(
    { reasonType: cell("reason_type"), details: cell("details"), otherParty: cell("other_party") },
    own,
  );
  if (mine !== null) return mine;
  if (receipt === null) return "receipt_unreadable";
  return amount === null ? "amount_unreadable" : null;
}

/** The account that the customer gave: its own column counts before the details. */
export function accountOf(cell: Cells): string | null {
  const own = cell("ac_no");
  if (own !== "") return own.slice(0, 64);
  return /\bAcc(?:ount)?\.?(?: No\.?)?[ :.]+(\S.{0,63})$/i.exec(cell("details"))?.[1]?.trim() ?? null;
}
