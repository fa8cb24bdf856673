import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type Harness, other, sample, shape, shop, withSimulator } from "./harness.ts";
import { encrypted, initiator, parameters, result } from "./payouts.ts";

type Json = Record<string, unknown>;

const balance = (daraja: Harness, changes: Json = {}) =>
  daraja.call("/mpesa/accountbalance/v1/query", {
    ...initiator(),
    CommandID: "AccountBalance",
    PartyA: "600000",
    IdentifierType: "4",
    ...changes,
  });

const reverse = (daraja: Harness, receipt: unknown, changes: Json = {}) =>
  daraja.call("/mpesa/reversal/v1/request", {
    ...initiator(),
    CommandID: "TransactionReversal",
    TransactionID: receipt,
    Amount: 150,
    ReceiverParty: "600000",
    RecieverIdentifierType: "11",
    ...changes,
  });

const b2b = (daraja: Harness, changes: Json = {}, path = "paymentrequest") =>
  daraja.call(`/mpesa/b2b/v1/${path}`, {
    ...initiator(),
    CommandID: "BusinessPayBill",
    SenderIdentifierType: "4",
    RecieverIdentifierType: "4",
    Amount: 1000,
    PartyA: "600000",
    PartyB: other.number,
    AccountReference: "RENT",
    Occassion: "",
    ...changes,
  });

/** A paid push; answers its receipt. */
async function paid(daraja: Harness, phone = "254712345678"): Promise<string> {
  await daraja.push(phone);
  await daraja.passTime();
  return String((await daraja.books()).at(-1)?.["receipt"]);
}

Deno.test("a balance lists the accounts, and a failure has a single parameter", () =>
  withSimulator(async (daraja) => {
    await paid(daraja);
    const ack = await balance(daraja);
    assert.equal(ack.json.ResponseCode, "0");
    const told = await result(daraja);
    assert.deepEqual(shape({ Result: told }), shape(await sample("balance-result-2024-production")));
    const lines = String(parameters(told).get("AccountBalance")).split("&");
    assert.equal(lines[2], "Utility Account|KES|100000150.00|100000150.00|0.00|0.00");
    await balance(daraja, { SecurityCredential: encrypted("wrong") });
    const failed = await result(daraja);
    assert.deepEqual(shape(failed), shape((await sample("balance-result-2001-single-object") as Json)["Result"]));
  }));

Deno.test("a reversal gives the money back once", () =>
  withSimulator(async (daraja) => {
    const receipt = await paid(daraja);
    const ack = await reverse(daraja, receipt);
    assert.deepEqual(shape(ack.json), shape(await sample("reversal-ack")));
    const told = await result(daraja);
    assert.deepEqual(shape({ Result: told }), shape(await sample("reversal-result-ok")));
    assert.equal(parameters(told).get("OriginalTransactionID"), receipt);
    const entry = (await daraja.books()).at(-1);
    assert.deepEqual([entry?.["kind"], entry?.["amount"], entry?.["original_receipt"]], ["reversal", 150, receipt]);
    await reverse(daraja, receipt);
    assert.equal((await result(daraja)).ResultCode, "R000001");
    assert.equal((await daraja.books()).length, 2);
  }));

Deno.test("a receipt that is unknown, another's, or for less can't be reversed", () =>
  withSimulator(async (daraja) => {
    const receipt = await paid(daraja);
    const attempts: Array<[string, Json]> = [["UKM1234567", {}], [receipt, { Amount: 151 }]];
    for (const [id, changes] of attempts) {
      await reverse(daraja, id, changes);
      const told = await result(daraja);
      assert.deepEqual(shape({ Result: told }), shape(await sample("reversal-result-R000002")));
      assert.equal(told.ResultCode, "R000002");
    }
    await reverse(daraja, receipt, { ReceiverParty: other.number });
    assert.equal((await result(daraja)).ResultCode, 2001);
    assert.equal((await daraja.books()).length, 1);
  }));

