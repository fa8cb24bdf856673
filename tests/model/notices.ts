import type { Telling } from "./history.ts";
import type { Out, Prompt, Transfer } from "./truth.ts";

/** Messages as Daraja writes them (daraja.md sections 2.4, 5.3, 6 and 7). Times in ms; amounts in the truth are cents. */

const EAT_MS = 3 * 3_600_000;
/** `YYYYMMDDHHmmss` in Nairobi. */
export const stamp = (ms: number): string => new Date(ms + EAT_MS).toISOString().replaceAll(/\D/g, "").slice(0, 14);
/** `DD-MM-YYYY HH:mm:ss` in Nairobi, as statements have it. */
const statementTime = (ms: number): string => {
  const text = new Date(ms + EAT_MS).toISOString();
  return `${text.slice(8, 10)}-${text.slice(5, 7)}-${text.slice(0, 4)} ${text.slice(11, 19)}`;
};
const shillings = (cents: number): string => (cents / 100).toFixed(2);

/** The callback of a prompt that was answered. */
export function stkCallback(
  prompt: Pick<Prompt, "request" | "transfer" | "phone">,
  form: Telling["form"],
): string {
  const { request, transfer } = prompt;
  const ids = { MerchantRequestID: request?.merchantRequest, CheckoutRequestID: request?.id };
  if (transfer === null) {
    return JSON.stringify({
      Body: { stkCallback: { ...ids, ResultCode: 1032, ResultDesc: "Request Cancelled by user." } },
    });
  }
  const amount = transfer.amount / 100 + (form === "other_amount" ? 1 : 0);
  const items = [
    { Name: "Amount", Value: amount },
    ...(form === "bare" ? [] : [
      { Name: "MpesaReceiptNumber", Value: transfer.receipt },
      { Name: "TransactionDate", Value: Number(stamp(transfer.at)) },
    ]),
    { Name: "PhoneNumber", Value: Number(transfer.phone) },
  ];
  return JSON.stringify({
    Body: {
      stkCallback: {
        ...ids,
        ResultCode: 0,
        ResultDesc: "The service request is processed successfully.",
        CallbackMetadata: { Item: items },
      },
    },
  });
}

/** A C2B confirmation, with the payer's number masked as in version v2, or whole. */
export const confirmation = (transfer: Transfer, form: Telling["form"]): string =>
  JSON.stringify({
    TransactionType: transfer.account === null ? "Buy Goods" : "Pay Bill",
    TransID: transfer.receipt,
    TransTime: stamp(transfer.at),
    TransAmount: shillings(transfer.amount),
    BusinessShortCode: transfer.place.number,
    BillRefNumber: transfer.account ?? "",
    InvoiceNumber: "",
    OrgAccountBalance: "25.00",
    ThirdPartyTransID: "",
    MSISDN: form === "clear" ? transfer.phone : `2547 ***** ${transfer.phone.slice(-3)}`,
    FirstName: "NICHOLAS",
    MiddleName: "",
    LastName: "",
  });

export const pullRow = (transfer: Transfer): Record<string, unknown> => ({
  transactionId: transfer.receipt,
  trxDate: new Date(transfer.at).toISOString(),
  msisdn: Number(transfer.phone),
  sender: "NICHOLAS",
  transactiontype: transfer.account === null ? "c2b-buy-goods-debit" : "c2b-pay-bill-debit",
  billreference: transfer.account ?? "",
  amount: shillings(transfer.amount),
  organizationname: "Model",
});

/** A reversal in the list, ours or somebody else's: its reference is the receipt that it reverses (unverified). */
export const reversalRow = (out: Out): Record<string, unknown> => ({
  transactionId: out.receipt,
  trxDate: new Date(out.at).toISOString(),
  msisdn: Number(out.phone),
  sender: "NICHOLAS",
  transactiontype: "transaction-reversal",
  billreference: out.of?.receipt ?? "",
  amount: shillings(out.amount),
  organizationname: "Model",
});

const HEADER = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.";

/** A statement as the portal exports it; `cents` stands in the place of each amount where it is given. */
export const statement = (transfers: readonly Transfer[], cents: number | null): string =>
  [
    HEADER,
    ...transfers.map((t) =>
      `${t.receipt},${statementTime(t.at)},Pay Bill,Completed,${shillings(cents ?? t.amount)},,Pay Bill Online,${
        t.account ?? ""
      }`
    ),
  ].join("\r\n");

const resultIds = ({ conversation, originator }: Out) => ({
  OriginatorConversationID: originator,
  ConversationID: conversation,
});
const reference = { ReferenceItem: { Key: "QueueTimeoutURL", Value: "https://internalsandbox.safaricom.co.ke/x" } };

/** The result of a reversal or payout. */
export function outResult(out: Out, code: number | string): string {
  const done = code === 0;
  const parameters = out.kind === "reversal"
    ? [
      { Key: "DebitAccountBalance", Value: "Utility Account|KES|100.00|100.00|0.00|0.00" },
      { Key: "Amount", Value: out.amount / 100 },
      { Key: "TransCompletedTime", Value: Number(stamp(out.at)) },
      { Key: "OriginalTransactionID", Value: out.of?.receipt },
      { Key: "Charge", Value: 0 },
    ]
    : [
      { Key: "TransactionAmount", Value: out.amount / 100 },
      { Key: "TransactionReceipt", Value: out.receipt },
      { Key: "B2CRecipientIsRegisteredCustomer", Value: "Y" },
    ];
  return JSON.stringify({
    Result: {
      ResultType: 0,
      ResultCode: code,
      ResultDesc: done ? "The service request is processed successfully." : "The request failed.",
      ...resultIds(out),
      TransactionID: done ? out.receipt : "UKA0000000",
      ...(done ? { ResultParameters: { ResultParameter: parameters } } : {}),
      ReferenceData: reference,
    },
  });
}

/** What Transaction Status finds; null: nothing. */
export function statusResult(found: Out | null, originator: string): string {
  const conversation = "AG_20261130_20100000000000000000";
  if (found === null) {
    return JSON.stringify({
      Result: {
        ResultType: 0,
        ResultCode: 2033,
        ResultDesc: "The transaction is not found.",
        OriginatorConversationID: originator,
        ConversationID: conversation,
        TransactionID: "UKA0000000",
      },
    });
  }
  const parameters = [
    { Key: "OriginatorConversationID", Value: found.originator },
    { Key: "TransactionStatus", Value: found.done ? "Completed" : "Declined" },
    { Key: "Amount", Value: String(found.amount / 100) },
    { Key: "ConversationID", Value: found.conversation },
    { Key: "FinalisedTime", Value: stamp(found.at) },
    ...(found.done ? [{ Key: "ReceiptNo", Value: found.receipt }] : []),
  ];
  return JSON.stringify({
    Result: {
      ResultType: 0,
      ResultCode: 0,
      ResultDesc: "The service request is processed successfully.",
      OriginatorConversationID: originator,
      ConversationID: conversation,
      TransactionID: "UKA0000000",
      ResultParameters: { ResultParameter: parameters },
    },
  });
}
