import assert from "node:assert/strict";
import { APP, build, fakeDaraja, fixture } from "./support.ts";

const URLS = { confirmationUrl: "https://pay.example.co.ke/c", validationUrl: "https://pay.example.co.ke/v" };
const REGISTRATION = { version: "v2", shortcode: "600997", responseType: "Completed", ...URLS } as const;

Deno.test("C2B URLs are registered on the version asked for", async () => {
  await using server = fakeDaraja(() => new Response(fixture("c2b-register-ack.json")));
  const answer = await build(server.baseUrl).daraja.registerUrls(APP, REGISTRATION);
  assert.deepEqual(answer, { outcome: "accepted", value: { description: "Success" } });
  assert.equal(server.asked[1]?.path, "/mpesa/c2b/v2/registerurl");
  assert.deepEqual(server.asked[1].body, {
    ShortCode: 600997,
    ResponseType: "Completed",
    ConfirmationURL: URLS.confirmationUrl,
    ValidationURL: URLS.validationUrl,
  });
});

Deno.test("URLs that are registered already are told as such, in each of Daraja's ways", async () => {
  const fault = { errorCode: "500.003.1001", errorMessage: "Urls are already registered." };
  const aggregator = { ...fault, errorMessage: "Duplicate notification info, SP ID is 107031000" };
  const vault = {
    ...fault,
    errorCode: "0",
    errorMessage: "Execution of ServiceCallout SCO-AddURLVault failed. ResponseCode 409",
  };
  const answers: [number, string][] = [
    [200, fixture("c2b-register-already.json")],
    ...[fault, aggregator, vault].map((body): [number, string] => [500, JSON.stringify(body)]),
  ];
  for (const [status, body] of answers) {
    await using server = fakeDaraja(() => new Response(body, { status }));
    const answer = await build(server.baseUrl).daraja.registerUrls(APP, REGISTRATION);
    assert.equal(answer.outcome === "rejected" && answer.code, "urls_already_registered", body);
  }
});

Deno.test("a registration without ResponseCode, or with eight zeros, is accepted", async () => {
  for (const body of [{ ResponseDescription: "success" }, { ResponseCode: "00000000", ResponseDescription: "ok" }]) {
    await using server = fakeDaraja(() => Response.json(body));
    assert.equal((await build(server.baseUrl).daraja.registerUrls(APP, REGISTRATION)).outcome, "accepted");
  }
});

Deno.test("a QR code is its picture, whatever the ResponseCode", async () => {
  await using server = fakeDaraja(() => new Response(fixture("qr-ok-docs.json")));
  const request = {
    shortcode: "600000",
    merchantName: "Duka",
    reference: "A1",
    amount: 200,
    kind: "paybill",
    payee: "600000",
  } as const;
  const answer = await build(server.baseUrl).daraja.qr(APP, request);
  assert.equal(answer.outcome === "accepted" && answer.value.png.startsWith("iVBOR"), true);
  const body = { MerchantName: "Duka", RefNo: "A1", Amount: 2, TrxCode: "PB", CPI: "600000", Size: "300" };
  assert.deepEqual(server.asked[1]?.body, body);
});

Deno.test("a shortcode is registered for pulling, once or again", async () => {
  const registration = {
    shortcode: "600000",
    nominatedNumber: "254708374149",
    callbackUrl: "https://pay.example.co.ke/p",
  };
  for (
    const [file, alreadyRegistered] of [
      ["pull-register-ok-docs.json", false],
      ["pull-register-already-spaced-keys.json", true],
    ] as const
  ) {
    await using server = fakeDaraja(() => new Response(fixture(file)));
    const answer = await build(server.baseUrl).daraja.pullRegister(APP, registration);
    assert.deepEqual(answer, { outcome: "accepted", value: { alreadyRegistered } });
  }
});

Deno.test("a pull asks for Nairobi's hours", async () => {
  await using server = fakeDaraja(() => Response.json({ ResponseCode: "1001", ResponseMessage: "No transactions" }));
  const from = Date.UTC(2026, 10, 20, 21, 0, 0);
  const answer = await build(server.baseUrl).daraja.pullQuery(APP, {
    shortcode: "600000",
    from,
    to: from + 1_000,
    offset: 100,
  });
  assert.deepEqual(answer, { outcome: "accepted", value: { rows: [], unreadable: [] } });
  assert.equal(server.asked[1]?.path, "/pulltransactions/v1/query");
  assert.deepEqual(server.asked[1].body, {
    ShortCode: 600000,
    StartDate: "2026-11-21 00:00:00",
    EndDate: "2026-11-21 00:00:01",
    OffSetValue: "100",
  });
});

Deno.test("a standing order is asked for, and is ambiguous when the answer doesn't say", async () => {
  const order = {
    name: "Rent",
    shortcode: "600000",
    transactionType: "till",
    amount: 500_000,
    phone: "254708374149",
    startDay: "2026-12-01",
    endDay: "2027-11-30",
    frequency: "monthly",
    accountReference: "HOUSE 1",
    description: "Rent",
    callbackUrl: "https://pay.example.co.ke/s",
  } as const;
  await using server = fakeDaraja((_asked, nth) => new Response(nth === 1 ? fixture("ratiba-ack.json") : "{}"));
  const { daraja } = build(server.baseUrl);
  const responseRefId = "4dd9b5d9-d738-42ba-9326-2cc99e966000";
  assert.deepEqual(await daraja.standingOrder(APP, order), { outcome: "accepted", value: { responseRefId } });
  const { TransactionType, StartDate, EndDate, Frequency, Amount } = server.asked[1]?.body ?? {};
  assert.equal(TransactionType, "Standing Order Customer Pay Marchant");
  assert.deepEqual([StartDate, EndDate, Frequency, Amount], ["20261201", "20271130", "4", "5000"]);
  assert.equal((await daraja.standingOrder(APP, order)).outcome, "ambiguous");
});
