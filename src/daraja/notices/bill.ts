import { parseReceipt } from "../ids.ts";
import { textAt } from "../json.ts";
import { parsePaidCents } from "../money.ts";
import { readNotice } from "./read-notice.ts";
import { type Unreadable, unreadable } from "./unreadable.ts";

/** Bill Manager's payment notice. Daraja sends only this one up to five times (daraja.md section 7.10). */
export interface BillPaymentNotice {
  readonly kind: "bill_payment";
  readonly transactionId: string;
  /** Cents. */
  readonly amount: number;
  readonly phone: string | null;
  /** As Daraja wrote it; the documented form is a day, `YYYY-MM-DD`. */
  readonly createdOn: string | null;
  readonly accountReference: string | null;
  readonly shortcode: string | null;
}

/** Reads Bill Manager's payment notice. Never throws. */
export function parseBillPayment(raw: unknown): BillPaymentNotice | Unreadable {
  return readNotice(raw, (body) => {
    const transactionId = parseReceipt(textAt(body, "transactionId"));
    const amount = parsePaidCents(textAt(body, "paidAmount"));
    if (transactionId === null) return unreadable("no_transaction_id");
    if (amount === null) return unreadable("no_amount");
    return {
      kind: "bill_payment",
      transactionId,
      amount,
      phone: textAt(body, "msisdn"),
      createdOn: textAt(body, "dateCreated"),
      accountReference: textAt(body, "accountReference"),
      shortcode: textAt(body, "shortCode"),
    };
  });
}
