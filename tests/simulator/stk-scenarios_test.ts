import assert from "node:assert/strict";
import { delayMs, type Harness, sample, shape, withSimulator } from "./harness.ts";

const pending = "4999";

/** Pushes to a phone and answers the CheckoutRequestID. */
async function push(daraja: Harness, phone: string): Promise<string> {
  const answer = await daraja.push(phone);
  assert.equal(answer.status, 200);
  return answer.json.CheckoutRequestID;
}

async function queryCode(daraja: Harness, id: string): Promise<string> {
  return (await daraja.query(id)).json.ResultCode;
}

Deno.test("a push is paid: one callback, one entry in the books, and the query agrees", () =>
  withSimulator(async (daraja) => {
    const id = await push(daraja, "254712345678");
    const asked = await daraja.query(id);
    assert.deepEqual(shape(asked.json), shape(await sample("stk-query-4999-pending")));
    assert.equal(asked.json.ResultCode, pending);
    assert.match(asked.json.ResponseDescription, /successsfully/);
    const [callback] = await daraja.callbacks();
    assert.equal(callback?.url, "http://127.0.0.1:9/cb");
    assert.equal(callback?.headers.get("content-type"), "application/json;charset=UTF-8");
    assert.equal(callback?.headers.get("businessshortcode"), "600000");
    const result = callback?.json.Body.stkCallback;
    assert.deepEqual([result.CheckoutRequestID, result.ResultCode], [id, 0]);
    const items = new Map(result.CallbackMetadata.Item.map((item: { Name: string; Value: unknown }) => [
      item.Name,
      item.Value,
    ]));
    assert.equal(items.get("Amount"), 150);
    assert.equal(items.get("PhoneNumber"), 254712345678);
    assert.match(String(items.get("TransactionDate")), /^\d{14}$/);
    const [entry, ...more] = await daraja.books();
    assert.deepEqual(more, []);
    assert.equal(entry?.["receipt"], items.get("MpesaReceiptNumber"));
    assert.deepEqual([entry?.["kind"], entry?.["amount"], entry?.["account_reference"]], ["stk", 150, "INV-1"]);
    assert.equal(await queryCode(daraja, id), "0");
  }));

Deno.test("paid callbacks have the shape of Safaricom's samples, with and without the value-less balance", () =>
  withSimulator(async (daraja) => {
    const shapes = new Set<string>();
    for (let i = 1; shapes.size < 2; i++) {
      await push(daraja, "254712345678");
      const callback = (await daraja.callbacks(i)).at(-1);
      assert.match(callback?.raw ?? "", /"Name":"Amount","Value":150\.00\}/);
      shapes.add(JSON.stringify(shape(callback?.json)));
    }
    const published = await Promise.all([sample("stk-cb-ok-docs-4items"), sample("stk-cb-ok-2017-balance-novalue")]);
    assert.deepEqual([...shapes].sort(), published.map((one) => JSON.stringify(shape(one))).sort());
  }));

Deno.test("the last four digits are the result code, in the callback a number and in the query a string", () =>
  withSimulator(async (daraja) => {
    const codes = [1, 2, 3, 4, 8, 11, 15, 17, 20, 21, 26, 1001, 1019, 1025, 1031, 1032, 1036, 1037, 1101, 1102];
    for (const code of [...codes, 2001, 2006, 2008, 2026, 2028, 8006, 9999]) {
      const id = await push(daraja, `25470000${String(code).padStart(4, "0")}`);
      const callback = (await daraja.callbacks(daraja.received.length + 1)).at(-1);
      assert.deepEqual(shape(callback?.json), shape(await sample("stk-cb-1032-docs")));
      assert.equal(callback?.json.Body.stkCallback.ResultCode, code);
      assert.ok(!callback?.json.Body.stkCallback.ResultDesc.includes("Unknown"));
      assert.equal(await queryCode(daraja, id), String(code));
    }
    assert.deepEqual(await daraja.books(), []);
  }));

Deno.test("1037 reads differently in the callback and in the query", () =>
  withSimulator(async (daraja) => {
    const id = await push(daraja, "254700001037");
    const [callback] = await daraja.callbacks();
    assert.equal(callback?.json.Body.stkCallback.ResultDesc, "No response from user.");
    assert.equal((await daraja.query(id)).json.ResultDesc, "DS timeout user cannot be reached.");
  }));

