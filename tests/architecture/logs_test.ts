import assert from "node:assert/strict";
import { createCheckout } from "../support/checkouts.ts";
import { inProcess, publicUrl } from "../support/in-process.ts";
import { assertCleanLogs, leaksIn, repeatedKeys } from "../support/logs.ts";

const jwt = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjbGlfZGVtbyJ9.c2lnbmF0dXJl";

Deno.test("the check that every test's log lines pass finds personal data and secrets", () => {
  const leaks = [
    '{"phone":"254712345678"}',
    '{"detail":"call +254712345678"}',
    "0712345678 was prompted",
    "254110123456",
    '{"id":"ws_CO_22112026121500071234"}',
    `{"token":"${jwt}"}`,
    "authorization: Bearer abcdefgh1234",
    `/notify/${"0".repeat(98)}`,
    "mls_abcdefghijkl",
    "demo-secret",
    "demo-consumer-secret",
  ];
  for (const line of leaks) assert.equal(leaksIn([line]).length > 0, true, line);
  assert.equal(leaksIn(["a token that Daraja gave"], ["that Daraja gave"]).length, 1);
});

Deno.test("the check lets pass what only looks like it", () => {
  assertCleanLogs([
    '{"at":"2026-11-22T09:30:00.000Z","phone":"2547•••••678","ms":254712}',
    '{"request_id":"req_a0712345678b0712345678cafe0123456"}',
    '{"lease":"0712345678-0712-4345-8712-071234567890","created":1795712345678}',
  ]);
});

Deno.test("the check that every test's log lines pass finds a key that a line repeats", () => {
  assert.deepEqual(repeatedKeys('{"event":"daraja","event":"daraja_call","ms":1,"ms":2}'), ["event", "ms"]);
  assert.deepEqual(repeatedKeys('{"a":{"b":1},"c":["a",{"a":1}],"a":2}'), ["a"]);
  assert.throws(() => assertCleanLogs(['{"event":"a","event":"b"}']), /repeat a key/);
  for (const line of ['{"a":{"a":1},"b":{"a":1}}', '{"a":"\\"a\\":1,","b":"}{"}', '["a","a"]', "a: a", "{}"]) {
    assert.deepEqual(repeatedKeys(line), [], line);
  }
});

Deno.test("a full run logs each call to Daraja under its own event name", () =>
  inProcess(async (run) => {
    await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    assert.deepEqual(run.logged("daraja"), []);
    assert.ok(run.logged("daraja_token").length > 0);
    assert.ok(run.logged("daraja_call").length > 0);
  }));

Deno.test("failures of every kind leave no personal data and no secret in the log", async () => {
  await inProcess(async (run) => {
    const send = (path: string, init: RequestInit) => run.app.request(publicUrl + path, init);
    const form = (text: string) => ({
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: text,
    });
    await send("/oauth/token", form("grant_type=client_credentials&client_id=254712345678&client_secret=demo-secret"));
    await send("/v1/checkouts?reference=0712345678", { headers: { authorization: "Bearer demo-secret" } });
    await send("/0712345678/254712345678?token=demo-secret", { headers: { "user-agent": "254712345678" } });
    await send(`/pay/chk_none?token=${jwt}`, {});
    await run.call("POST", "/v1/checkouts", { phone_number: "+254 712 345 678", reference: "0712345678", amount: "x" });
    await run.call("POST", "/v1/checkouts", undefined, { raw: '{"phone_number":"0712345678"' });
    const { attempts } = await createCheckout(run, { phone_number: "0712345678", reference: "0712345678" });
    const capability = run.services.capabilities.mint("stk", attempts[0]?.id ?? "");
    await run.notify(capability, '{"Body":{"stkCallback":{"PhoneNumber":254712345678}}}');
    await run.notify(`${capability}0`, "254712345678");
    await run.pass();
    assert.ok(run.lines.length > 10);
  }, { env: { DARAJA_QUERIES_PER_MINUTE: "5" } });
});

Deno.test("a database that fails with personal data in its message does not log it", async () => {
  let broken = false;
  const failing = () => Promise.reject(new Error("UNIQUE constraint failed for +254712345678"));
  await inProcess(async (run) => {
    await run.token();
    broken = true;
    await run.call("GET", "/v1/checkouts/chk_x");
    broken = false;
  }, {
    wrapDatabase: (db) => ({
      read: (statements) => broken ? failing() : db.read(statements),
      write: (statements) => db.write(statements),
      close: () => db.close(),
    }),
  });
});
