/** B2C, B2B and tax (daraja.md sections 6, 7.4 and 7.5): money that leaves. None is ever sent twice by this code. */

import { accept, readAsyncAck } from "./acks.ts";
import type { Bucket } from "./bucket.ts";
import { call, type Caller } from "./call.ts";
import { answeredAt, digits, otherTimeout, securedBy, shillings } from "./request.ts";
import type { Answer, AsyncAccepted, B2bPayment, B2cPayment, DarajaApp, TaxRemittance } from "./types.ts";

const PURPOSES = { business: "BusinessPayment", salary: "SalaryPayment", promotion: "PromotionPayment" } as const;

const COMMANDS = {
  paybill: "BusinessPayBill",
  till: "BusinessBuyGoods",
  bulk: "BusinessPayToBulk",
  utility: "BusinessTransferFromMMFToUtility",
} as const;

const KRA_SHORTCODE = "572572";

/** Pays a phone. Whatever `500.002.1001` says is ambiguous; `duplicate` tells that the first one was taken. */
export async function b2c(
  caller: Caller,
  bucket: Bucket,
  app: DarajaApp,
  payment: B2cPayment,
): Promise<Answer<AsyncAccepted>> {
  const { deps } = caller;
  const amount = shillings(payment.amount);
  if (typeof amount !== "number") return amount;
  const wait = bucket.take(payment.shortcode);
  if (wait > 0) return { outcome: "unreachable", reason: "paced", retryAfterMs: wait };
  const version = payment.version ?? "v3";
  const called = await call(caller, app, {
    name: "b2c",
    path: `/mpesa/b2c/${version}/paymentrequest`,
    shortcode: payment.shortcode,
    timeoutMs: otherTimeout(deps),
    harmless: false,
    body: {
      ...(version === "v3" ? { OriginatorConversationID: payment.originatorConversationId } : {}),
      InitiatorName: payment.initiator.name,
      SecurityCredential: payment.initiator.securityCredential,
      CommandID: PURPOSES[payment.purpose],
      Amount: amount,
      PartyA: digits(deps, payment.shortcode),
      PartyB: digits(deps, payment.phone),
      Remarks: payment.remarks,
      ...answeredAt(payment),
      ...(payment.occasion === undefined ? {} : { Occassion: payment.occasion }),
    },
  });
  if (called.outcome === "rejected" && called.code === "daraja_busy") {
    return { ...called, retryAfterMs: bucket.punish(payment.shortcode, called.retryAfterMs ?? null) };
  }
  bucket.pardon(payment.shortcode);
  return accept(called, readAsyncAck);
}

/** Pays a paybill or till, tops up a B2C account (`bulk`), or moves working money to utility. */
export async function b2b(caller: Caller, app: DarajaApp, payment: B2bPayment): Promise<Answer<AsyncAccepted>> {
  const amount = shillings(payment.amount);
  if (typeof amount !== "number") return amount;
  const { deps } = caller;
  return accept(
    await call(caller, app, {
      name: "b2b",
      path: "/mpesa/b2b/v1/paymentrequest",
      shortcode: payment.shortcode,
      timeoutMs: otherTimeout(deps),
      harmless: false,
      body: {
        ...securedBy(payment.initiator),
        CommandID: COMMANDS[payment.destination],
        SenderIdentifierType: "4",
        RecieverIdentifierType: payment.receiverIdentifierType ?? "4",
        Amount: amount,
        PartyA: digits(deps, payment.shortcode),
        PartyB: digits(deps, payment.receiver),
        AccountReference: payment.accountReference,
        ...(payment.requester === undefined ? {} : { Requester: digits(deps, payment.requester) }),
        Remarks: payment.remarks,
        ...(payment.occasion === undefined ? {} : { Occassion: payment.occasion }),
        ...answeredAt(payment),
      },
    }),
    readAsyncAck,
  );
}

/** Pays the Kenya Revenue Authority. */
export async function remitTax(caller: Caller, app: DarajaApp, tax: TaxRemittance): Promise<Answer<AsyncAccepted>> {
  const amount = shillings(tax.amount);
  if (typeof amount !== "number") return amount;
  const { deps } = caller;
  return accept(
    await call(caller, app, {
      name: "remit_tax",
      path: "/mpesa/b2b/v1/remittax",
      shortcode: tax.shortcode,
      timeoutMs: otherTimeout(deps),
      harmless: false,
      body: {
        ...securedBy(tax.initiator),
        CommandID: "PayTaxToKRA",
        SenderIdentifierType: "4",
        RecieverIdentifierType: "4",
        Amount: amount,
        PartyA: digits(deps, tax.shortcode),
        PartyB: digits(deps, KRA_SHORTCODE),
        AccountReference: tax.paymentRegistrationNumber,
        Remarks: tax.remarks,
        ...answeredAt(tax),
      },
    }),
    readAsyncAck,
  );
}
