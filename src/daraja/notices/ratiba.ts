import { parseReceipt } from "../ids.ts";
import { codeAt, listAt, objectAt, textAt } from "../json.ts";
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
  readonly transactionId: string | null;
  /** `OKAY` or `ERROR`. */
  readonly status: string | null;
  /** Masked. */
  readonly phone: string | null;
}

/** Reads a standing order's callback. Never throws. */
export function parseRatibaCallback(raw: unknown): RatibaNotice | Unreadable {
  return readNotice(raw, (body) => {
    const header = objectAt(body, "responseHeader");
    const data = Parameters.from(listAt(objectAt(body, "responseBody"), "responseData"));
    if (header === undefined) return unreadable("wrong_shape");
    const resultCode = codeAt(header, "responseCode") ?? data.one("responseCode");
    if (resultCode === null) return unreadable("no_result_code");
    return {
      kind: "ratiba",
      resultCode,
      resultDescription: textAt(header, "responseDescription") ?? "",
      responseRefId: textAt(header, "responseRefID"),
      requestRefId: textAt(header, "requestRefID"),
      transactionId: parseReceipt(data.one("TransactionID")),
      status: data.one("Status"),
      phone: data.one("Msisdn"),
    };
  });
}
