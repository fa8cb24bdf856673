import assert from "node:assert/strict";
import type { Answer, AsyncAccepted, B2cPayment } from "../../src/daraja/daraja.ts";
import { APP, ASYNC_ACK, build, fakeDaraja, rawJson, rawServer, tokenNumber } from "./support.ts";

const URLS = { resultUrl: "https://pay.example.co.ke/r", timeoutUrl: "https://pay.example.co.ke/t" };
const INITIATOR = { name: "testapi", securityCredential: "Y3JlZA==" };
const SECURED = { Initiator: "testapi", SecurityCredential: "Y3JlZA==" };
const ANSWERED_AT = { QueueTimeOutURL: URLS.timeoutUrl, ResultURL: URLS.resultUrl };
const ACCEPTED = {
  outcome: "accepted",
  value: { conversationId: ASYNC_ACK.ConversationID, originatorConversationId: "payout-1" },
};

const PAYMENT: B2cPayment = {
  originatorConversationId: "payout-1",
  shortcode: "600997",
  initiator: INITIATOR,
  purpose: "salary",
  amount: 100_000,
  phone: "254708374149",
  remarks: "March wages",
  ...URLS,
};

async function answered(status: number, body: unknown): Promise<Answer<AsyncAccepted>> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  await using server = fakeDaraja(() => new Response(text, { status }));
  const answer = await build(server.baseUrl).daraja.b2c(APP, PAYMENT);
  assert.equal(server.count("/b2c/"), 1, "one payout request");
  return answer;
}

Deno.test("a payout carries our originator id, on v3; on v1 Daraja makes its own", async () => {
  await using server = fakeDaraja(() => Response.json(ASYNC_ACK));
  const { daraja } = build(server.baseUrl);
  assert.deepEqual(await daraja.b2c(APP, { ...PAYMENT, occasion: "Q1" }), ACCEPTED);
  const body = {
    InitiatorName: "testapi",
    SecurityCredential: "Y3JlZA==",
    CommandID: "SalaryPayment",
    Amount: 1000,
    PartyA: 600997,
    PartyB: 254708374149,
    Remarks: "March wages",
    ...ANSWERED_AT,
  };
  assert.equal(server.asked[1]?.path, "/mpesa/b2c/v3/paymentrequest");
  assert.deepEqual(server.asked[1].body, { OriginatorConversationID: "payout-1", ...body, Occassion: "Q1" });
  await daraja.b2c(APP, { ...PAYMENT, version: "v1" });
  assert.equal(server.asked[2]?.path, "/mpesa/b2c/v1/paymentrequest");
  assert.deepEqual(server.asked[2].body, body);
});

Deno.test("500.002.1001 is in doubt whatever its text; a duplicate says that the first was taken", async () => {
  const errorCode = "500.002.1001";
  for (const errorMessage of ["System internal error.", "Service is currently under maintenance", ""]) {
    const answer = await answered(500, { errorCode, errorMessage });
    assert.deepEqual(answer, {
      outcome: "ambiguous",
      reason: "server_error",
      darajaCode: errorCode,
      message: errorMessage,
    });
  }
  const duplicate = await answered(500, { errorCode, errorMessage: "Duplicate OriginatorConversationID." });
  assert.equal(duplicate.outcome === "ambiguous" && duplicate.duplicate, true);
});

Deno.test("a payout is rejected only by an explicit refusal", async () => {
  const refused = await answered(400, { errorCode: "400.002.02", errorMessage: "Bad Request - Invalid InitiatorName" });
  assert.equal(refused.outcome === "rejected" && refused.code, "initiator_rejected");
  for (
    const [status, body] of [[503, "<html>"], [200, "{}"], [500, ""], [200, {
      ...ASYNC_ACK,
      ResponseCode: "9",
    }]] as const
  ) {
    assert.equal((await answered(status, body)).outcome, "ambiguous", String(status));
  }
});

Deno.test("an app without B2C v3 is told which setting to change, and only where that would help", async () => {
  const body = { requestId: "1", errorCode: "403.002.1001", errorMessage: "Access denied." };
  const refused = await answered(403, body);
  assert.ok(refused.outcome === "rejected");
  assert.deepEqual([refused.code, refused.darajaCode], ["product_not_enabled", "403.002.1001"]);
  assert.match(refused.message, /^Access denied\. .*DARAJA_B2C_VERSION=v1/);
  await using server = fakeDaraja(() => Response.json(body, { status: 403 }));
  const onV1 = await build(server.baseUrl).daraja.b2c(APP, { ...PAYMENT, version: "v1" });
  assert.equal(onV1.outcome === "rejected" && onV1.message, "Access denied.");
});

Deno.test("a payout that times out or is cut is in doubt, never failed, and never sent again", async () => {
  const token = rawJson({ access_token: tokenNumber(1), expires_in: "3599" });
  await using server = rawServer((request) => request.startsWith("GET") ? token : null);
  assert.equal((await build(server.baseUrl).daraja.b2c(APP, PAYMENT)).outcome, "ambiguous");
  assert.equal(server.requests.filter((request) => request.includes("/b2c/")).length, 1);
  const gone = Promise.withResolvers<Response>();
  await using silent = fakeDaraja(() => gone.promise);
  const answer = await build(silent.baseUrl, { timeouts: { defaultMs: 2_000 } }).daraja.b2c(APP, PAYMENT);
  gone.resolve(new Response());
  assert.equal(answer.outcome === "ambiguous" && answer.reason, "timeout");
  assert.equal(silent.count("/b2c/"), 1);
});

