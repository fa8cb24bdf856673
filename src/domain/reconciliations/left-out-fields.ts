/** Why a row was left out. The first six are nothing to worry about; the others are money that could not be recorded. */
export const LEFT_OUT_REASONS = [
  "no_transaction",
  "nothing_paid_in",
  "not_completed",
  "own_transfer",
  "reversal",
  "charge",
  "receipt_unreadable",
  "time_unreadable",
  "time_in_future",
  "status_unreadable",
  "amount_unreadable",
  "cells_unreadable",
  "two_amounts",
] as const;
export type LeftOutReason = typeof LEFT_OUT_REASONS[number];

const HARMLESS: ReadonlySet<LeftOutReason> = new Set(
  ["no_transaction", "nothing_paid_in", "not_completed", "own_transfer", "reversal", "charge"] as const,
);

/** Whether the row may be money that came in: somebody has to look at it. */
export const isFinding = (reason: LeftOutReason): boolean => !HARMLESS.has(reason);

const descriptions: Readonly<Record<LeftOutReason, string>> = {
  no_transaction: "It is no transaction: a total, a balance or a remark.",
  nothing_paid_in: "It pays nothing in: a charge, a withdrawal or another payment out.",
  not_completed: "Its status is not Completed, so no money moved.",
  own_transfer: "It moves money between accounts of this shortcode.",
  reversal: "It brings back money that had gone out, or takes a payment back.",
  charge: "It is a charge of M-Pesa.",
  receipt_unreadable: "Its receipt can't be read. Look it up in the M-Pesa portal.",
  time_unreadable: "Its completion time can't be read. Look its receipt up in the M-Pesa portal.",
  time_in_future: "Its completion time is in the future. Look its receipt up in the M-Pesa portal.",
  status_unreadable: "It has no status. Look its receipt up in the M-Pesa portal.",
  amount_unreadable: "The amount that it pays in can't be read. Look its receipt up in the M-Pesa portal.",
  cells_unreadable: "A quote is closed in the middle of a cell, so its cells can't be told apart.",
  two_amounts: "Another row has the same receipt with another amount. Look the receipt up in the M-Pesa portal.",
};

/** A sentence about why a row was left out. */
export const describeReason = (reason: LeftOutReason): string => descriptions[reason];
