/** B2C, B2B and tax (daraja.md sections 6, 7.4 and 7.5). They send money, so this code never sends a request twice. */

import { readAsyncAck, toAnswer } from "./acks.ts";
import type { Bucket } from "./bucket.ts";
import { call, type Caller, type JudgedCall } from "./call.ts";
import { defaultTimeoutMs, initiatorFields, plainId, resultUrlFields, shillingsOrRejection } from "./request-fields.ts";
import type { Answer, AsyncAccepted, B2bPayment, B2cPayment, DarajaApp, TaxRemittance } from "./types.ts";

const commandByPurpose = {
  business: "BusinessPayment",
  salary: "SalaryPayment",
  promotion: "PromotionPayment",
} as const;

const commandByDestination = {
  paybill: "BusinessPayBill",
  till: "BusinessBuyGoods",
  bulk: "BusinessPayToBulk",
  utility: "BusinessTransferFromMMFToUtility",
} as const;

const KRA_SHORTCODE = "572572";

/** Pays a phone. Error `500.002.1001` is always ambiguous; `duplicate` then says that Daraja took an earlier request. */
export async function b2c(
  caller: Caller,
  bucket: Bucket,
  app: DarajaApp,
  payment: B2cPayment,
): Promise<Answer<AsyncAccepted>> {
  const { deps } = caller;
  const amount = shillingsOrRejection(payment.amount);
  if (typeof amount !== "number") return amount;
  const waitMs = bucket.take(payment.shortcode);
  if (waitMs > 0) return { outcome: "unreachable", reason: "paced", retryAfterMs: waitMs };
  const version = payment.version ?? "v3";
  const called = await call(caller, app, {
    name: "b2c",
    path: `/mpesa/b2c/${version}/paymentrequest`,
    shortcode: payment.shortcode,
    timeoutMs: defaultTimeoutMs(deps),
    isSafeToRepeat: false,
    body: {
      ...(version === "v3" ? { OriginatorConversationID: payment.originatorConversationId } : {}),
      InitiatorName: payment.initiator.name,
      SecurityCredential: payment.initiator.securityCredential,
      CommandID: commandByPurpose[payment.purpose],
      Amount: amount,
      PartyA: plainId(deps, payment.shortcode),
      PartyB: plainId(deps, payment.phone),
      Remarks: payment.remarks,
      ...resultUrlFields(payment),
      ...(payment.occasion === undefined ? {} : { Occassion: payment.occasion }),
    },
  });
  if (called.outcome === "rejected" && called.code === "daraja_busy") {
    return { ...called, retryAfterMs: bucket.pause(payment.shortcode, called.retryAfterMs ?? null) };
  }
  bucket.resetPauses(payment.shortcode);
  return toAnswer(version === "v3" ? withVersionHint(called) : called, readAsyncAck);
}

/** An app may have B2C v1 and not v3 (daraja.md section 6): the refusal alone does not say what to change. */
const withVersionHint = (called: JudgedCall): JudgedCall =>
  called.outcome === "rejected" && called.code === "product_not_enabled"
    ? { ...called, message: `${called.message} ${VERSION_HINT}`.trim() }
    : called;

const VERSION_HINT =
  "This Daraja app may not have B2C v3. Add the product in the Daraja portal, or set DARAJA_B2C_VERSION=v1.";

/** Pays a paybill or till, tops up a B2C account (`bulk`), or moves money from the working to the utility account. */
export async function b2b(caller: Caller, app: DarajaApp, payment: B2bPayment): Promise<Answer<AsyncAccepted>> {
  const amount = shillingsOrRejection(payment.amount);
  if (typeof amount !== "number") return amount;
  const { deps } = caller;
  return toAnswer(
    await call(caller, app, {
      name: "b2b",
      path: "/mpesa/b2b/v1/paymentrequest",
      shortcode: payment.shortcode,
      timeoutMs: defaultTimeoutMs(deps),
      isSafeToRepeat: false,
      body: {
        ...initiatorFields(payment.initiator),
        CommandID: commandByDestination[payment.destination],
        SenderIdentifierType: "4",
        RecieverIdentifierType: payment.receiverIdentifierType ?? "4",
        Amount: amount,
        PartyA: plainId(deps, payment.shortcode),
        PartyB: plainId(deps, payment.receiver),
        AccountReference: payment.accountReference,
        ...(payment.requester === undefined ? {} : { Requester: plainId(deps, payment.requester) }),
        Remarks: payment.remarks,
        ...(payment.occasion === undefined ? {} : { Occassion: payment.occasion }),
        ...resultUrlFields(payment),
      },
    }),
    readAsyncAck,
  );
}

/** Pays the Kenya Revenue Authority. */
export async function remitTax(caller: Caller, app: DarajaApp, tax: TaxRemittance): Promise<Answer<AsyncAccepted>> {
  const amount = shillingsOrRejection(tax.amount);
  if (typeof amount !== "number") return amount;
  const { deps } = caller;
  return toAnswer(
    await call(caller, app, {
      name: "remit_tax",
      path: "/mpesa/b2b/v1/remittax",
      shortcode: tax.shortcode,
      timeoutMs: defaultTimeoutMs(deps),
      isSafeToRepeat: false,
      body: {
        ...initiatorFields(tax.initiator),
        CommandID: "PayTaxToKRA",
        SenderIdentifierType: "4",
        RecieverIdentifierType: "4",
        Amount: amount,
        PartyA: plainId(deps, tax.shortcode),
        PartyB: plainId(deps, KRA_SHORTCODE),
        AccountReference: tax.paymentRegistrationNumber,
        Remarks: tax.remarks,
        ...resultUrlFields(tax),
      },
    }),
    readAsyncAck,
  );
}
