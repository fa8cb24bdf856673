import type { Field } from "../field.ts";
import { phoneField, receiptField } from "../field-readers.ts";
import { codeAt, objectAt, textAt } from "../json.ts";
import { readNotice } from "./read-notice.ts";
import { Parameters } from "./parameters.ts";
import { type Unreadable, unreadable } from "./unreadable.ts";

/** A standing order's callback (daraja.md section 7.8). Its names come in two spellings, which differ in case. */
export interface RatibaNotice {
  readonly kind: "ratiba";
  readonly resultCode: string;
  readonly resultDescription: string;
  readonly responseRefId: string | null;
  readonly requestRefId: string | null;
  readonly transactionId: Field<string>;
  /** `OKAY` or `ERROR`. */
  readonly status: string | null;
  /** Masked. */
  readonly phone: Field<string>;
}

/** Reads a standing order's callback. Never throws. */
export function parseRatibaCallback(raw: unknown): RatibaNotice | Unreadable {
  return readNotice(raw, (body) => {
    const header = objectAt(body, "responseHeader");
    const data = Parameters.at(body, "responseBody", "responseData");
    if (header === undefined) return unreadable("wrong_shape");
    const codes = [codeAt(header, "responseCode"), data.text("responseCode")].filter((code) => code !== null);
    const [resultCode, second = resultCode] = codes;
    if (resultCode === undefined) return unreadable("no_result_code");
    if (second !== resultCode) return unreadable("result_codes_differ");
    return {
      kind: "ratiba",
      resultCode,
      resultDescription: textAt(header, "responseDescription") ?? "",
      responseRefId: textAt(header, "responseRefID"),
      requestRefId: textAt(header, "requestRefID"),
      transactionId: receiptField(data.all("TransactionID")),
      status: data.text("Status"),
      phone: phoneField(data.all("Msisdn")),
    };
  });
}
