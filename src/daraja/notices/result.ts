import { parseParty, parseReceipt, type Party } from "../ids.ts";
import { codeAt, type JsonObject, listAt, objectAt, textAt } from "../json.ts";
import { type AccountBalance, parseAccountBalances, parseAmountStruct, parseCents, parseCharge } from "../money.ts";
import { parseDarajaTime } from "../time.ts";
import { readNotice } from "./read-notice.ts";
import { type Parameter, Parameters } from "./parameters.ts";
import { type Unreadable, unreadable } from "./unreadable.ts";

/**
 * The `Result` envelope of B2C, B2B, tax, status, balance and reversal (daraja.md sections 6 and 7). Amounts are cents,
 * times ms.
 */
export interface ResultNotice {
  readonly kind: "result";
  readonly resultCode: string;
  /** `"0"`: final. `"1"`: another result follows (daraja.md section 7.1). */
  readonly resultType: string | null;
  readonly resultDescription: string;
  /** The best id to find the request by (daraja.md section 6). */
  readonly conversationId: string | null;
  readonly originatorConversationId: string | null;
  /** Null if Daraja sent a placeholder. In a failed result it may look real, but it is not a receipt. */
  readonly transactionId: string | null;
  /** It is, or looks like, a queue timeout, which proves nothing about the money (daraja.md section 6). */
  readonly queueTimeout: boolean;
  readonly facts: ResultFacts;
  readonly parameters: readonly Parameter[];
  readonly references: readonly Parameter[];
}

/** The parameters under our names. Null if a notice does not have one. Amounts are cents, times ms. */
export interface ResultFacts {
  readonly receipt: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly completedAt: number | null;
  readonly initiatedAt: number | null;
  /** The state of the transaction that a status query was about, not of the query. */
  readonly transactionStatus: string | null;
  readonly reasonType: string | null;
  /** The receipt of the payment that was reversed. */
  readonly originalTransactionId: string | null;
  /** The ids of the transaction that a status query found. */
  readonly foundConversationId: string | null;
  readonly foundOriginatorConversationId: string | null;
  readonly debitParty: Party | null;
  readonly creditParty: Party | null;
  readonly receiver: Party | null;
  readonly charge: number | null;
  readonly balances: readonly AccountBalance[] | null;
  readonly utilityFunds: number | null;
  readonly workingFunds: number | null;
  readonly chargesPaidFunds: number | null;
  readonly debitBalance: number | null;
  readonly recipientRegistered: boolean | null;
  readonly billReference: string | null;
  readonly occasion: string | null;
}

/** Reads a `Result` envelope. Never throws. */
export function parseResult(raw: unknown): ResultNotice | Unreadable {
  return readNotice(raw, (body) => {
    const envelope = objectAt(body, "Result");
    const result = envelope ?? body; // some captures are without the envelope
    const resultCode = codeAt(result, "ResultCode");
    if (resultCode === null) return unreadable(envelope === undefined ? "wrong_shape" : "no_result_code");
    const parameters = Parameters.from(listAt(objectAt(result, "ResultParameters"), "ResultParameter"));
    const references = Parameters.from(listAt(objectAt(result, "ReferenceData"), "ReferenceItem"));
    const transactionId = parseReceipt(textAt(result, "TransactionID"));
    return {
      kind: "result",
      resultCode,
      resultType: codeAt(result, "ResultType"),
      resultDescription: textAt(result, "ResultDesc") ?? "",
      conversationId: textAt(result, "ConversationID"),
      originatorConversationId: textAt(result, "OriginatorConversationID"),
      transactionId,
      queueTimeout: looksLikeQueueTimeout(result),
      facts: factsOf(parameters, references, resultCode === "0" ? transactionId : null),
      parameters: parameters.entries,
      references: references.entries,
    };
  });
}

/**
 * Reads a message to a queue-timeout URL. Any body counts as a timeout, because no real one is public (daraja.md section
 * 6). Never throws.
 */
