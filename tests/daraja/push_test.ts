import assert from "node:assert/strict";
import type { Answer, StkAccepted } from "../../src/daraja/daraja.ts";
import { APP, build, fakeDaraja, fixture, PUSH, rawJson, rawServer, STK_ACK, tokenNumber } from "./support.ts";

const TOKEN = rawJson({ access_token: tokenNumber(1), expires_in: "3599" });

function pushes(requests: readonly string[]): number {
  return requests.filter((request) => request.includes("/stkpush/")).length;
}

/** Answers the token, then each push by `reply`. */
function cutting(reply: (nth: number) => string | null): ReturnType<typeof rawServer> {
  let nth = 0;
  return rawServer((request) => request.startsWith("GET /oauth/") ? TOKEN : reply(++nth));
}

async function answered(status: number, body: string | null, headers = {}): Promise<Answer<StkAccepted>> {
  await using server = fakeDaraja(() => new Response(body, { status, headers }));
  const answer = await build(server.baseUrl).daraja.stkPush(APP, PUSH);
  assert.ok(server.count("/stkpush/") === 1, "one push");
  return answer;
}

Deno.test("a push says what Daraja wants, with one stamp of Nairobi inside and outside the password", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK));
  const answer = await build(server.baseUrl).daraja.stkPush(APP, PUSH);
  assert.deepEqual(answer, {
    outcome: "accepted",
    value: { checkoutRequestId: STK_ACK.CheckoutRequestID, merchantRequestId: STK_ACK.MerchantRequestID },
  });
  const asked = server.asked[1];
  assert.equal(asked?.path, "/mpesa/stkpush/v1/processrequest");
  assert.equal(asked.headers.get("authorization"), `Bearer ${tokenNumber(1)}`);
  assert.equal(asked.headers.get("content-type"), "application/json");
  assert.match(asked.headers.get("user-agent") ?? "", /^Malipo\//);
  assert.deepEqual(asked.body, {
    BusinessShortCode: 600000,
    Password: btoa("600000passkey20261122120000"),
    Timestamp: "20261122120000",
    TransactionType: "CustomerPayBillOnline",
    Amount: 1500,
    PartyA: 254708374149,
    PartyB: 600000,
    PhoneNumber: 254708374149,
    CallBackURL: PUSH.callbackUrl,
    AccountReference: "ORDER 12",
    TransactionDesc: "Shoes",
  });
});

Deno.test("a till is asked for by its store number and paid by its till number", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK));
  const till = { ...PUSH, businessShortcode: "500001", partyB: "500000", transactionType: "till" } as const;
  await build(server.baseUrl, { plainIdsAs: "string" }).daraja.stkPush(APP, till);
  const { BusinessShortCode, PartyB, TransactionType, PhoneNumber } = server.asked[1]?.body ?? {};
  assert.deepEqual([BusinessShortCode, PartyB], ["500001", "500000"]);
  assert.deepEqual([TransactionType, PhoneNumber], ["CustomerBuyGoodsOnline", "254708374149"]);
});

Deno.test("cents that are no whole shillings never leave", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK));
  for (const amount of [150, 0, -100, NaN]) {
    const answer = await build(server.baseUrl).daraja.stkPush(APP, { ...PUSH, amount });
    assert.equal(answer.outcome === "rejected" && answer.code, "amount_invalid");
  }
  assert.equal(server.asked.length, 0);
});

Deno.test("what Daraja refuses outright is rejected, with our code and a clean message", async () => {
  const invalid = await answered(400, fixture("err-400.002.02-phonenumber.json"));
  assert.deepEqual(invalid, {
    outcome: "rejected",
    code: "phone_invalid",
    darajaCode: "400.002.02",
    message: "Bad Request - Invalid PhoneNumber",
  });
  const busy = await answered(500, fixture("err-500.001.1001-lock-subscriber.json"));
  assert.equal(busy.outcome === "rejected" && busy.code, "phone_busy");
});

Deno.test("a spike arrest is a refusal that says when to come back", async () => {
  const answer = await answered(429, fixture("stk-query-429-spike-arrest.json"), { "retry-after": "12" });
  assert.equal(answer.outcome === "rejected" && answer.code, "daraja_busy");
  assert.equal(answer.outcome === "rejected" && answer.retryAfterMs, 12_000);
});

