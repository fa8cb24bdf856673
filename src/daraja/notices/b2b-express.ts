import type { Field } from "../field.ts";
import { paidCentsField, receiptField } from "../field-readers.ts";
import { codeAt, textAt, valuesAt } from "../json.ts";
import { readNotice } from "./read-notice.ts";
import { type Unreadable, unreadable } from "./unreadable.ts";

/** A B2B Express callback. Its JSON is flat, in camel case, with strings only (daraja.md section 7.7). */
export interface B2bExpressNotice {
  readonly kind: "b2b_express";
  readonly resultCode: string;
  readonly resultDescription: string;
  readonly requestId: string | null;
  readonly conversationId: string | null;
  readonly transactionId: Field<string>;
  /** Cents. */
  readonly amount: Field<number>;
  readonly paymentReference: string | null;
  readonly status: string | null;
}

/** Reads a B2B Express callback. Never throws. */
export function parseB2bExpressCallback(raw: unknown): B2bExpressNotice | Unreadable {
  return readNotice(raw, (body) => {
    const resultCode = codeAt(body, "resultCode");
    if (resultCode === null) return unreadable("no_result_code");
    return {
      kind: "b2b_express",
      resultCode,
      resultDescription: textAt(body, "resultDesc") ?? "",
      requestId: textAt(body, "requestId"),
      conversationId: textAt(body, "conversationID"),
      transactionId: receiptField(valuesAt(body, "transactionId")),
      amount: paidCentsField(valuesAt(body, "amount")),
      paymentReference: textAt(body, "paymentReference"),
      status: textAt(body, "status"),
    };
  });
}
