import { type Field, valueOrNull } from "../field.ts";
import {
  centsField,
  paidCentsField,
  phoneField,
  receiptField,
  shortcodeField,
  textField,
  timeField,
} from "../field-readers.ts";
import { type PhoneForm, phoneFormOf } from "../ids.ts";
import { textAt, valuesAt } from "../json.ts";
import { readNotice } from "./read-notice.ts";
import { requiredField, type Unreadable } from "./unreadable.ts";

/** A C2B validation or confirmation. Both have the same flat shape; the URL says which it is (daraja.md section 5.3). */
export interface C2bNotice {
  readonly kind: "c2b";
  readonly receipt: string;
  /** ms. */
  readonly paidAt: Field<number>;
  /** Cents. */
  readonly amount: number;
  readonly shortcode: string;
  /** What the customer typed, trimmed. */
  readonly accountReference: Field<string>;
  readonly invoiceNumber: string | null;
  readonly phone: Field<string>;
  readonly phoneForm: PhoneForm;
  readonly firstName: string | null;
  readonly middleName: string | null;
  readonly lastName: string | null;
  /** The value that our answer to the validation gave, repeated by Daraja. */
  readonly thirdPartyTransId: string | null;
  readonly transactionType: string | null;
  /** Cents; absent in a validation. */
  readonly orgAccountBalance: Field<number>;
}

/** Reads a C2B validation or confirmation. Never throws. */
export function parseC2b(raw: unknown): C2bNotice | Unreadable {
  return readNotice(raw, (body) => {
    const receipt = requiredField(receiptField(valuesAt(body, "TransID")), "transaction_id");
    if (receipt.kind === "unreadable") return receipt;
    const amount = requiredField(paidCentsField(valuesAt(body, "TransAmount")), "amount");
    if (amount.kind === "unreadable") return amount;
    const shortcode = requiredField(shortcodeField(valuesAt(body, "BusinessShortCode")), "shortcode");
    if (shortcode.kind === "unreadable") return shortcode;
    const phone = phoneField(valuesAt(body, "MSISDN"));
    return {
      kind: "c2b",
      receipt: receipt.value,
      paidAt: timeField(valuesAt(body, "TransTime")),
      amount: amount.value,
      shortcode: shortcode.value,
      accountReference: textField(valuesAt(body, "BillRefNumber")),
      invoiceNumber: textAt(body, "InvoiceNumber"),
      phone,
      phoneForm: phoneFormOf(valueOrNull(phone)),
      firstName: textAt(body, "FirstName"),
      middleName: textAt(body, "MiddleName"),
      lastName: textAt(body, "LastName"),
      thirdPartyTransId: textAt(body, "ThirdPartyTransID"),
      transactionType: textAt(body, "TransactionType"),
      orgAccountBalance: centsField(valuesAt(body, "OrgAccountBalance")),
    };
  });
}
