import { parseReceipt, type PhoneForm, phoneFormOf } from "../ids.ts";
import { textAt } from "../json.ts";
import { parseCents, parsePaidCents } from "../money.ts";
import { parseDarajaTime } from "../time.ts";
import { readNotice } from "./read-notice.ts";
import { type Unreadable, unreadable } from "./unreadable.ts";

/** A C2B validation or confirmation. Both have the same flat shape; the URL says which it is (daraja.md section 5.3). */
export interface C2bNotice {
  readonly kind: "c2b";
  readonly receipt: string;
  /** ms. */
  readonly paidAt: number | null;
  /** Cents. */
  readonly amount: number;
  readonly shortcode: string;
  /** What the customer typed, trimmed. */
  readonly accountReference: string | null;
  readonly invoiceNumber: string | null;
  readonly phone: string | null;
  readonly phoneForm: PhoneForm;
  readonly firstName: string | null;
  readonly middleName: string | null;
  readonly lastName: string | null;
  /** The value that our answer to the validation gave, repeated by Daraja. */
  readonly thirdPartyTransId: string | null;
  readonly transactionType: string | null;
  /** Cents; null in a validation. */
  readonly orgAccountBalance: number | null;
}

/** Reads a C2B validation or confirmation. Never throws. */
export function parseC2b(raw: unknown): C2bNotice | Unreadable {
  return readNotice(raw, (body) => {
    const receipt = parseReceipt(textAt(body, "TransID"));
    const amount = parsePaidCents(textAt(body, "TransAmount"));
    const shortcode = textAt(body, "BusinessShortCode");
    if (receipt === null) return unreadable("no_transaction_id");
    if (amount === null) return unreadable("no_amount");
    if (shortcode === null) return unreadable("no_shortcode");
    const phone = textAt(body, "MSISDN");
    return {
      kind: "c2b",
      receipt,
      paidAt: parseDarajaTime(textAt(body, "TransTime")),
      amount,
      shortcode,
      accountReference: textAt(body, "BillRefNumber"),
      invoiceNumber: textAt(body, "InvoiceNumber"),
      phone,
      phoneForm: phoneFormOf(phone),
      firstName: textAt(body, "FirstName"),
      middleName: textAt(body, "MiddleName"),
      lastName: textAt(body, "LastName"),
      thirdPartyTransId: textAt(body, "ThirdPartyTransID"),
      transactionType: textAt(body, "TransactionType"),
      orgAccountBalance: parseCents(textAt(body, "OrgAccountBalance")),
    };
  });
}
