/** Reads immediate answers. `ResponseCode` 0 means "accepted for processing", never "paid" (daraja.md section 0.1). */

import type { JudgedCall } from "./call.ts";
import { codeAt, type JsonObject, textAt } from "./json.ts";
import { redact } from "../telemetry/redact.ts";
import { ambiguous } from "./error-answer.ts";
import type { Answer, AsyncAccepted, StkAccepted } from "./types.ts";

/** Turns a call into an answer. `read` returns null if the JSON does not say that Daraja accepted the request. */
export function toAnswer<T>(called: JudgedCall, read: (json: JsonObject) => T | null): Answer<T> {
  if (called.outcome !== "answered") return called;
  const value = read(called.json);
  if (value !== null) return { outcome: "accepted", value };
  const code = codeAt(called.json, "ResponseCode") ?? codeAt(called.json, "ResultCode");
  const reason = code === null || code === "0" ? "unreadable_answer" : "unknown_code";
  return ambiguous(reason, code, redact(textAt(called.json, "ResponseDescription") ?? ""));
}

/** Reads the immediate answer to an STK push (daraja.md section 2.2). */
export function readStkAck(json: JsonObject): StkAccepted | null {
  const checkoutRequestId = textAt(json, "CheckoutRequestID");
  if (codeAt(json, "ResponseCode") !== "0" || checkoutRequestId === null) return null;
  return { checkoutRequestId, merchantRequestId: textAt(json, "MerchantRequestID") ?? "" };
}

/** Reads the immediate answer that all asynchronous APIs share (daraja.md section 7). */
export function readAsyncAck(json: JsonObject): AsyncAccepted | null {
  const conversationId = textAt(json, "ConversationID");
  if (codeAt(json, "ResponseCode") !== "0" || conversationId === null) return null;
  return { conversationId, originatorConversationId: textAt(json, "OriginatorConversationID") };
}

/** Reads the answer to a URL registration. Some have no `ResponseCode`, or eight zeros (daraja.md section 5.1). */
export function readRegisterAck(json: JsonObject): { readonly description: string } | null {
  const code = textAt(json, "ResponseCode");
  const description = textAt(json, "ResponseDescription") ?? "";
  const isAccepted = code === null ? /^(success|accept)/i.test(description) : /^0+$/.test(code);
  return isAccepted ? { description } : null;
}

/** Reads a QR answer. Only the image proves success; `ResponseCode` does not (daraja.md section 7.6). */
export function readQrAck(json: JsonObject): { readonly png: string } | null {
  const png = textAt(json, "QRCode");
  return png === null ? null : { png };
}

/** Reads the immediate answer to a standing order (daraja.md section 7.8). */
export function readStandingOrderAck(json: JsonObject): { readonly responseRefId: string } | null {
  const header = json["ResponseHeader"] ?? json["responseHeader"];
  if (typeof header !== "object" || header === null || Array.isArray(header)) return null;
  const object = header as JsonObject; // checked above: an object, and not an array
  const responseRefId = textAt(object, "responseRefID");
  return codeAt(object, "responseCode") === "200" && responseRefId !== null ? { responseRefId } : null;
}
