import { parseReceipt } from "../ids.ts";
import { codeAt, listAt, objectAt, textAt } from "../json.ts";
import { parsePaidCents } from "../money.ts";
import { parseDarajaTime } from "../time.ts";
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
  readonly amount: number | null;
  readonly receipt: string | null;
  /** ms since the epoch. */
  readonly paidAt: number | null;
  /** As Daraja wrote it: in full, masked or missing. Payments are never matched by it. */
  readonly phone: string | null;
}

/** Reads an STK callback. Never throws. */
export function parseStkCallback(raw: unknown): StkNotice | Unreadable {
  return readNotice(raw, (body) => {
    const callback = objectAt(objectAt(body, "Body") ?? body, "stkCallback");
    if (callback === undefined) return unreadable("wrong_shape");
    const resultCode = codeAt(callback, "ResultCode");
    if (resultCode === null) return unreadable("no_result_code");
    const items = Parameters.from(listAt(objectAt(callback, "CallbackMetadata"), "Item"));
    return {
      kind: "stk",
      checkoutRequestId: textAt(callback, "CheckoutRequestID"),
      merchantRequestId: textAt(callback, "MerchantRequestID"),
      resultCode,
      resultDescription: withoutPrefix(textAt(callback, "ResultDesc")),
      amount: parsePaidCents(items.one("Amount")),
      receipt: parseReceipt(items.one("MpesaReceiptNumber")),
      paidAt: parseDarajaTime(items.one("TransactionDate")),
      phone: items.one("PhoneNumber"),
    };
  });
}

/** The text without the `[STK_CB - ]` or `[MpesaCB - ]` at the start of older answers. */
export function withoutPrefix(text: string | null): string {
  return (text ?? "").replace(/^\[[^\]]{0,30}\]\s*/, "");
}