Deno.test("digits that are no result code, and 0000, pay", () =>
  withSimulator(async (daraja) => {
    for (const tail of ["0000", "5678", "4999", "9000", "9014"]) await push(daraja, `25470000${tail}`);
    for (const callback of await daraja.callbacks(5)) assert.equal(callback.json.Body.stkCallback.ResultCode, 0);
  }));

Deno.test("an unknown CheckoutRequestID does not exist, a malformed one is invalid", () =>
  withSimulator(async (daraja) => {
    const unknown = await daraja.query("ws_CO_22112026101530000711111111");
    assert.deepEqual([unknown.status, unknown.json.errorCode], [500, "500.001.1001"]);
    assert.equal(unknown.json.errorMessage, "The transaction does not Exist");
    const malformed = await daraja.query("x");
    assert.equal(malformed.json.errorMessage, "Bad Request - Invalid CheckoutRequestID");
  }));

Deno.test("a callback is sent once, whatever the receiver answers, even when it is dead", () =>
  withSimulator(async (daraja) => {
    daraja.reply = () => new Response("no", { status: 500 });
    await push(daraja, "254712345678");
    await daraja.callbacks(1);
    daraja.reply = () => Promise.reject(new TypeError("connection refused"));
    await push(daraja, "254712345678");
    await daraja.callbacks(2);
    daraja.reply = () => new Response();
    await daraja.passTime(3_600_000);
    assert.equal(daraja.received.length, 2);
    assert.equal((await daraja.books()).length, 2);
  }));

Deno.test("9001 never calls back; the query says paid", () =>
  withSimulator(async (daraja) => {
    const id = await push(daraja, "254700009001");
    assert.equal(await queryCode(daraja, id), "0");
    await daraja.passTime(3_600_000);
    assert.equal(daraja.received.length, 0);
    assert.equal((await daraja.books()).length, 1);
  }));

Deno.test("9002 calls back before it answers the push", () =>
  withSimulator(async (daraja) => {
    let answered = false;
    daraja.reply = () => {
      assert.equal(answered, false);
      return new Response();
    };
    const id = await push(daraja, "254700009002");
    answered = true;
    assert.equal(daraja.received[0]?.json.Body.stkCallback.CheckoutRequestID, id);
  }));

Deno.test("9003 calls back four times at once", () =>
  withSimulator(async (daraja) => {
    // Nothing is answered before all four are there.
    daraja.reply = async () => (await daraja.callbacks(4), new Response());
    await push(daraja, "254700009003");
    const copies = await daraja.callbacks(4);
    assert.equal(new Set(copies.map((copy) => copy.raw)).size, 1);
    assert.equal((await daraja.books()).length, 1);
  }));

Deno.test("9004 is pending until its late callback, then paid", () =>
  withSimulator(async (daraja) => {
    const id = await push(daraja, "254700009004");
    await daraja.passTime(89_999);
    assert.equal(await queryCode(daraja, id), pending);
    assert.equal(daraja.received.length, 0);
    await daraja.passTime(1);
    const [late] = daraja.received;
    assert.equal(late?.json.Body.stkCallback.CheckoutRequestID, id);
    assert.equal(await queryCode(daraja, id), "0");
  }));

Deno.test("9005 calls back with a shilling more than it took", () =>
  withSimulator(async (daraja) => {
    const id = await push(daraja, "254700009005");
    const [callback] = await daraja.callbacks();
    assert.equal(callback?.json.Body.stkCallback.CallbackMetadata.Item[0].Value, 151);
    assert.equal((await daraja.books())[0]?.["amount"], 150);
    assert.equal(await queryCode(daraja, id), "0");
  }));

Deno.test("9006 takes the push, cuts the connection, and calls back paid", () =>
  withSimulator(async (daraja) => {
    assert.equal((await daraja.push("254700009006")).text, "");
    const [callback] = await daraja.callbacks();
    assert.equal(callback?.json.Body.stkCallback.ResultCode, 0);
    const entry = (await daraja.requests()).at(-1);
    assert.deepEqual([entry?.["operation"], entry?.["response"]], ["stk", { status: 0, body: null }]);
    assert.equal((await daraja.books()).length, 1);
  }));

