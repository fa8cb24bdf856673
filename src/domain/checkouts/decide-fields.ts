import { isUnreadable, type StkNotice, unreadableNames, valueOrNull } from "../../daraja/notices.ts";

/**
 * An STK callback after we have decided on each field that is absent or unreadable (daraja.md section 15). Absent fields are null:
 * the attempt's own amount counts, and the receipt is still to come. If `problem` is set, neither amount nor receipt
 * may be used.
 */
export interface DecidedCallback extends Omit<StkNotice, "amount" | "receipt" | "paidAt" | "phone"> {
  /** Cents. */
  readonly amount: number | null;
  readonly receipt: string | null;
  /** ms since the epoch. */
  readonly paidAt: number | null;
  readonly phone: string | null;
  /** Why a paid callback must not settle anything. */
  readonly problem: "amount_unreadable" | "receipt_unreadable" | null;
  /** Fields that decide nothing, and that could not be read. */
  readonly unreadableFields: readonly string[];
}

/** Decides on the fields of a callback. Those of a failed one are not used. */
export function decideFields(notice: StkNotice): DecidedCallback {
  const isPaid = notice.resultCode === "0";
  const problem = !isPaid
    ? null
    : isUnreadable(notice.amount)
    ? "amount_unreadable"
    : isUnreadable(notice.receipt)
    ? "receipt_unreadable"
    : null;
  return {
    ...notice,
    amount: problem === null ? valueOrNull(notice.amount) : null,
    receipt: problem === null ? valueOrNull(notice.receipt) : null,
    paidAt: valueOrNull(notice.paidAt),
    phone: valueOrNull(notice.phone),
    problem,
    unreadableFields: isPaid ? unreadableNames({ paid_at: notice.paidAt, phone: notice.phone }) : [],
  };
}