Deno.test("whatever may have been taken is ambiguous, and sent once", async () => {
  const table: [number, string | null, string][] = [
    [503, "<html>Incapsula</html>", "not_json"],
    [403, "<html>Request unsuccessful</html>", "not_json"],
    [500, null, "not_json"],
    [500, '{"errorCode":"500.003.1001","errorMessage":"Internal Server Error"}', "server_error"],
    [500, '{"errorCode":"500.002.1001","errorMessage":"System internal error."}', "server_error"],
    [500, '{"errorCode":"500.001.1001","errorMessage":""}', "server_error"],
    [400, '{"errorCode":"400.777.77","errorMessage":"?"}', "unknown_code"],
    [200, "", "not_json"],
    [200, '{"ResponseCode":', "not_json"],
    [200, "{}", "unreadable_answer"],
    [200, '{"ResponseCode":"0"}', "unreadable_answer"],
    [200, '{"ResponseCode":"1","ResponseDescription":"?"}', "unknown_code"],
    [204, null, "not_json"],
  ];
  for (const [status, body, reason] of table) {
    const answer = await answered(status, body);
    assert.equal(answer.outcome === "ambiguous" && answer.reason, reason, `${status} ${body}`);
  }
});

Deno.test("a redirect is not followed: it would push again, and carry the token away", async () => {
  await using elsewhere = fakeDaraja(() => Response.json(STK_ACK));
  const answer = await answered(307, null, { location: `${elsewhere.baseUrl}/mpesa/stkpush/v1/processrequest` });
  assert.equal(answer.outcome, "ambiguous");
  assert.equal(elsewhere.asked.length, 0);
});

Deno.test("an answer too large to read is ambiguous", async () => {
  const answer = await answered(200, " ".repeat(1_100_000));
  assert.equal(answer.outcome === "ambiguous" && answer.reason, "answer_too_large");
});

Deno.test("a push that gets no answer in time is ambiguous and never sent again", async () => {
  const gone = Promise.withResolvers<Response>();
  await using server = fakeDaraja(() => gone.promise);
  const { daraja } = build(server.baseUrl, { timeouts: { pushMs: 2_000 } });
  const answer = await daraja.stkPush(APP, PUSH);
  gone.resolve(new Response());
  assert.deepEqual(answer, { outcome: "ambiguous", reason: "timeout", darajaCode: null, message: "" });
  assert.equal(server.count("/stkpush/"), 1);
});

Deno.test("a push whose connection is cut is ambiguous and never sent again", async () => {
  await using server = cutting(() => null);
  const answer = await build(server.baseUrl).daraja.stkPush(APP, PUSH);
  assert.equal(answer.outcome === "ambiguous" && answer.reason, "connection_cut");
  assert.equal(pushes(server.requests), 1);
});

Deno.test("a push on a kept-alive connection that dies is not sent again behind our back", async () => {
  await using server = cutting((nth) => nth === 1 ? rawJson(STK_ACK) : null);
  const { daraja } = build(server.baseUrl);
  assert.equal((await daraja.stkPush(APP, PUSH)).outcome, "accepted");
  assert.equal((await daraja.stkPush(APP, PUSH)).outcome, "ambiguous");
  assert.equal(pushes(server.requests), 2);
});

Deno.test("a push whose answer is cut short is ambiguous", async () => {
  await using server = cutting(() => 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ResponseCode":"0",');
  const { daraja } = build(server.baseUrl, { timeouts: { pushMs: 2_000 } });
  assert.equal((await daraja.stkPush(APP, PUSH)).outcome, "ambiguous");
  assert.equal(pushes(server.requests), 1);
});

/** An address where nobody listens. */
function nowhere(): string {
  const closed = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  closed.close();
  return `http://127.0.0.1:${closed.addr.port}`;
}

Deno.test("where no token can be had the push is unreachable: nothing left", async () => {
  const answer = await build(nowhere()).daraja.stkPush(APP, PUSH);
  assert.deepEqual(answer, { outcome: "unreachable", reason: "token_unavailable" });
});

Deno.test("a refused connection is unreachable: nothing left", async () => {
  const token: typeof fetch = (input, init) => {
    const body = { access_token: tokenNumber(1), expires_in: "3599" };
    return String(input).includes("/oauth/") ? Promise.resolve(Response.json(body)) : fetch(input, init);
  };
  const answer = await build(nowhere(), { fetch: token }).daraja.stkPush(APP, PUSH);
  assert.deepEqual(answer, { outcome: "unreachable", reason: "connection_refused" });
});

Deno.test("no secret, token or whole phone number is logged or answered", async () => {
  const echo = `Error Occurred - ${APP.consumerSecret} ${tokenNumber(1)} for 254708374149`;
  await using server = fakeDaraja(() =>
    Response.json({ errorCode: "400.002.02", errorMessage: echo }, { status: 400 })
  );
  const { daraja, logged } = build(server.baseUrl);
  const said = JSON.stringify([await daraja.stkPush(APP, PUSH), logged]);
  for (const secret of [APP.consumerKey, APP.consumerSecret, tokenNumber(1), PUSH.phone, PUSH.passkey]) {
    assert.ok(!said.includes(secret), secret);
  }
  assert.deepEqual(logged.map((line) => line["event"]), ["daraja_token", "daraja_call"]);
});
