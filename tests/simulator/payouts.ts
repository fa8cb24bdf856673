import { Buffer } from "node:buffer";
import { constants, publicEncrypt, X509Certificate } from "node:crypto";
import { DEMO_CERTIFICATE_PEM } from "../../src/simulator/demo.ts";
import { type Answered, type Harness, shop } from "./harness.ts";

type Json = Record<string, unknown>;

export const resultUrl = "http://127.0.0.1:9/result";
export const timeoutUrl = "http://127.0.0.1:9/timeout";

/** A password, encrypted as clients must send it. */
export function encrypted(password: string): string {
  const key = { key: new X509Certificate(DEMO_CERTIFICATE_PEM).publicKey, padding: constants.RSA_PKCS1_PADDING };
  return publicEncrypt(key, Buffer.from(password)).toString("base64");
}

/** The fields of every asynchronous call by an initiator. */
export function initiator(of = shop): Json {
  return {
    Initiator: of.initiatorName,
    SecurityCredential: encrypted(of.initiatorPassword),
    ResultURL: resultUrl,
    QueueTimeOutURL: timeoutUrl,
    Remarks: "Remark",
  };
}

export function payoutBody(phone: string, id: string, of = shop): Json {
  const { Initiator, ...rest } = initiator(of);
  return {
    ...rest,
    InitiatorName: Initiator,
    OriginatorConversationID: id,
    CommandID: "BusinessPayment",
    Amount: 100,
    PartyA: of.number,
    PartyB: phone,
    Occassion: "",
  };
}

export function payout(daraja: Harness, phone: string, id: string, changes: Json = {}, of = shop): Promise<Answered> {
  return daraja.call("/mpesa/b2c/v3/paymentrequest", { ...payoutBody(phone, id, of), ...changes }, of);
}

/** Asks Transaction Status; the answer comes as a callback. */
export function status(daraja: Harness, changes: Json, of = shop): Promise<Answered> {
  return daraja.call("/mpesa/transactionstatus/v1/query", {
    ...initiator(of),
    CommandID: "TransactionStatusQuery",
    PartyA: of.number,
    IdentifierType: "4",
    Occasion: "",
    ...changes,
  }, of);
}

/** The newest result, once there are `count` callbacks. */
// deno-lint-ignore no-explicit-any -- payloads are asserted on field by field
export async function result(daraja: Harness, count = daraja.received.length + 1): Promise<any> {
  return (await daraja.callbacks(count)).at(-1)?.json.Result;
}

/** A result's parameters by key; the last one of a key wins. */
export function parameters(of: { ResultParameters?: { ResultParameter: unknown } }): Map<string, unknown> {
  const list = of.ResultParameters?.ResultParameter;
  return Array.isArray(list) ? new Map(list.map((item) => [item.Key, item.Value])) : new Map();
}
