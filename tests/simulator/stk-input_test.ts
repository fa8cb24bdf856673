import assert from "node:assert/strict";
import { other, pushBody, sandbox, shop, till, withSimulator } from "./harness.ts";

const phone = "254711111111";

Deno.test("a push with a wrong field is refused by that field's name and never recorded as a prompt", () =>
  withSimulator(async (daraja) => {
    const cases: Array<[Record<string, unknown>, string]> = [
      [{ BusinessShortCode: "6000" }, "BusinessShortCode"],
      [{ BusinessShortCode: undefined }, "BusinessShortCode"],
      [{ Timestamp: "2026112210153" }, "Timestamp"],
      [{ Timestamp: "20261322101530" }, "Timestamp"],
      [{ Timestamp: "20260230101530" }, "Timestamp"],
      [{ TransactionType: "CustomerPaybillOnline" }, "TransactionType"],
      ...[0, -1, 1.5, "1.00", "1.5", 250_001, "", null, "ten", true].map((
        Amount,
      ): [Record<string, unknown>, string] => [{ Amount }, "Amount"]),
      [{ PhoneNumber: "0711111111" }, "PhoneNumber"],
      [{ PhoneNumber: "+254711111111" }, "PhoneNumber"],
      [{ PhoneNumber: "255711111111" }, "PhoneNumber"],
      [{ PartyA: "0711111111" }, "PartyA"],
      [{ PartyB: "x" }, "PartyB"],
      [{ AccountReference: " " }, "AccountReference"],
      [{ TransactionDesc: undefined }, "Remarks"],
      [{ TransactionDesc: "" }, "Remarks"],
    ];
    for (const [change, field] of cases) {
      const answer = await daraja.push(phone, change);
      assert.deepEqual([change, answer.status, answer.json.errorCode], [change, 400, "400.002.02"]);
      assert.equal(answer.json.errorMessage, `Bad Request - Invalid ${field}`);
    }
    assert.deepEqual((await daraja.send("/_simulator/prompts")).json.data, []);
  }));

Deno.test("a callback address that Daraja would refuse is an Invalid CallBackURL", () =>
  withSimulator(async (daraja) => {
    const bad = [
      "",
      "example.com/x",
      "ftp://example.com/x",
      "https://Example.com/x",
      "https://example.com/a b",
      "https://example.com/<id>",
      42,
    ];
    for (const CallBackURL of bad) {
      const answer = await daraja.push(phone, { CallBackURL });
      assert.deepEqual([CallBackURL, answer.status], [CallBackURL, 400]);
      assert.equal(answer.json.errorMessage, "Bad Request - Invalid CallBackURL");
    }
    const good = [
      "http://127.0.0.1:8000/notify/0a1b",
      "https://example.invalid/Path/ok?x=1",
      "https://example.com/api/mpesa/callback",
      "https://my-safaricom.example.com/a.exe?query=1",
    ];
    for (const CallBackURL of good) {
      assert.equal((await daraja.push(phone, { CallBackURL })).status, 200);
    }
  }));

Deno.test("without the JSON content type the shortcode is called invalid, and what is no JSON is refused", () =>
  withSimulator(async (daraja) => {
    const headers = { authorization: `Bearer ${await daraja.token()}`, "content-type": "text/plain" };
    const path = "/mpesa/stkpush/v1/processrequest";
    const plain = await daraja.send(path, { method: "POST", headers, body: JSON.stringify(pushBody(phone)) });
    assert.deepEqual([plain.status, plain.json.errorMessage], [400, "Bad Request - Invalid BusinessShortCode"]);
    const json = { ...headers, "content-type": "application/json" };
    const broken = await daraja.send(path, { method: "POST", headers: json, body: "{" });
    assert.deepEqual([broken.status, broken.json.errorCode], [400, "400.002.05"]);
  }));

Deno.test("an unknown or foreign shortcode, and a till named by its till number, do not exist", () =>
  withSimulator(async (daraja) => {
    for (const BusinessShortCode of ["999999", other.number, till.number]) {
      const answer = await daraja.push(phone, { BusinessShortCode });
      assert.deepEqual([answer.status, answer.json.errorCode], [500, "500.001.1001"]);
      assert.equal(answer.json.errorMessage, "Merchant does not exist");
    }
  }));

Deno.test("a password that is not shortcode, passkey and the same timestamp is wrong credentials", () =>
  withSimulator(async (daraja) => {
    for (const change of [{ Password: "x" }, { Password: undefined }, { Timestamp: "20261122101531" }]) {
      const answer = await daraja.push(phone, change);
      assert.deepEqual([answer.status, answer.json.errorCode], [500, "500.001.1001"]);
      assert.equal(answer.json.errorMessage, "Wrong credentials");
    }
  }));

Deno.test("numbers and strings are both welcome, and the ids have today's form", () =>
  withSimulator(async (daraja) => {
    const numbers = { BusinessShortCode: 600000, Amount: "150", PartyA: 254711111111, PhoneNumber: 254711111111 };
    const answer = await daraja.push(phone, { ...numbers, PartyB: 600000 });
    assert.equal(answer.status, 200);
    assert.match(answer.json.MerchantRequestID, /^[0-9a-f]{4}(-[0-9a-f]{4}){2}-[0-9a-f]{12}\d+$/);
    // 22 Nov 2026 22:30 UTC is the 23rd, 01:30, in Nairobi.
    assert.match(answer.json.CheckoutRequestID, /^ws_CO_23112026013000\d{3}711111111$/);
    assert.equal(answer.json.ResponseCode, "0");
    assert.equal(answer.json.CustomerMessage, "Success. Request accepted for processing");
    const again = await daraja.push(phone);
    assert.notEqual(again.json.CheckoutRequestID, answer.json.CheckoutRequestID);
  }, { now: () => Date.UTC(2026, 10, 22, 22, 30) }));

Deno.test("a till is pushed by its store number and paid by its till number", () =>
  withSimulator(async (daraja) => {
    assert.equal((await daraja.push(phone, {}, till)).status, 200);
    const [callback] = await daraja.callbacks();
    assert.equal(callback?.headers.get("businessshortcode"), till.storeNumber);
    assert.equal((await daraja.books())[0]?.["shortcode"], till.number);
  }));

Deno.test("a PartyB or TransactionType that does not fit fails later, by callback", () =>
  withSimulator(async (daraja) => {
    await daraja.push(phone, { PartyB: till.storeNumber, CallBackURL: "http://127.0.0.1:9/a" }, till);
    await daraja.push(phone, { TransactionType: "CustomerBuyGoodsOnline", CallBackURL: "http://127.0.0.1:9/b" }, shop);
    const [wrongParty] = await daraja.callbacks(1, "/a");
    const [wrongType] = await daraja.callbacks(1, "/b");
    assert.equal(wrongParty?.json.Body.stkCallback.ResultCode, "SFC_IC0003");
    assert.equal(wrongType?.json.Body.stkCallback.ResultCode, 2028);
    assert.deepEqual(await daraja.books(), []);
  }));

Deno.test("the sandbox paybill refuses the till's transaction type at once", () =>
  withSimulator(async (daraja) => {
    const answer = await daraja.push(phone, { TransactionType: "CustomerBuyGoodsOnline" }, sandbox);
    assert.equal(answer.json.errorMessage, "Bad Request - Invalid TransactionType");
    assert.equal((await daraja.push(phone, {}, sandbox)).status, 200);
  }));
