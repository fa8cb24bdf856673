/**
 * What Daraja's immediate errors prove (daraja.md sections 1, 2.3, 5.1, 6). A row proves that Daraja did not take the
 * request. A bad token proves the same, and the call is repeated with a new token. An error without a row is ambiguous.
 */

import type { FailureCode } from "./failures.ts";

/** An error answer of Daraja; null where a part could not be read. */
export interface DarajaError {
  readonly status: number;
  readonly code: string | null;
  /** As Daraja wrote it: it may contain personal data, so redact it before it is stored or logged. */
  readonly message: string;
}

export type ErrorVerdict =
  | { readonly kind: "invalid_token"; readonly failure: FailureCode }
  | { readonly kind: "rejected"; readonly failure: FailureCode }
  | { readonly kind: "ambiguous"; readonly duplicate: boolean };

/** Codes of a refused token (daraja.md section 1). They come with HTTP 400, 401 and 404. */
export const tokenErrors: ReadonlyMap<string, FailureCode> = new Map([
  ["404.001.03", "credentials_rejected"],
  ["404.001.04", "credentials_rejected"],
  ["401.002.01", "credentials_rejected"],
  ["401.003.01", "product_not_enabled"],
  ["400.003.01", "credentials_rejected"],
  ["401.001", "credentials_rejected"],
  ["401", "credentials_rejected"],
]);

/** Codes that are clear without their message. */
export const rejections: ReadonlyMap<string, FailureCode> = new Map([
  ["400.002.05", "invalid_request"], // daraja.md section 5.1
  ["400.003.02", "invalid_request"], // daraja.md section 5.1
  ["403.002.1001", "product_not_enabled"], // daraja.md section 1: the gateway, before the service
  ["404.001.01", "service_not_found"], // daraja.md section 2.3
  ["404.003.01", "service_not_found"], // daraja.md section 5.1
  ["405.001", "service_not_found"], // daraja.md section 2.3
  ["500.003.03", "daraja_busy"], // daraja.md section 2.3: quota violation, refused at the gateway
]);

/**
 * Our failure for each field in `Bad Request - Invalid <Field>` (daraja.md section 2.3). A field that is not listed is an
 * `invalid_request`: "Invalid TransactionID" is about the form of the field, not about whether the transaction exists.
 */
export const fieldFailures: ReadonlyMap<string, FailureCode> = new Map([
  ["businessshortcode", "shortcode_misconfigured"],
  ["shortcode", "shortcode_misconfigured"],
  ["transactiontype", "shortcode_misconfigured"],
  ["partya", "invalid_request"],
  ["phonenumber", "phone_invalid"],
  ["amount", "amount_invalid"],
  ["callbackurl", "callback_url_refused"],
  ["resulturl", "callback_url_refused"],
  ["queuetimeouturl", "callback_url_refused"],
  ["confirmationurl", "callback_url_refused"],
  ["validationurl", "callback_url_refused"],
  ["password", "passkey_rejected"],
  ["timestamp", "passkey_rejected"],
  ["initiatorname", "initiator_rejected"],
  ["initiator", "initiator_rejected"],
  ["securitycredential", "initiator_rejected"],
]);

/** Which API answered: some texts mean something only in the answer of one of them. */
export type ErrorSource = "stk" | "url_registration" | "other";

/**
 * Judges an error answer. `rejected` only if the request provably had no effect, so that no money is sent twice. A text
 * counts only where our source has seen it: an unknown answer of an API that sends money stays ambiguous.
 */
export function judgeError(error: DarajaError, from: ErrorSource): ErrorVerdict {
  const code = error.code ?? "";
  const text = error.message.toLowerCase();
  const token = tokenErrors.get(code) ?? (error.status === 401 ? "credentials_rejected" : undefined);
  if (token !== undefined) return { kind: "invalid_token", failure: token };
  if (isRateLimited(error.status, code, text)) return rejected("daraja_busy");
  const rejection = rejections.get(code);
  if (rejection !== undefined) return rejected(rejection);
  if (code === "400.002.02" || code === "400") return rejected(failureOfField(error.message));
  if (code === "500.001.1001" && from === "stk") return judgeByMessage(text);
  if (from === "url_registration" && alreadyRegistered(error.message)) return rejected("urls_already_registered");
  return { kind: "ambiguous", duplicate: code === "500.002.1001" && text.includes("duplicate") };
}

/** Whether a message says that URLs are registered; Daraja has several wordings (daraja.md section 5.1). */
export function alreadyRegistered(message: string): boolean {
  return /urls? are already registered|duplicate notification info|sco-addurlvault failed/i.test(message);
}

/** One code of STK with unrelated causes (daraja.md section 2.3). "Being processed" and an empty text stay ambiguous. */
function judgeByMessage(text: string): ErrorVerdict {
  if (text.includes("merchant does not exist")) return rejected("shortcode_misconfigured");
  if (text.includes("wrong credentials")) return rejected("passkey_rejected");
  if (text.includes("unable to lock subscriber")) return rejected("phone_busy");
  return { kind: "ambiguous", duplicate: false };
}

/**
 * Whether a rate limiter answered, and not the service: then the request was not taken. `500.003.02` ("System is busy")
 * may also come from the service, so it counts only if its text names the limiter (daraja.md section 2.3).
 */
function isRateLimited(status: number, code: string, text: string): boolean {
  if (status === 429 || code.startsWith("policies.ratelimit.")) return true;
  return code === "500.003.02" && /spike ?arrest|rate ?limit|quota/.test(text);
}

function failureOfField(message: string): FailureCode {
  const name = /invalid\s+([a-z]+)/i.exec(message)?.[1]?.toLowerCase() ?? "";
  return fieldFailures.get(name) ?? "invalid_request";
}

function rejected(failure: FailureCode): ErrorVerdict {
  return { kind: "rejected", failure };
}
