import type { Field } from "../field.ts";
import { paidCentsField, phoneField, receiptField, shortcodeField } from "../field-readers.ts";
import { textAt, valuesAt } from "../json.ts";
import { readNotice } from "./read-notice.ts";
import { requiredField, type Unreadable } from "./unreadable.ts";

/** Bill Manager's payment notice. Daraja sends only this one up to five times (daraja.md section 7.10). */
export interface BillPaymentNotice {
  readonly kind: "bill_payment";
  readonly transactionId: string;
  /** Cents. */
  readonly amount: number;
  readonly phone: Field<string>;
  /** As Daraja wrote it; the documented form is a day, `YYYY-MM-DD`. */
  readonly createdOn: string | null;
  readonly accountReference: string | null;
  readonly shortcode: Field<string>;
}

/** Reads Bill Manager's payment notice. Never throws. */
export function parseBillPayment(raw: unknown): BillPaymentNotice | Unreadable {
  return readNotice(raw, (body) => {
    const transactionId = requiredField(receiptField(valuesAt(body, "transactionId")), "transaction_id");
    if (transactionId.kind === "unreadable") return transactionId;
    const amount = requiredField(paidCentsField(valuesAt(body, "paidAmount")), "amount");
    if (amount.kind === "unreadable") return amount;
    return {
      kind: "bill_payment",
      transactionId: transactionId.value,
      amount: amount.value,
      phone: phoneField(valuesAt(body, "msisdn")),
      createdOn: textAt(body, "dateCreated"),
      accountReference: textAt(body, "accountReference"),
      shortcode: shortcodeField(valuesAt(body, "shortCode")),
    };
  });
}
