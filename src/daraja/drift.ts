/**
 * The drift watch: codes and fields of Daraja that no table of ours knows. They settle nothing by themselves; they tell
 * that Safaricom has changed something, or that a table lacks a row.
 */

import { rejections, tokenErrors } from "./error-codes.ts";
import { codeAt, isObject, type Json, type JsonObject, listAt, normalizeKey, objectAt, readObject } from "./json.ts";
import { payoutResultTable, reversalResultTable, standingOrderResultTable } from "./result-codes.ts";
import { stkResultTable } from "./stk-codes.ts";

/** What was found: its kind and its name, such as `stk_result_code` and `1099`. */
export interface Unknown {
  readonly kind: string;
  readonly name: string;
}

/** Error codes that are judged by their text, or that no request of ours can mend (daraja.md sections 1 and 2.3). */
const JUDGED_BY_TEXT = [
  "400",
  "400.001",
  "400.002",
  "400.002.02",
  "400.008.01",
  "400.008.02",
  "500.001.1001",
  "500.002.1001",
  "500.003.02",
  "500.003.1001",
];
const errorCodes = new Set([...JUDGED_BY_TEXT, ...tokenErrors.keys(), ...rejections.keys()]);

/** Whether an error code of an answer is in a table. */
export const isKnownErrorCode = (code: string): boolean =>
  errorCodes.has(code) || code.toLowerCase().startsWith("policies.ratelimit.");

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/).map(normalizeKey));

const STK = names("Body stkCallback MerchantRequestID CheckoutRequestID ResultCode ResultDesc CallbackMetadata Item");
const STK_ITEMS = names("Amount Balance MpesaReceiptNumber PhoneNumber TransactionDate");
const C2B = names(
  "BillRefNumber BusinessShortCode FirstName InvoiceNumber LastName MSISDN MiddleName OrgAccountBalance " +
    "ThirdPartyTransID TransAmount TransID TransTime TransactionType",
);
const RESULT = names(
  "Result ConversationID OriginatorConversationID ReferenceData ReferenceItem ResultCode ResultDesc ResultParameter " +
    "ResultParameters ResultType TransactionID",
);
/** The parameters of every result in daraja.md sections 6 and 7. */
const PARAMETERS = names(
  "AccountBalance ActionType Amount B2CChargesPaidAccountAvailableFunds B2CRecipientIsRegisteredCustomer " +
    "B2CUtilityAccountAvailableFunds B2CWorkingAccountAvailableFunds BillReferenceNumber BOCompletedTime Charge " +
    "ConversationID CreditPartyName CreditPartyPublicName Currency DebitAccountBalance DebitAccountCurrentBalance " +
    "DebitAccountType DebitPartyAffectedAccountBalance DebitPartyCharges DebitPartyName DebitPartyPublicName " +
    "FinalisedTime FinalizedTime InitiatedTime InitiatorAccountCurrentBalance Occasion Occassion OriginalTransactionID " +
    "OriginatorConversationID QueueTimeoutURL ReasonType ReceiptNo ReceiverPartyPublicName TransactionAmount " +
    "TransactionCompletedDateTime TransactionReason TransactionReceipt TransactionStatus TransCompletedTime",
);

const GATEWAY_FAULT = /^1000000(0\d|1[01])$/;
const isStkCode = (code: string): boolean => code === "0" || stkResultTable.has(code) || GATEWAY_FAULT.test(code);
const isResultCode = (code: string): boolean =>
  code === "0" || code === "2033" || payoutResultTable.has(code) || reversalResultTable.has(code);

/** Whether the result code of an STK callback or query is in a table. */
export const isKnownStkCode = isStkCode;

/** What a notice holds that no table knows; `kind` is that of its capability. Empty for what can't be read, which is reported elsewhere. Never throws. */
export function unknownInNotice(kind: string, raw: unknown): readonly Unknown[] {
  const body = readObject(raw);
  if (body === undefined) return [];
  if (kind === "stk") return inStk(body);
  if (kind === "c2b_confirmation") return fieldsOf("c2b_field", body, C2B);
  if (kind === "standing_order_result") return inStandingOrder(body);
  return inResult(body);
}

function inStk(body: JsonObject): Unknown[] {
  const envelope = objectAt(body, "Body");
  const callback = objectAt(envelope, "stkCallback");
  return [
    ...fieldsOf("stk_field", body, STK),
    ...fieldsOf("stk_field", envelope, STK),
    ...fieldsOf("stk_field", callback, STK),
    ...items("stk_field", objectAt(callback, "CallbackMetadata"), "Item", STK_ITEMS),
    ...codeOf("stk_result_code", callback, "ResultCode", isStkCode),
  ];
}

function inResult(body: JsonObject): Unknown[] {
  const result = objectAt(body, "Result") ?? body;
  return [
    ...fieldsOf("result_field", result, RESULT),
    ...items("result_field", objectAt(result, "ResultParameters"), "ResultParameter", PARAMETERS),
    ...items("result_field", objectAt(result, "ReferenceData"), "ReferenceItem", PARAMETERS),
    ...codeOf("result_code", result, "ResultCode", isResultCode),
  ];
}

/** Ratiba's header holds an HTTP-like code, and its body the result (daraja.md section 7.8). */
function inStandingOrder(body: JsonObject): Unknown[] {
  const entries = listAt(objectAt(body, "responseBody"), "responseData").filter(isObject);
  return entries.filter((entry) => codeAt(entry, "name") === "responseCode").flatMap((entry) =>
    codeOf(
      "standing_order_result_code",
      entry,
      "value",
      (code) => code === "0" || standingOrderResultTable.has(code),
    )
  );
}

const fieldsOf = (kind: string, object: JsonObject | undefined, known: ReadonlySet<string>): Unknown[] =>
  Object.keys(object ?? {}).filter((name) => !known.has(normalizeKey(name))).map((name) => ({ kind, name }));

function items(kind: string, holder: JsonObject | undefined, list: string, known: ReadonlySet<string>): Unknown[] {
  if (holder === undefined) return [];
  const keys = listAt(holder, list).flatMap((item: Json) => {
    const key = isObject(item) ? codeAt(item, "Key") ?? codeAt(item, "Name") : null;
    return key === null ? [] : [key];
  });
  return keys.filter((key) => !known.has(normalizeKey(key))).map((name) => ({ kind, name }));
}

function codeOf(
  kind: string,
  object: JsonObject | undefined,
  name: string,
  isKnown: (code: string) => boolean,
): Unknown[] {
  const code = codeAt(object, name);
  return code === null || isKnown(code) ? [] : [{ kind, name: code }];
}