Deno.test("9007 never calls back; the query says pending, then being processed, then paid for good", () =>
  withSimulator(async (daraja) => {
    const id = await push(daraja, "254700009007");
    assert.equal(await queryCode(daraja, id), pending);
    const second = await daraja.query(id);
    assert.deepEqual(shape(second.json), shape(await sample("stk-query-pending-500.001.1001")));
    assert.deepEqual([second.status, second.json.errorMessage], [500, "The transaction is being processed"]);
    assert.equal(await queryCode(daraja, id), "0");
    assert.equal(await queryCode(daraja, id), "0");
    await daraja.passTime(3_600_000);
    assert.equal(daraja.received.length, 0);
    assert.equal((await daraja.books()).length, 1);
  }));

Deno.test("9008 answers every query with a spike arrest and calls back after three times the delay", () =>
  withSimulator(async (daraja) => {
    const id = await push(daraja, "254700009008");
    const before = await daraja.query(id);
    assert.deepEqual([before.status, before.json], [429, await sample("stk-query-429-spike-arrest")]);
    await daraja.passTime(3 * delayMs - 1);
    assert.equal(daraja.received.length, 0);
    await daraja.passTime(1);
    assert.equal(daraja.received[0]?.json.Body.stkCallback.ResultCode, 0);
    assert.equal((await daraja.query(id)).status, 429);
  }));

Deno.test("9009 answers an HTML 503 and does nothing more", () =>
  withSimulator(async (daraja) => {
    const answer = await daraja.push("254700009009");
    assert.equal(answer.status, 503);
    assert.match(answer.text, /^<html>/);
    await daraja.passTime(3_600_000);
    assert.deepEqual([daraja.received, await daraja.books()], [[], []]);
  }));

Deno.test("9010 calls back paid without receipt and date, and the books have a receipt", () =>
  withSimulator(async (daraja) => {
    await push(daraja, "254700009010");
    const [callback] = await daraja.callbacks();
    const items: Array<{ Name: string }> = callback?.json.Body.stkCallback.CallbackMetadata.Item;
    assert.deepEqual(items.map((item) => item.Name), ["Amount", "PhoneNumber"]);
    assert.ok((await daraja.books())[0]?.["receipt"]);
  }));

Deno.test("9011 calls back with a result code that is no number", () =>
  withSimulator(async (daraja) => {
    const id = await push(daraja, "254700009011");
    const [callback] = await daraja.callbacks();
    assert.deepEqual(shape(callback?.json), shape(await sample("stk-cb-SFC_IC0003-string-code")));
    assert.equal(callback?.json.Body.stkCallback.ResultCode, "SFC_IC0003");
    assert.equal(await queryCode(daraja, id), "SFC_IC0003");
    assert.deepEqual(await daraja.books(), []);
  }));

Deno.test("9012 says cancelled when queried, then calls back paid", () =>
  withSimulator(async (daraja) => {
    const id = await push(daraja, "254700009012");
    await daraja.passTime(4 * delayMs - 1);
    assert.equal(await queryCode(daraja, id), "1032");
    assert.equal(daraja.received.length, 0);
    await daraja.passTime(1);
    const [callback] = daraja.received;
    assert.equal(callback?.json.Body.stkCallback.ResultCode, 0);
    assert.equal(await queryCode(daraja, id), "0");
    assert.equal((await daraja.books()).length, 1);
  }));

Deno.test("9013 is also confirmed as C2B, with the same receipt, after the callback, and moves once", () =>
  withSimulator(async (daraja) => {
    await daraja.call("/mpesa/c2b/v2/registerurl", {
      ShortCode: "600000",
      ResponseType: "Completed",
      ConfirmationURL: "http://127.0.0.1:9/confirmation",
      ValidationURL: "http://127.0.0.1:9/validation",
    });
    await push(daraja, "254700009013");
    const [callback, confirmation] = await daraja.callbacks(2);
    const items: Array<{ Name: string; Value: unknown }> = callback?.json.Body.stkCallback.CallbackMetadata.Item;
    assert.equal(confirmation?.url, "http://127.0.0.1:9/confirmation");
    assert.equal(confirmation.json.TransID, items.find((item) => item.Name === "MpesaReceiptNumber")?.Value);
    assert.deepEqual([confirmation.json.BillRefNumber, confirmation.json.TransAmount], ["INV-1", "150.00"]);
    assert.equal((await daraja.books()).length, 1);
  }));
