import { type Field, fieldFrom, textOf } from "../field.ts";
import { centsField, receiptField, textField, timeField } from "../field-readers.ts";
import { parseParty, type Party } from "../ids.ts";
import { codeAt, type Json, type JsonObject, objectAt, textAt, valuesAt } from "../json.ts";
import {
  type AccountBalance,
  parseAccountBalances,
  parseAmountStruct,
  parseCents,
  parseFee,
  parsePaidCents,
  unreadableAccounts,
} from "../money.ts";
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
  /** Absent if Daraja sent a placeholder. In a failed result it may look real, but it is not a receipt. */
  readonly transactionId: Field<string>;
  /** It is, or looks like, a queue timeout, which proves nothing about the money (daraja.md section 6). */
  readonly queueTimeout: boolean;
  readonly facts: ResultFacts;
  readonly parameters: readonly Parameter[];
  readonly references: readonly Parameter[];
}

/** The parameters under our names. Amounts are cents, times ms. Names and texts that decide nothing are null if unknown. */
export interface ResultFacts {
  /** The receipt among the parameters. A request's own result may have it as `transactionId` only: {@link receiptOf}. */
  readonly receipt: Field<string>;
  readonly amount: Field<number>;
  readonly currency: Field<string>;
  readonly completedAt: Field<number>;
  readonly initiatedAt: Field<number>;
  /** The state of the transaction that a status query was about, not of the query. */
  readonly transactionStatus: Field<string>;
  readonly reasonType: string | null;
  /** The receipt of the payment that was reversed. */
  readonly originalTransactionId: Field<string>;
  /** The ids of the transaction that a status query found. */
  readonly foundConversationId: Field<string>;
  readonly foundOriginatorConversationId: Field<string>;
  readonly debitParty: Party | null;
  readonly creditParty: Party | null;
  readonly receiver: Party | null;
  /** M-Pesa's fee. */
  readonly charge: Field<number>;
  /** The accounts that can be read; unreadable only if none can. */
  readonly balances: Field<readonly AccountBalance[]>;
  /** The names of the accounts that can't be read. */
  readonly unreadableAccounts: readonly string[];
  readonly utilityFunds: Field<number>;
  readonly workingFunds: Field<number>;
  readonly chargesPaidFunds: Field<number>;
  readonly debitBalance: Field<number>;
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
    const parameters = Parameters.at(result, "ResultParameters", "ResultParameter");
    const references = Parameters.at(result, "ReferenceData", "ReferenceItem");
    return {
      kind: "result",
      resultCode,
      resultType: codeAt(result, "ResultType"),
      resultDescription: textAt(result, "ResultDesc") ?? "",
      conversationId: textAt(result, "ConversationID"),
      originatorConversationId: textAt(result, "OriginatorConversationID"),
      transactionId: receiptField(valuesAt(result, "TransactionID")),
      queueTimeout: looksLikeQueueTimeout(result),
      facts: factsOf(parameters, references),
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

/**
 * The receipt of a request that succeeded: among the parameters, or as `TransactionID`. Not for a status result, whose
 * `TransactionID` belongs to the query.
 */
export function receiptOf({ facts, transactionId }: ResultNotice): Field<string> {
  return facts.receipt.kind === "absent" ? transactionId : facts.receipt;
}

function factsOf(parameters: Parameters, references: Parameters): ResultFacts {
  const [debitParty, creditParty] = partiesOf(parameters);
  const registered = parameters.text("B2CRecipientIsRegisteredCustomer");
  const balances = parameters.all("AccountBalance");
  return {
    receipt: receiptField(parameters.all("TransactionReceipt", "ReceiptNo")),
    amount: fieldFrom(parameters.all("TransactionAmount", "Amount"), parseAmount),
    currency: textField(parameters.all("Currency")),
    completedAt: timeField(parameters.firstOf(...COMPLETED_AT_KEYS)),
    initiatedAt: timeField(parameters.all("InitiatedTime")),
    transactionStatus: textField(parameters.all("TransactionStatus")),
    reasonType: parameters.text("ReasonType"),
    originalTransactionId: receiptField(parameters.all("OriginalTransactionID")),
    foundConversationId: textField(parameters.all("ConversationID")),
    foundOriginatorConversationId: textField(parameters.all("OriginatorConversationID")),
    debitParty,
    creditParty,
    receiver: parseParty(parameters.text("ReceiverPartyPublicName")),
    charge: fieldFrom(parameters.firstOf("DebitPartyCharges", "Charge"), parseFee),
    balances: fieldFrom(balances, parseAccountBalances),
    unreadableAccounts: balances.flatMap((value) => unreadableAccounts(textOf(value))),
    utilityFunds: centsField(parameters.all("B2CUtilityAccountAvailableFunds")),
    workingFunds: centsField(parameters.all("B2CWorkingAccountAvailableFunds")),
    chargesPaidFunds: centsField(parameters.all("B2CChargesPaidAccountAvailableFunds")),
    debitBalance: fieldFrom(parameters.firstOf("DebitAccountBalance", "DebitAccountCurrentBalance"), parseBalance),
    recipientRegistered: registered === null ? null : registered.toUpperCase() === "Y",
    billReference: references.text("BillReferenceNumber"),
    occasion: references.text("Occasion", "Occassion"),
  };
}

/** An amount is a plain number, or `{Amount={...}}` as other fields of B2B have it (daraja.md section 7.4). */
function parseAmount(text: string): number | null {
  const cents = parsePaidCents(text) ?? parseAmountStruct(text);
  return cents !== null && cents > 0 ? cents : null;
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
  const [debit, second] = parameters.all("DebitPartyName").map(partyText);
  const credit = parameters.text("CreditPartyName", "CreditPartyPublicName") ?? second ?? null;
  return [parseParty(debit ?? parameters.text("DebitPartyPublicName")), parseParty(credit)];
}

function partyText(json: Json): string | null {
  return typeof json === "string" ? json.trim() : null;
}

/** A balance comes as `{Amount={...}}`, as an account line, or as a plain number. */
function parseBalance(text: string): number | null {
  return parseAmountStruct(text) ?? parseAccountBalances(text)?.[0]?.current ?? parseCents(text);
}

/** No real timeout body is public, so the text decides. The code does not: code 1 alone means "no funds". */
function looksLikeQueueTimeout(result: JsonObject): boolean {
  return /\b(timed?[\s-]?out)\b/i.test(textAt(result, "ResultDesc") ?? "") && codeAt(result, "ResultCode") !== "0";
}
