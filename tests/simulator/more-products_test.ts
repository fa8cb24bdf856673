import assert from "node:assert/strict";
import { other, sandbox, shop, till, withSimulator } from "./harness.ts";
import { initiator, result } from "./payouts.ts";

const register = { ResponseType: "Completed", ConfirmationURL: "https://example.com/c", ValidationURL: "" };

Deno.test("Safaricom's sandbox paybill takes no C2B addresses", () =>
  withSimulator(async (daraja) => {
    const { status, json } = await daraja.call(
      "/mpesa/c2b/v1/registerurl",
      { ...register, ShortCode: sandbox.number },
      sandbox,
    );
    assert.deepEqual([status, json.errorCode], [500, "500.003.1001"]);
  }));

Deno.test("the older commands of B2B need no account, and a bill does", () =>
  withSimulator(async (daraja) => {
    const send = (changes: Record<string, unknown>) =>
      daraja.call("/mpesa/b2b/v1/paymentrequest", {
        ...initiator(),
        SenderIdentifierType: 4,
        RecieverIdentifierType: 4,
        Amount: 100,
        PartyA: shop.number,
        PartyB: other.number,
        AccountReference: null,
        ...changes,
      });
    assert.equal((await send({ CommandID: "BusinessToBusinessTransfer" })).status, 200);
    assert.equal((await result(daraja)).ResultCode, 0);
    const bill = await send({ CommandID: "BusinessPayBill" });
    assert.equal(bill.json.errorMessage, "Bad Request - Invalid AccountReference");
  }));

Deno.test("a pull may be asked by GET, with its fields in the address", () =>
  withSimulator(async (daraja) => {
    const authorization = `Bearer ${await daraja.token()}`;
    await daraja.call("/pulltransactions/v1/register", {
      ShortCode: shop.number,
      RequestType: "Pull",
      NominatedNumber: "254712345678",
      CallBackURL: "https://example.com/pull",
    });
    const query = new URLSearchParams({
      ShortCode: shop.number,
      StartDate: "2026-11-22 09:00:00",
      EndDate: "2026-11-22 11:00:00",
      OffSetValue: "0",
    });
    const { status, json } = await daraja.send(`/pulltransactions/v1/query?${query}`, { headers: { authorization } });
    assert.deepEqual([status, json.ResponseCode], [200, "1001"]);
  }));

Deno.test("Pochi and a payout to an identity card pay a phone, each by its own rules", () =>
  withSimulator(async (daraja) => {
    const { Initiator: InitiatorName, ...rest } = initiator();
    const body = {
      ...rest,
      InitiatorName,
      Amount: 100,
      PartyA: shop.number,
      PartyB: "254712345678",
      Remarks: "pay",
    };
    const pochi = (CommandID: string) => daraja.call("/mpesa/b2pochi/v1/paymentrequest", { ...body, CommandID });
    assert.equal((await pochi("BusinessPayToPochi")).status, 200);
    assert.equal((await pochi("BusinessPayment")).json.errorMessage, "Bad Request - Invalid CommandID");
    const validated = (changes: Record<string, unknown>) =>
      daraja.call("/mpesa/b2cvalidate/v2/paymentrequest", { ...body, CommandID: "BusinessPayment", ...changes });
    assert.equal((await validated({ IDType: "01", IDNumber: "12345678" })).status, 200);
    assert.equal((await validated({ IDType: "01" })).json.errorMessage, "Bad Request - Invalid IDNumber");
    await daraja.passTime();
    assert.deepEqual((await daraja.books()).map(({ kind, amount }) => [kind, amount]), [["b2c", 100], ["b2c", 100]]);
  }));

Deno.test("a till's owner is asked by USSD, and the answer is flat text", () =>
  withSimulator(async (daraja) => {
    const ask = (amount: number) =>
      daraja.call("/v1/ussdpush/get-msisdn", {
        primaryShortCode: till.number,
        receiverShortCode: shop.number,
        amount,
        paymentRef: "INV1",
        callbackUrl: "http://127.0.0.1:9/ussd",
        partnerName: "Vendor",
        RequestRefID: "r1",
      }, till);
    assert.deepEqual((await ask(50)).json, { code: "0", status: "USSD Initiated Successfully" });
    const [paid] = await daraja.callbacks(1, "ussd");
    assert.deepEqual([paid?.json.resultCode, paid?.json.amount, paid?.json.status], ["0", "50.0", "SUCCESS"]);
    await ask(4001);
    assert.equal((await daraja.callbacks(2, "ussd"))[1]?.json.resultCode, "4001");
  }));

Deno.test("an organisation is found by its number", () =>
  withSimulator(async (daraja) => {
    const ask = (Identifier: string) => daraja.call("/sfcverify/v1/query/info", { IdentifierType: "4", Identifier });
    assert.equal((await ask(other.number)).json.OrganizationName, "Other Shop");
    assert.equal((await ask("999999")).status, 400);
  }));

Deno.test("Bill Manager sends invoices, and ends one once", () =>
  withSimulator(async (daraja) => {
    const call = (verb: string, body: unknown) => daraja.call(`/v1/billmanager-invoice/${verb}`, body);
    const invoice = {
      externalReference: "INV1",
      billedPhoneNumber: "254712345678",
      invoiceName: "Rent",
      accountReference: "H12",
      amount: "1500",
    };
    const joined = await call("optin", {
      shortcode: shop.number,
      email: "a@shop.example",
      officialContact: "0712345678",
      callbackurl: "https://example.com/bills",
    });
    assert.equal(joined.json.rescode, "200");
    assert.ok(joined.json.app_key);
    assert.equal((await call("single-invoicing", invoice)).json.rescode, "200");
    assert.equal((await call("bulk-invoicing", { invoices: [] })).json.errorCode, "400");
    assert.equal((await call("cancel-single-invoice", invoice)).status, 200);
    assert.equal((await call("cancel-single-invoice", invoice)).status, 409);
  }));

Deno.test("a QR code is as large as was asked", () =>
  withSimulator(async (daraja) => {
    const ask = async (Size: string) => {
      const { json } = await daraja.call("/mpesa/qrcode/v1/generate", {
        MerchantName: "Shop",
        RefNo: "INV1",
        Amount: 100,
        TrxCode: "PB",
        CPI: shop.number,
        Size,
      });
      const png = Uint8Array.fromBase64(json.QRCode);
      const view = new DataView(png.buffer, png.byteOffset);
      return [view.getUint32(16), view.getUint32(20)];
    };
    assert.deepEqual(await ask("300"), [300, 300]);
    assert.deepEqual(await ask("120"), [120, 120]);
  }));

Deno.test("the first page shows how to use it, and runs no script", () =>
  withSimulator(async (daraja) => {
    const { status, text } = await daraja.send("/");
    assert.equal(status, 200);
    for (const word of ["600000", "demo-consumer-key", "1032", "/_simulator/"]) assert.ok(text.includes(word), word);
    assert.doesNotMatch(text, /<script/);
    assert.match((await daraja.send("/_simulator/certificate.cer")).text, /^-----BEGIN CERTIFICATE-----/);
  }));
