import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Harness, other, sample, shape, shop, till, withSimulator } from "./harness.ts";

const base = "http://127.0.0.1:9/c2b";
const registration = {
  ShortCode: "600000",
  ResponseType: "Completed",
  ConfirmationURL: `${base}/confirmation`,
  ValidationURL: `${base}/validation`,
};

function register(daraja: Harness, changes: Record<string, unknown> = {}, version = 2, of = shop) {
  return daraja.call(`/mpesa/c2b/v${version}/registerurl`, { ...registration, ...changes }, of);
}

async function pay(daraja: Harness, changes: Record<string, unknown> = {}) {
  const body = { shortcode: "600000", amount: 25, phone: "254712345126", account_reference: "INV 7", ...changes };
  return await daraja.send("/_simulator/c2b", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

Deno.test("a payment is validated, booked and confirmed, in that order, with one receipt", () =>
  withSimulator(async (daraja) => {
    const ack = await register(daraja);
    assert.deepEqual(shape(ack.json), shape(await sample("c2b-register-ack")));
    const booked: number[] = [];
    daraja.reply = async () => {
      booked.push((await daraja.books()).length);
      return Response.json({ ResultCode: "0", ResultDesc: "Accepted", ThirdPartyTransID: "T-9" });
    };
    const answer = await pay(daraja);
    const [validation, confirmation] = daraja.received;
    assert.deepEqual(booked, [0, 1]);
    assert.deepEqual(answer.json, { receipt: validation?.json.TransID, validated: true, confirmed: true });
    assert.deepEqual(shape(confirmation?.json), shape(await sample("c2b-confirmation-v2-masked-docs")));
    assert.equal(validation?.url, `${base}/validation`);
    assert.equal(validation.json.OrgAccountBalance, "");
    assert.equal(confirmation?.json.TransID, answer.json.receipt);
    assert.equal(confirmation?.json.OrgAccountBalance, "100000025.00");
    assert.equal(confirmation?.json.ThirdPartyTransID, "T-9");
    assert.deepEqual([confirmation?.json.TransAmount, confirmation?.json.BillRefNumber], ["25.00", "INV 7"]);
    assert.deepEqual([confirmation?.json.TransactionType, confirmation?.json.MSISDN], ["Pay Bill", "2547 ***** 126"]);
    const [entry] = await daraja.books();
    assert.deepEqual([entry?.["kind"], entry?.["phone"], entry?.["amount"]], ["c2b", "254712345126", 25]);
  }));

Deno.test("version 1 sends the payer's number as SHA-256", () =>
  withSimulator(async (daraja) => {
    await register(daraja, {}, 1);
    await pay(daraja);
    const [, confirmation] = daraja.received;
    assert.equal(confirmation?.json.MSISDN, createHash("sha256").update("254712345126").digest("hex"));
    assert.deepEqual(shape(confirmation?.json), shape(await sample("c2b-confirmation-v1-hashed-2025")));
  }));

Deno.test("a rejected payment moves nothing and is not confirmed", () =>
  withSimulator(async (daraja) => {
    await register(daraja);
    daraja.reply = () => Response.json({ ResultCode: "C2B00012", ResultDesc: "Rejected" });
    assert.deepEqual((await pay(daraja)).json, { receipt: null, validated: false, confirmed: false });
    assert.deepEqual([daraja.received.length, await daraja.books()], [1, []]);
  }));

Deno.test("a silent, dead or unreadable validation leaves it to the registered ResponseType", async () => {
  const silent = () => new Promise<Response>(() => {});
  const dead = () => Promise.reject(new TypeError("connection refused"));
  const unreadable = () => new Response("<html>");
  for (const validation of [silent, dead, unreadable]) {
    for (const ResponseType of ["Completed", "Cancelled"]) {
      await withSimulator(async (daraja) => {
        await register(daraja, { ResponseType });
        daraja.reply = (received) => received.url.endsWith("/validation") ? validation() : new Response();
        const { receipt, validated, confirmed } = (await pay(daraja)).json;
        const completed = ResponseType === "Completed";
        assert.deepEqual([receipt !== null, validated, confirmed], [completed, false, completed]);
        assert.equal((await daraja.books()).length, completed ? 1 : 0);
      }, { validationTimeoutMs: 10 });
    }
  }
});

Deno.test("a confirmation is sent once; the money stays when it is lost", () =>
  withSimulator(async (daraja) => {
    await register(daraja, { ValidationURL: "" });
    daraja.reply = () => new Response("down", { status: 502 });
    const answer = await pay(daraja);
    assert.deepEqual([answer.json.validated, answer.json.confirmed], [false, false]);
    assert.deepEqual([daraja.received.length, (await daraja.books()).length], [1, 1]);
  }));

Deno.test("without registered URLs a payment goes through unannounced", () =>
  withSimulator(async (daraja) => {
    const answer = await pay(daraja, { shortcode: other.number });
    assert.ok(answer.json.receipt);
    assert.deepEqual([daraja.received.length, (await daraja.books()).length], [0, 1]);
  }));

Deno.test("a till's payment is Buy Goods and carries no reference", () =>
  withSimulator(async (daraja) => {
    await register(daraja, { ShortCode: till.storeNumber });
    await pay(daraja, { shortcode: till.number });
    const [, confirmation] = daraja.received;
    assert.deepEqual([confirmation?.json.TransactionType, confirmation?.json.BillRefNumber], ["Buy Goods", ""]);
    assert.equal(confirmation?.json.BusinessShortCode, till.number);
  }));

Deno.test("a wrong registration is refused, and in production a second one", () =>
  withSimulator(async (daraja) => {
    const wrong = [
      { ShortCode: "999999" },
      { ShortCode: other.number },
      { ResponseType: "completed" },
      { ConfirmationURL: "https://example.com/mpesa" },
      { ConfirmationURL: "https://a1b2.ngrok.io/x" },
      { ConfirmationURL: "" },
      { ValidationURL: "nowhere" },
    ];
    for (const change of wrong) {
      const answer = await register(daraja, change);
      assert.deepEqual([change, answer.status, answer.json.errorCode], [change, 400, "400.003.02"]);
    }
    assert.equal((await register(daraja)).status, 200);
    const again = await register(daraja);
    assert.deepEqual([again.status, again.json.errorCode], [500, "500.003.1001"]);
  }, { registerUrlsOnce: true }));

Deno.test("Daraja's own simulate call pays after a while", () =>
  withSimulator(async (daraja) => {
    await register(daraja);
    const answer = await daraja.call("/mpesa/c2b/v2/simulate", {
      ShortCode: 600000,
      CommandID: "CustomerPayBillOnline",
      Amount: 7,
      Msisdn: 254712345126,
      BillRefNumber: "INV-7",
    });
    assert.deepEqual(shape(answer.json), shape(await sample("c2b-simulate-ack")));
    assert.deepEqual(await daraja.books(), []);
    const [, confirmation] = await daraja.callbacks(2);
    assert.deepEqual([confirmation?.json.TransAmount, confirmation?.json.BillRefNumber], ["7.00", "INV-7"]);
  }));

Deno.test("a customer's payment that can't be is refused", () =>
  withSimulator(async (daraja) => {
    assert.equal((await pay(daraja, { shortcode: "999999" })).status, 404);
    assert.equal((await pay(daraja, { amount: 1.5 })).status, 422);
    assert.equal((await pay(daraja, { phone: "0712345678" })).status, 422);
  }));
