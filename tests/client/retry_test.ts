import assert from "node:assert/strict";
import { isMalipoError } from "../../src/client/mod.ts";
import { FakeService, order, problemAnswer } from "./support.ts";

for (
  const [name, answer] of [
    ["no answer", () => Promise.reject(new TypeError("connection refused"))],
    ["429", () => problemAnswer(429, "rate_limited", { "retry-after": "0" })],
    ["503", () => problemAnswer(503, "unavailable", { "retry-after": "0" })],
    ["a gateway's 502", () => new Response("<html>", { status: 502 })],
    ["the first request still running", () => problemAnswer(409, "idempotency_in_progress")],
  ] as const
) {
  Deno.test(`after ${name} the call is repeated with the same key and body`, async () => {
    const service = new FakeService([answer, answer]);
    await service.client().checkouts.create(order);
    assert.equal(service.requests.length, 3);
    assert.equal(new Set(service.keys()).size, 1);
    assert.ok(service.keys()[0]);
    assert.deepEqual(await Promise.all(service.requests.map((request) => request.json())), [order, order, order]);
  });
}

Deno.test("two calls have two keys, and a key that is given is used", async () => {
  const service = new FakeService();
  const malipo = service.client();
  await malipo.checkouts.create(order);
  await malipo.checkouts.create(order);
  await malipo.checkouts.create(order, { idempotencyKey: "order-1001-1" });
  const [first, second, third] = service.keys();
  assert.notEqual(first, second);
  assert.equal(third, "order-1001-1");
});

Deno.test("tries are bounded, and the last failure names the key to go on with", async () => {
  const service = new FakeService(Array(9).fill(() => Promise.reject(new TypeError("refused"))));
  await assert.rejects(service.client({ retries: 2 }).checkouts.create(order), (error) => {
    assert.ok(isMalipoError(error, "network_error"));
    assert.equal(error.idempotencyKey, service.keys()[0]);
    return true;
  });
  assert.equal(service.requests.length, 3);
});

for (
  const [status, code] of [
    [400, "invalid_json"],
    [404, "not_found"],
    [409, "wrong_state"],
    [409, "conflict"],
    [422, "validation_failed"],
    [500, "internal_error"],
  ] as const
) {
  Deno.test(`${status} ${code} is not repeated`, async () => {
    const service = new FakeService([() => problemAnswer(status, code)]);
    await assert.rejects(service.client().checkouts.create(order), (error) => isMalipoError(error, code));
    assert.equal(service.requests.length, 1);
  });
}

Deno.test("Retry-After is waited for; one that is too long is the caller's to wait", async () => {
  const service = new FakeService([() => problemAnswer(429, "rate_limited", { "retry-after": "1" })]);
  const before = Date.now();
  await service.client().checkouts.get("chk_1");
  assert.ok(Date.now() - before >= 990);
  const busy = new FakeService([() => problemAnswer(429, "rate_limited", { "retry-after": "3600" })]);
  await assert.rejects(
    busy.client().checkouts.get("chk_1"),
    (error) => isMalipoError(error, "rate_limited") && error.retryAfterSeconds === 3600,
  );
});

Deno.test("any number of calls at once fetch one token", async () => {
  const service = new FakeService();
  const malipo = service.client();
  await Promise.all(Array.from({ length: 20 }, () => malipo.checkouts.get("chk_1")));
  await malipo.checkouts.get("chk_1");
  assert.equal(service.issued, 1);
});

Deno.test("a token that is refused is renewed once, for all", async () => {
  const refuse = () => problemAnswer(401, "token_expired");
  const service = new FakeService([refuse, refuse]);
  const malipo = service.client();
  await Promise.all([malipo.checkouts.get("chk_1"), malipo.checkouts.get("chk_2")]);
  assert.equal(service.issued, 2);
  const locked = new FakeService([refuse, refuse, refuse]);
  await assert.rejects(locked.client().checkouts.get("chk_1"), (error) => isMalipoError(error, "token_expired"));
  assert.deepEqual([locked.requests.length, locked.issued], [2, 2]);
});

const never = (): Promise<Response> => new Promise(() => {});

Deno.test("an abort ends the call at once, in its own words", async () => {
  const service = new FakeService([never]);
  const controller = new AbortController();
  const malipo = service.client();
  const waiting = malipo.checkouts.get("chk_1", { signal: controller.signal });
  const reason = new Error("the shopper has left");
  controller.abort(reason);
  await assert.rejects(waiting, (error) => error === reason);
  await assert.rejects(malipo.checkouts.get("chk_1", { signal: controller.signal }), (error) => error === reason);
});

Deno.test("who gives up while a token is fetched does not take it from the others", async () => {
  const service = new FakeService();
  const controller = new AbortController();
  const malipo = service.client();
  const leaving = malipo.checkouts.get("chk_1", { signal: controller.signal });
  const staying = malipo.checkouts.get("chk_2");
  controller.abort();
  await assert.rejects(leaving);
  await staying;
  assert.equal(service.issued, 1);
});

Deno.test("a try that takes too long is given up and made again", async () => {
  const service = new FakeService([never]);
  await service.client({ timeoutMs: 30 }).checkouts.get("chk_1");
  assert.equal(service.requests.length, 2);
});

Deno.test("an answer that is not Malipo's is an error, not data", async () => {
  const page = () => new Response("<html>Welcome to the hotel's Wi-Fi</html>", { status: 200 });
  const service = new FakeService([page]);
  await assert.rejects(service.client().checkouts.get("chk_1"), (error) => isMalipoError(error, "unexpected_answer"));
});

Deno.test("an id that is none never becomes another address", async () => {
  const service = new FakeService();
  for (const id of ["", "..", "a/b", "chk_1?x=1"]) {
    await assert.rejects(async () => await service.client().checkouts.get(id), TypeError);
  }
  assert.equal(service.requests.length, 0);
});

Deno.test("a wait that ends says that the checkout may still be paid", async () => {
  const service = new FakeService();
  await assert.rejects(
    service.client().waitForCheckout("chk_1", { timeoutMs: 5, intervalMs: 1 }),
    (error) => isMalipoError(error, "wait_timed_out"),
  );
});

Deno.test("a wait for a payout ends with it, or where a person has to act, and goes on while it may still be paid", async () => {
  const service = (...seen: [string, boolean][]) =>
    new FakeService(seen.map(([status, needs_person]) => () => Response.json({ id: "pyt_1", status, needs_person })));
  const wait = (from: FakeService, until?: "ended") =>
    from.client().waitForPayout("pyt_1", { intervalMs: 1, ...(until === undefined ? {} : { until }) });
  assert.equal((await wait(service(["queued", false], ["in_doubt", false], ["succeeded", false]))).status, "succeeded");
  assert.equal((await wait(service(["awaiting_approval", false]))).status, "awaiting_approval");
  assert.equal((await wait(service(["in_doubt", true]))).status, "in_doubt");
  assert.equal((await wait(service(["in_doubt", true], ["failed", false]), "ended")).status, "failed");
});