Deno.test("the receiver type must be 11 under Daraja's own spelling", () =>
  withSimulator(async (daraja) => {
    const changes = { RecieverIdentifierType: undefined, ReceiverIdentifierType: "11" };
    const answer = await reverse(daraja, "UKM1234567", changes);
    assert.equal(answer.json.errorMessage, "Bad Request - Invalid RecieverIdentifierType");
  }));

Deno.test("a reversal for a payer of 9015 is refused though done", () =>
  withSimulator(async (daraja) => {
    const receipt = await paid(daraja, "254712349015");
    const answer = await reverse(daraja, receipt);
    assert.equal(answer.json.errorCode, "500.002.1001");
    assert.equal((await daraja.books()).at(-1)?.["original_receipt"], receipt);
  }));

Deno.test("B2B pays from the working account and its result varies in shape", () =>
  withSimulator(async (daraja) => {
    await b2b(daraja);
    const told = await result(daraja);
    assert.equal(told.ResultCode, 0);
    const published = await sample("b2b-result-ok-docs") as { Result: { ResultParameters: unknown } };
    assert.deepEqual(shape(told.ResultParameters), shape(published.Result.ResultParameters));
    assert.equal(
      parameters(told).get("DebitPartyAffectedAccountBalance"),
      "Working Account|KES|999000.00|999000.00|0.00|0.00",
    );
    assert.deepEqual(told.ReferenceData.ReferenceItem.at(-1), { Key: "Occassion" });
    assert.equal((await daraja.books())[0]?.["kind"], "b2b");
    await b2b(daraja, { Amount: 999_001 });
    const refused = await result(daraja);
    assert.deepEqual([refused.ResultCode, refused.ResultParameters.ResultParameter.Key], [1, "BOCompletedTime"]);
    await b2b(daraja, { CommandID: "BusinessTransferFromMMFToUtility", PartyB: "600000", Amount: 99_000 });
    await result(daraja);
    await balance(daraja);
    const lines = String(parameters(await result(daraja)).get("AccountBalance"));
    assert.match(lines, /Working Account\|KES\|900000\.00.*Utility Account\|KES\|100099000\.00/);
  }));

Deno.test("tax goes to the revenue authority's paybill only", () =>
  withSimulator(async (daraja) => {
    const tax = { CommandID: "PayTaxToKRA", AccountReference: "PRN1234567" };
    assert.equal((await b2b(daraja, tax, "remittax")).json.errorMessage, "Bad Request - Invalid PartyB");
    assert.equal((await b2b(daraja, { ...tax, PartyB: "572572" }, "remittax")).status, 200);
    assert.equal((await result(daraja)).ResultCode, 0);
  }));

Deno.test("a QR code is a PNG; a wrong TrxCode is a plain 400", () =>
  withSimulator(async (daraja) => {
    const body = { MerchantName: "Demo", RefNo: "INV-1", Amount: 150, TrxCode: "PB", CPI: "600000", Size: "300" };
    const answer = await daraja.call("/mpesa/qrcode/v1/generate", body);
    assert.equal(answer.json.ResponseCode, "00");
    const png = Buffer.from(answer.json.QRCode, "base64");
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    const wrong = await daraja.call("/mpesa/qrcode/v1/generate", { ...body, TrxCode: "XX" });
    assert.deepEqual([wrong.status, wrong.json.errorCode], [400, "400"]);
    assert.equal(wrong.json.errorMessage, "Bad Request - Invalid TrxCode");
  }));