export function parseQueueTimeout(raw: unknown): QueueTimeoutNotice {
  const read = readNotice(raw, (body) => {
    const result = objectAt(body, "Result") ?? body;
    return {
      conversationId: textAt(result, "ConversationID"),
      originatorConversationId: textAt(result, "OriginatorConversationID"),
    };
  });
  if ("kind" in read) return { kind: "queue_timeout", conversationId: null, originatorConversationId: null };
  return { kind: "queue_timeout", ...read };
}

export interface QueueTimeoutNotice {
  readonly kind: "queue_timeout";
  readonly conversationId: string | null;
  readonly originatorConversationId: string | null;
}

function factsOf(parameters: Parameters, references: Parameters, transactionId: string | null): ResultFacts {
  const [debitParty, creditParty] = partiesOf(parameters);
  const registered = parameters.one("B2CRecipientIsRegisteredCustomer");
  return {
    receipt: parseReceipt(parameters.one("TransactionReceipt", "ReceiptNo")) ?? transactionId,
    amount: parseCents(parameters.one("TransactionAmount", "Amount")),
    currency: parameters.one("Currency"),
    completedAt: parseDarajaTime(parameters.one(...COMPLETED_AT_KEYS)),
    initiatedAt: parseDarajaTime(parameters.one("InitiatedTime")),
    transactionStatus: parameters.one("TransactionStatus"),
    reasonType: parameters.one("ReasonType"),
    originalTransactionId: parseReceipt(parameters.one("OriginalTransactionID")),
    foundConversationId: parameters.one("ConversationID"),
    foundOriginatorConversationId: parameters.one("OriginatorConversationID"),
    debitParty,
    creditParty,
    receiver: parseParty(parameters.one("ReceiverPartyPublicName")),
    charge: parseCharge(parameters.one("DebitPartyCharges", "Charge")),
    balances: parseAccountBalances(parameters.one("AccountBalance")),
    utilityFunds: parseCents(parameters.one("B2CUtilityAccountAvailableFunds")),
    workingFunds: parseCents(parameters.one("B2CWorkingAccountAvailableFunds")),
    chargesPaidFunds: parseCents(parameters.one("B2CChargesPaidAccountAvailableFunds")),
    debitBalance: parseBalance(parameters.one("DebitAccountBalance", "DebitAccountCurrentBalance")),
    recipientRegistered: registered === null ? null : registered.toUpperCase() === "Y",
    billReference: references.one("BillReferenceNumber"),
    occasion: references.one("Occasion", "Occassion"),
  };
}

const COMPLETED_AT_KEYS = [
  "TransactionCompletedDateTime",
  "TransactionCompletedTime",
  "TransCompletedTime",
  "FinalisedTime",
  "FinalizedTime",
  "BOCompletedTime",
] as const;

/** The portal's sample has `DebitPartyName` twice; the second is the credit party (daraja.md section 7.1). */
function partiesOf(parameters: Parameters): [Party | null, Party | null] {
  const debits = parameters.all("DebitPartyName");
  const credit = parameters.one("CreditPartyName", "CreditPartyPublicName") ?? debits[1] ?? null;
  return [parseParty(debits[0] ?? parameters.one("DebitPartyPublicName")), parseParty(credit)];
}

/** A balance comes as `{Amount={...}}`, as an account line, or as a plain number. */
function parseBalance(text: string | null): number | null {
  return parseAmountStruct(text) ?? parseAccountBalances(text)?.[0]?.current ?? parseCents(text);
}

/** No real timeout body is public, so the text decides. The code does not: code 1 alone means "no funds". */
function looksLikeQueueTimeout(result: JsonObject): boolean {
  return /\b(timed?[\s-]?out)\b/i.test(textAt(result, "ResultDesc") ?? "") && codeAt(result, "ResultCode") !== "0";
}
