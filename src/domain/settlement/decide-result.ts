import { type Field, isUnreadable, unreadableNames, valueOrNull } from "../../daraja/field.ts";
import type { ResultNotice } from "../../daraja/notices.ts";

/**
 * What a result says about money that moved, after we have decided on each field that is absent or unreadable (daraja.md section 15).
 * Absent fields are null: the amount that was asked counts, and the receipt is not known.
 */
export interface DecidedResult {
  /** Cents. */
  readonly amount: number | null;
  readonly receipt: string | null;
  /** ms since the epoch. */
  readonly completedAt: number | null;
  /** M-Pesa's fee in cents. */
  readonly fee: number | null;
  /** Why the result must not settle anything: the money may have moved otherwise than was asked. */
  readonly problem: ResultProblem | null;
  /** Fields that decide nothing, and that could not be read. */
  readonly unreadableFields: readonly string[];
}

export type ResultProblem =
  | "amount_unreadable"
  | "currency_differs"
  | "receipt_unreadable"
  | "original_transaction_unreadable";

/** Decides on the fields of a result that reports success. `receipt`: where this kind of result has it. */
export function decideResult({ facts }: ResultNotice, receipt: Field<string>): DecidedResult {
  const problem = problemOf(facts, receipt);
  return {
    amount: valueOrNull(facts.amount),
    receipt: valueOrNull(receipt),
    completedAt: valueOrNull(facts.completedAt),
    fee: valueOrNull(facts.charge),
    problem,
    unreadableFields: unreadableNames({ completed_at: facts.completedAt, fee: facts.charge }),
  };
}

function problemOf(facts: ResultNotice["facts"], receipt: Field<string>): ResultProblem | null {
  if (isUnreadable(facts.amount)) return "amount_unreadable";
  const { currency } = facts;
  if (isUnreadable(currency) || (currency.kind === "read" && currency.value !== "KES")) return "currency_differs";
  if (isUnreadable(receipt)) return "receipt_unreadable";
  return isUnreadable(facts.originalTransactionId) ? "original_transaction_unreadable" : null;
}

/**
 * Whether a status result is about one of these ids. `unnamed`: it names no conversation, so nothing speaks against it.
 * `unclear`: it names two.
 */
export function compareConversation(
  { foundConversationId, foundOriginatorConversationId }: ResultNotice["facts"],
  ours: readonly (string | null)[],
): "ours" | "another" | "unnamed" | "unclear" {
  if (isUnreadable(foundConversationId) || isUnreadable(foundOriginatorConversationId)) return "unclear";
  if (foundConversationId.kind === "absent") return "unnamed";
  const found = [foundConversationId.value, valueOrNull(foundOriginatorConversationId)];
  return found.some((id) => id !== null && ours.includes(id)) ? "ours" : "another";
}
