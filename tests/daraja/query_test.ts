import assert from "node:assert/strict";
import type { StkQueryOutcome } from "../../src/daraja/daraja.ts";
import { APP, build, fakeDaraja, fixture, PUSH, rawJson, rawServer, tokenNumber } from "./support.ts";

const QUERY = { businessShortcode: "600000", passkey: "passkey", checkoutRequestId: "ws_CO_1" };
const PATH = "/mpesa/stkpushquery/v1/query";

const FINAL = {
  ResponseCode: "0",
  ResponseDescription: "The service request has been accepted successsfully",
  MerchantRequestID: "m1",
  CheckoutRequestID: "ws_CO_1",
  ResultCode: "0",
  ResultDesc: "The service request is processed successfully.",
};

async function asked(body: unknown, status = 200): Promise<StkQueryOutcome> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  await using server = fakeDaraja(() => new Response(text, { status }));
  return await build(server.baseUrl).daraja.stkQuery(APP, QUERY);
}

Deno.test("a query says what Daraja wants", async () => {
  await using server = fakeDaraja(() => Response.json(FINAL));
  await build(server.baseUrl).daraja.stkQuery(APP, QUERY);
  assert.equal(server.asked[1]?.path, PATH);
  assert.deepEqual(server.asked[1].body, {
    BusinessShortCode: 600000,
    Password: btoa("600000passkey20261122120000"),
    Timestamp: "20261122120000",
    CheckoutRequestID: "ws_CO_1",
  });
});

Deno.test("a query settles on 0 and fails on a terminal code", async () => {
  const description = FINAL.ResultDesc;
  assert.deepEqual(await asked(FINAL), { kind: "paid", resultCode: "0", description });
  assert.deepEqual(await asked({ ...FINAL, ResultCode: 0 }), { kind: "paid", resultCode: "0", description });
  const failed = await asked({ ...FINAL, ResultCode: "1", ResultDesc: "[MpesaCB - ]The balance is insufficient" });
  const failure = "insufficient_funds";
  assert.deepEqual(failed, { kind: "failed", resultCode: "1", description: "The balance is insufficient", failure });
});

Deno.test("a query never fails an attempt by anything else", async () => {
  const table: [unknown, number, string][] = [
    [{ ...FINAL, ResultCode: "4999" }, 200, "processing"],
    [{ ...FINAL, ResultCode: "E3008" }, 200, "needs_review"],
    [{ ...FINAL, ResultCode: "31337" }, 200, "unknown_code"],
    [{ ...FINAL, ResultCode: "1032", CheckoutRequestID: "ws_CO_other" }, 200, "unreadable_answer"],
    [{ ...FINAL, ResponseCode: "1", ResultCode: "1032" }, 200, "unreadable_answer"],
    [{ ...FINAL, ResultCode: undefined }, 200, "unreadable_answer"],
    [{ ...FINAL, ResultCode: "1032" }, 500, "server_error"],
    [{ errorCode: "500.001.1001", errorMessage: "The transaction is being processed" }, 500, "processing"],
    [{ errorCode: "500.001.1001", errorMessage: "" }, 200, "processing"],
    [{ errorCode: "500.001.1001", errorMessage: "The transaction does not Exist" }, 500, "not_found"],
    [{ errorCode: "500.001.1001", errorMessage: "[MerchantValidate] - Wrong credentials" }, 500, "refused"],
    [{ errorCode: "400.002.02", errorMessage: "Bad Request - Invalid CheckoutRequestID" }, 400, "refused"],
    [{ errorCode: "404.001.03", errorMessage: "Invalid Access Token" }, 404, "credentials_rejected"],
    [{ errorCode: "500.003.1001", errorMessage: "Internal Server Error" }, 500, "server_error"],
    ["<html>", 503, "server_error"],
    ["<html>", 200, "unreadable_answer"],
    ["", 200, "unreadable_answer"],
    ["[]", 200, "unreadable_answer"],
  ];
  for (const [body, status, reason] of table) {
    const outcome = await asked(body, status);
    assert.equal(outcome.kind === "pending" && outcome.reason, reason, JSON.stringify(body));
  }
});

Deno.test("paid is not believed of another request, or of one that did not run", async () => {
  for (const change of [{ CheckoutRequestID: "ws_CO_2" }, { ResponseCode: "1" }, { ResponseCode: undefined }]) {
    assert.equal((await asked({ ...FINAL, ...change })).kind, "pending");
  }
});

Deno.test("a query is sent once more after a cut connection", async () => {
  const token = rawJson({ access_token: tokenNumber(1), expires_in: "3599" });
  let cuts = 0;
  await using server = rawServer((request) => {
    if (request.startsWith("GET")) return token;
    cuts += 1;
    return cuts === 1 ? null : rawJson(FINAL);
  });
  assert.equal((await build(server.baseUrl).daraja.stkQuery(APP, QUERY)).kind, "paid");
  assert.equal(server.requests.filter((request) => request.includes(PATH)).length, 2);
});

Deno.test("with no turn left the query waits, without a call, for one shortcode at a time", async () => {
  await using server = fakeDaraja(() => Response.json(FINAL));
  const { daraja, clock } = build(server.baseUrl, { queriesPerMinute: 5 });
  assert.equal((await daraja.stkQuery(APP, QUERY)).kind, "paid");
  clock.at += 2_000;
  const wait = { kind: "pending", reason: "rate_limited", retryAfterMs: 10_000 };
  assert.deepEqual(await daraja.stkQuery(APP, QUERY), wait);
  assert.equal((await daraja.stkQuery(APP, { ...QUERY, businessShortcode: "600001" })).kind, "paid");
  clock.at += 10_000;
  assert.equal((await daraja.stkQuery(APP, QUERY)).kind, "paid");
  assert.equal(server.count(PATH), 3);
});

Deno.test("a spike arrest pauses the shortcode's queries, longer each time, until Daraja answers", async () => {
  let busy = true;
  const fault = fixture("stk-query-429-spike-arrest.json");
  await using server = fakeDaraja(() => busy ? new Response(fault, { status: 429 }) : Response.json(FINAL));
  const { daraja, clock } = build(server.baseUrl);
  for (const pause of [1_000, 2_000, 4_000]) {
    const outcome = await daraja.stkQuery(APP, QUERY);
    assert.equal(outcome.kind === "pending" && outcome.retryAfterMs, pause);
    assert.equal((await daraja.stkQuery(APP, QUERY)).kind, "pending");
    clock.at += pause;
  }
  busy = false;
  assert.equal((await daraja.stkQuery(APP, QUERY)).kind, "paid");
  assert.equal(server.count(PATH), 4);
});

Deno.test("a pause that Daraja names is kept", async () => {
  const headers = { "retry-after": "30" };
  await using server = fakeDaraja(() => new Response("", { status: 429, headers }));
  const outcome = await build(server.baseUrl).daraja.stkQuery(APP, QUERY);
  assert.equal(outcome.kind === "pending" && outcome.retryAfterMs, 30_000);
});

Deno.test("a query that can't reach Daraja is pending", async () => {
  const refused: typeof fetch = () => Promise.reject(new TypeError("fetch failed"));
  const outcome = await build("http://daraja.test", { fetch: refused }).daraja.stkQuery(APP, { ...PUSH, ...QUERY });
  assert.deepEqual(outcome, { kind: "pending", reason: "unreachable" });
});
