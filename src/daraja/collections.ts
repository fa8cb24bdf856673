/** URL registration, dynamic QR and standing orders (daraja.md sections 5.1, 7.6 and 7.8). */

import { readQrAck, readRegisterAck, readStandingOrderAck, toAnswer } from "./acks.ts";
import { call, type Caller } from "./call.ts";
import { textAt } from "./json.ts";
import { redact } from "../telemetry/redact.ts";
import { defaultTimeoutMs, plainId, shillingsOrRejection } from "./request-fields.ts";
import { alreadyRegistered } from "./error-codes.ts";
import type {
  Answer,
  DarajaApp,
  QrImage,
  QrRequest,
  StandingOrder,
  StandingOrderFrequency,
  UrlRegistration,
} from "./types.ts";

/** Registers the C2B URLs. In production Daraja accepts this only once, and then answers `urls_already_registered`. */
export async function registerUrls(
  caller: Caller,
  app: DarajaApp,
  registration: UrlRegistration,
): Promise<Answer<{ readonly description: string }>> {
  const called = await call(caller, app, {
    name: "register_urls",
    path: `/mpesa/c2b/${registration.version}/registerurl`,
    shortcode: registration.shortcode,
    timeoutMs: defaultTimeoutMs(caller.deps),
    isSafeToRepeat: false, // a second call would get "already registered", and the success of the first would be lost
    errorSource: "url_registration",
    body: {
      ShortCode: plainId(caller.deps, registration.shortcode),
      ResponseType: registration.responseType,
      ConfirmationURL: registration.confirmationUrl,
      ValidationURL: registration.validationUrl,
    },
  });
  if (called.outcome === "answered") {
    const message = textAt(called.json, "ResponseDescription") ?? "";
    if (alreadyRegistered(message)) {
      return { outcome: "rejected", code: "urls_already_registered", darajaCode: null, message: redact(message) };
    }
  }
  return toAnswer(called, readRegisterAck);
}

/** Makes a QR code that pays `payee`. */
export async function qr(caller: Caller, app: DarajaApp, request: QrRequest): Promise<Answer<QrImage>> {
  const amount = shillingsOrRejection(request.amount);
  if (typeof amount !== "number") return amount;
  return toAnswer(
    await call(caller, app, {
      name: "qr",
      path: "/mpesa/qrcode/v1/generate",
      shortcode: request.shortcode,
      timeoutMs: defaultTimeoutMs(caller.deps),
      isSafeToRepeat: true,
      body: {
        MerchantName: request.merchantName,
        RefNo: request.reference,
        Amount: amount,
        TrxCode: request.kind === "till" ? "BG" : "PB",
        CPI: request.payee,
        Size: String(request.size ?? 300),
      },
    }),
    readQrAck,
  );
}

/** The table of Safaricom's portal. Another project understands 5 as monthly (daraja.md section 7.8). */
export const frequencyCodes: Readonly<Record<StandingOrderFrequency, string>> = {
  once: "1",
  daily: "2",
  weekly: "3",
  monthly: "4",
  every_two_months: "5",
  quarterly: "6",
  half_yearly: "7",
  yearly: "8",
};

/** Asks a customer to agree to a standing order. It prompts a phone, so it is never sent twice. */
export async function standingOrder(
  caller: Caller,
  app: DarajaApp,
  order: StandingOrder,
): Promise<Answer<{ readonly responseRefId: string }>> {
  const amount = shillingsOrRejection(order.amount);
  if (typeof amount !== "number") return amount;
  const isTill = order.transactionType === "till";
  return toAnswer(
    await call(caller, app, {
      name: "standing_order",
      path: "/standingorder/v1/createStandingOrderExternal",
      shortcode: order.shortcode,
      timeoutMs: defaultTimeoutMs(caller.deps),
      isSafeToRepeat: false,
      body: {
        StandingOrderName: order.name,
        StartDate: order.startDay.replaceAll("-", ""),
        EndDate: order.endDay.replaceAll("-", ""),
        BusinessShortCode: order.shortcode,
        TransactionType: isTill ? "Standing Order Customer Pay Marchant" : "Standing Order Customer Pay Bill",
        ReceiverPartyIdentifierType: isTill ? "2" : "4",
        Amount: String(amount),
        PartyA: order.phone,
        CallBackURL: order.callbackUrl,
        AccountReference: order.accountReference,
        TransactionDesc: order.description,
        Frequency: frequencyCodes[order.frequency],
      },
    }),
    readStandingOrderAck,
  );
}
