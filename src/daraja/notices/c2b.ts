import { type PhoneForm, phoneFormOf, receiptOf } from "../ids.ts";
import { textAt } from "../json.ts";
import { parseCents, parsePaidCents } from "../money.ts";
import { parseDarajaTime } from "../time.ts";
import { openNotice } from "./open.ts";
import { type Unreadable, unreadable } from "./unreadable.ts";

/** A C2B validation or confirmation: one flat shape for both, the URL says which (daraja.md section 5.3). */
export interface C2bNotice {
  readonly kind: "c2b";
  /** The receipt. */
  readonly transId: string;
  /** ms. */
  readonly transTime: number | null;
  /** Cents. */
  readonly amount: number;
  readonly shortcode: string;
  /** What the customer typed, trimmed. */
  readonly billRef: string | null;
  readonly invoiceNumber: string | null;
  readonly msisdn: string | null;
  readonly msisdnForm: PhoneForm;
  readonly firstName: string | null;
  readonly middleName: string | null;
  readonly lastName: string | null;
  /** What our answer to the validation said, echoed. */
  readonly thirdPartyTransId: string | null;
  readonly transactionType: string | null;
  /** Cents; blank in a validation. */
  readonly orgAccountBalance: number | null;
}

/** Reads a C2B validation or confirmation. Never throws. */
export function parseC2b(raw: unknown): C2bNotice | Unreadable {
  return openNotice(raw, (body) => {
    const transId = receiptOf(textAt(body, "TransID"));
    const amount = parsePaidCents(textAt(body, "TransAmount"));
    const shortcode = textAt(body, "BusinessShortCode");
    if (transId === null) return unreadable("no_transaction_id");
    if (amount === null) return unreadable("no_amount");
    if (shortcode === null) return unreadable("no_shortcode");
    const msisdn = textAt(body, "MSISDN");
    return {
      kind: "c2b",
      transId,
      transTime: parseDarajaTime(textAt(body, "TransTime")),
      amount,
      shortcode,
      billRef: textAt(body, "BillRefNumber"),
      invoiceNumber: textAt(body, "InvoiceNumber"),
      msisdn,
      msisdnForm: phoneFormOf(msisdn),
      firstName: textAt(body, "FirstName"),
      middleName: textAt(body, "MiddleName"),
      lastName: textAt(body, "LastName"),
      thirdPartyTransId: textAt(body, "ThirdPartyTransID"),
      transactionType: textAt(body, "TransactionType"),
      orgAccountBalance: parseCents(textAt(body, "OrgAccountBalance")),
    };
  });
}