Deno.test("payouts are paced per shortcode; what has no turn never left", async () => {
  await using server = fakeDaraja(() => Response.json(ASYNC_ACK));
  const { daraja, clock } = build(server.baseUrl, { b2cPerSecond: 2 });
  const first = await Promise.all([1, 2, 3].map(() => daraja.b2c(APP, PAYMENT)));
  assert.deepEqual(first.map((answer) => answer.outcome), ["accepted", "accepted", "unreachable"]);
  assert.deepEqual(first[2], { outcome: "unreachable", reason: "paced", retryAfterMs: 500 });
  clock.at += 500;
  assert.equal((await daraja.b2c(APP, PAYMENT)).outcome, "accepted");
});

Deno.test("a spike arrest holds the shortcode's payouts back", async () => {
  await using server = fakeDaraja((_asked, nth) =>
    nth === 1 ? new Response("", { status: 429 }) : Response.json(ASYNC_ACK)
  );
  const { daraja, clock } = build(server.baseUrl);
  const busy = await daraja.b2c(APP, PAYMENT);
  assert.equal(busy.outcome === "rejected" && busy.code, "daraja_busy");
  assert.equal((await daraja.b2c(APP, PAYMENT)).outcome, "unreachable");
  clock.at += 1_000;
  assert.equal((await daraja.b2c(APP, PAYMENT)).outcome, "accepted");
});

Deno.test("a transaction is asked after by receipt or by the id of its request", async () => {
  await using server = fakeDaraja(() => Response.json(ASYNC_ACK));
  const { daraja } = build(server.baseUrl);
  const query = { shortcode: "600997", initiator: INITIATOR, ...URLS };
  assert.deepEqual(
    await daraja.transactionStatus(APP, { ...query, of: { originalConversationId: "payout-1" } }),
    ACCEPTED,
  );
  assert.equal(server.asked[1]?.path, "/mpesa/transactionstatus/v1/query");
  const common = {
    ...SECURED,
    CommandID: "TransactionStatusQuery",
    PartyA: 600997,
    IdentifierType: "4",
    ...ANSWERED_AT,
  };
  const words = { Remarks: "Status", Occasion: "Status" };
  assert.deepEqual(server.asked[1].body, { ...common, OriginalConversationID: "payout-1", ...words });
  await daraja.transactionStatus(APP, { ...query, of: { transactionId: "SG632NMUAB" } });
  assert.deepEqual(server.asked[2]?.body, { ...common, TransactionID: "SG632NMUAB", ...words });
});

Deno.test("a balance and a reversal say what Daraja wants, misspellings and all", async () => {
  await using server = fakeDaraja(() => Response.json(ASYNC_ACK));
  const { daraja } = build(server.baseUrl);
  const common = { shortcode: "600997", initiator: INITIATOR, ...URLS };
  assert.deepEqual(await daraja.accountBalance(APP, common), ACCEPTED);
  assert.equal(server.asked[1]?.path, "/mpesa/accountbalance/v1/query");
  assert.deepEqual(server.asked[1].body, {
    ...SECURED,
    CommandID: "AccountBalance",
    PartyA: 600997,
    IdentifierType: "4",
    Remarks: "Balance",
    ...ANSWERED_AT,
  });
  const back = { ...common, transactionId: "SKC82PACB8", amount: 100, remarks: "Refund" };
  assert.deepEqual(await daraja.reversal(APP, back), ACCEPTED);
  assert.equal(server.asked[2]?.path, "/mpesa/reversal/v1/request");
  assert.deepEqual(server.asked[2].body, {
    ...SECURED,
    CommandID: "TransactionReversal",
    TransactionID: "SKC82PACB8",
    Amount: 1,
    ReceiverParty: 600997,
    RecieverIdentifierType: "11",
    ...ANSWERED_AT,
    Remarks: "Refund",
  });
});

Deno.test("businesses and the revenue authority are paid by B2B", async () => {
  await using server = fakeDaraja(() => Response.json(ASYNC_ACK));
  const { daraja } = build(server.baseUrl);
  const common = { shortcode: "600997", initiator: INITIATOR, amount: 19_000, remarks: "Rent", ...URLS };
  const pay = { ...common, receiver: "000001", accountReference: "19008" };
  for (const destination of ["paybill", "till", "bulk", "utility"] as const) {
    assert.deepEqual(await daraja.b2b(APP, { ...pay, destination, requester: "254708374149" }), ACCEPTED);
  }
  const commands = server.asked.slice(1).map((asked) => asked.body["CommandID"]);
  assert.deepEqual(commands, [
    "BusinessPayBill",
    "BusinessBuyGoods",
    "BusinessPayToBulk",
    "BusinessTransferFromMMFToUtility",
  ]);
  const parties = { SenderIdentifierType: "4", RecieverIdentifierType: "4", Amount: 190, PartyA: 600997 };
  assert.deepEqual(server.asked[1]?.body, {
    ...SECURED,
    CommandID: "BusinessPayBill",
    ...parties,
    PartyB: "000001",
    AccountReference: "19008",
    Requester: 254708374149,
    Remarks: "Rent",
    ...ANSWERED_AT,
  });
  assert.deepEqual(await daraja.remitTax(APP, { ...common, paymentRegistrationNumber: "353353" }), ACCEPTED);
  const tax = server.asked.at(-1);
  assert.equal(tax?.path, "/mpesa/b2b/v1/remittax");
  const rest = { Remarks: "Rent", ...ANSWERED_AT };
  assert.deepEqual(tax.body, {
    ...SECURED,
    CommandID: "PayTaxToKRA",
    ...parties,
    PartyB: 572572,
    AccountReference: "353353",
    ...rest,
  });
});