Deno.test("pull knows every payment of its shortcode, 100 at a time, in a list of lists", () =>
  withSimulator(async (daraja) => {
    const register = { ShortCode: "600000", RequestType: "Pull", NominatedNumber: "254712345678" };
    const address = { ...register, CallBackURL: "http://127.0.0.1:9/pull" };
    const query = (OffSetValue: number, of = {}) =>
      daraja.call("/pulltransactions/v1/query", {
        ShortCode: "600000",
        StartDate: "2026-11-22 09:00:00",
        EndDate: "2026-11-22 23:59:59",
        OffSetValue,
        ...of,
      });
    assert.equal((await query(0)).status, 400);
    const first = await daraja.call("/pulltransactions/v1/register", address);
    assert.deepEqual(shape(first.json), shape(await sample("pull-register-ok-docs")));
    const second = await daraja.call("/pulltransactions/v1/register", address);
    assert.deepEqual(shape(second.json), shape(await sample("pull-register-already-spaced-keys")));
    assert.deepEqual((await query(0)).json.Response, [[]]);
    for (let i = 0; i < 101; i++) await daraja.push("254712345678");
    await daraja.push("254712345678", {}, other);
    await daraja.passTime();
    const page = await query(0);
    assert.deepEqual([page.json.ResponseCode, page.json.Response.length, page.json.Response[0].length], [
      "1000",
      1,
      100,
    ]);
    const [row] = (await query(100)).json.Response[0];
    const entry = (await daraja.books()).find((one) => one["receipt"] === row.transactionId);
    assert.deepEqual([row.billreference, row.amount, row.trxDate], ["INV-1", "150.00", entry?.["at"]]);
    assert.equal((await query(101)).json.ResponseCode, "1001");
    assert.equal((await query(0, { StartDate: "2026-11-19 09:00:00" })).json.errorCode, "400.001");
  }));

Deno.test("a standing order calls back in one case when made and in another when refused", () =>
  withSimulator(async (daraja) => {
    const order = (PartyA: string) =>
      daraja.call("/standingorder/v1/createStandingOrderExternal", {
        StandingOrderName: "Rent",
        StartDate: "20261201",
        EndDate: "20271201",
        BusinessShortCode: "600000",
        TransactionType: "Standing Order Customer Pay Bill",
        ReceiverPartyIdentifierType: "4",
        Amount: "4500",
        PartyA,
        CallBackURL: "http://127.0.0.1:9/ratiba",
        AccountReference: "RENT",
        TransactionDesc: "Rent",
        Frequency: "4",
      });
    const ack = await order("254712345678");
    assert.deepEqual(shape(ack.json), shape(await sample("ratiba-ack")));
    await order("254712341037");
    const [made, refused] = await daraja.callbacks(2);
    assert.deepEqual(shape(made?.json), shape(await sample("ratiba-cb-ok-docs")));
    assert.deepEqual(shape(refused?.json), shape(await sample("ratiba-cb-1037-docs")));
  }));

Deno.test("the request log names each operation and keeps body, addresses and answer", () =>
  withSimulator(async (daraja) => {
    await daraja.push("254712345678");
    await balance(daraja, { PartyA: "" });
    const [token, push, asked] = await daraja.requests();
    assert.deepEqual([token?.["operation"], push?.["operation"], asked?.["operation"]], ["oauth", "stk", "balance"]);
    assert.deepEqual([push?.["phone"], push?.["callback_urls"]], ["254712345678", ["http://127.0.0.1:9/cb"]]);
    assert.equal((push?.["body"] as Json)["AccountReference"], "INV-1");
    assert.equal((push?.["response"] as { status: number }).status, 200);
    assert.deepEqual(asked?.["callback_urls"], ["http://127.0.0.1:9/result", "http://127.0.0.1:9/timeout"]);
    assert.equal((asked?.["response"] as { status: number; body: Json }).body["errorCode"], "400.002.02");
    assert.deepEqual(Object.keys(push ?? {}), ["at", "operation", "phone", "body", "callback_urls", "response"]);
  }));

Deno.test("only the newest requests and transactions are kept", () =>
  withSimulator(async (daraja) => {
    for (let i = 0; i < 60; i++) await daraja.push("254712345678", { Amount: i + 1 });
    await daraja.passTime();
    const [requests, books] = [await daraja.requests(), await daraja.books()];
    assert.deepEqual([requests.length, books.length], [10, 10]);
    assert.equal(books.at(-1)?.["amount"], 60);
    assert.equal((requests.at(-1)?.["body"] as Json)["Amount"], 60);
  }, { maxEntries: 10, shortcodes: [shop] }));
