import type { Field } from "../field.ts";
import { paidCentsField, phoneField, receiptField, timeField } from "../field-readers.ts";
import { codeAt, objectAt, textAt } from "../json.ts";
import { readNotice } from "./read-notice.ts";
import { Parameters } from "./parameters.ts";
import { type Unreadable, unreadable } from "./unreadable.ts";

/** An STK callback (daraja.md section 2.4). Anything but the result code may be missing. */
export interface StkNotice {
  readonly kind: "stk";
  readonly checkoutRequestId: string | null;
  readonly merchantRequestId: string | null;
  /** `"0"` is paid; see `readStkResult` for the rest. */
  readonly resultCode: string;
  readonly resultDescription: string;
  /** Cents. */
  readonly amount: Field<number>;
  readonly receipt: Field<string>;
  /** ms since the epoch. */
  readonly paidAt: Field<number>;
  /** As Daraja wrote it: in full, masked or missing. Payments are never matched by it. */
  readonly phone: Field<string>;
}

/** Reads an STK callback. Never throws. */
export function parseStkCallback(raw: unknown): StkNotice | Unreadable {
  return readNotice(raw, (body) => {
    const callback = objectAt(objectAt(body, "Body") ?? body, "stkCallback");
    if (callback === undefined) return unreadable("wrong_shape");
    const resultCode = codeAt(callback, "ResultCode");
    if (resultCode === null) return unreadable("no_result_code");
    const items = Parameters.at(callback, "CallbackMetadata", "Item");
    return {
      kind: "stk",
      checkoutRequestId: textAt(callback, "CheckoutRequestID"),
      merchantRequestId: textAt(callback, "MerchantRequestID"),
      resultCode,
      resultDescription: withoutPrefix(textAt(callback, "ResultDesc")),
      amount: paidCentsField(items.all("Amount")),
      receipt: receiptField(items.all("MpesaReceiptNumber")),
      paidAt: timeField(items.all("TransactionDate")),
      phone: phoneField(items.all("PhoneNumber")),
    };
  });
}

/** The text without the `[STK_CB - ]` or `[MpesaCB - ]` at the start of older answers. */
export function withoutPrefix(text: string | null): string {
  return (text ?? "").replace(/^\[[^\]]{0,30}\]\s*/, "");
}
