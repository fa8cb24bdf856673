import type { Cells } from "./columns.ts";

/** What a row reverses: the receipt of a payment, and cents. */
export interface Reversal {
  readonly of: string;
  readonly amount: number;
}

const RECEIPT = /^[A-Z0-9]{6,20}$/;
const REVERSAL = /\brevers(?:al|ed)\b/i;
const CHARGE = /\bcharges?$/i;

/**
 * What a row reverses: a completed row of the kind reversal that money went out with, and that names one other receipt, in
 * the column Linked Transaction ID or in its details. Null where it is none. How such rows look is not documented
 * (unverified.md). `withdrawn`: cents; null where they can't be read.
 */
export function reversalIn(cell: Cells, receipt: string | null, withdrawn: number | null): Reversal | null {
  const kind = cell("reason_type") || cell("details");
  const isCompleted = /^complete(d)?$/i.test(cell("transaction_status"));
  if (receipt === null || !isCompleted || !REVERSAL.test(kind) || CHARGE.test(kind)) return null;
  const amount = Math.abs(withdrawn ?? 0);
  const of = reversedReceipt(cell, receipt);
  return amount === 0 || of === null || of === receipt ? null : { of, amount };
}

function reversedReceipt(cell: Cells, receipt: string): string | null {
  const linked = cell("linked_transaction_id").toUpperCase();
  if (RECEIPT.test(linked)) return linked;
  const words = cell("details").toUpperCase().slice(0, 500).split(/[^A-Z0-9]+/);
  const others = new Set(words.filter((word) => isReceipt(word) && word !== receipt));
  return others.size === 1 ? [...others][0] ?? null : null;
}

/** In a sentence a receipt has ten characters, letters and digits; words, phones and account numbers are none. */
const isReceipt = (word: string): boolean => word.length === 10 && /[0-9]/.test(word) && /[A-Z]/.test(word);
