import assert from "node:assert/strict";
import { createBreaker } from "../../src/daraja/breaker.ts";
import { createBucket } from "../../src/daraja/bucket.ts";
import { APP, build, fakeDaraja, fixture, PUSH, stillClock, STK_ACK } from "./support.ts";

const BREAKER = { failureThreshold: 3, failureSpanMs: 1_000, openMs: 5_000 };
const QUERY = { businessShortcode: "600000", passkey: "passkey", checkoutRequestId: "ws_CO_1" };

Deno.test("after enough transport failures pushes fail fast, provably unsent, and a query waits", async () => {
  await using server = fakeDaraja(() => new Response("<html>", { status: 503 }));
  const { daraja, clock } = build(server.baseUrl, { breaker: BREAKER });
  for (let i = 0; i < 3; i += 1) {
    assert.equal((await daraja.stkPush(APP, PUSH)).outcome, "ambiguous");
    clock.at += 500;
  }
  const open = await daraja.stkPush(APP, PUSH);
  assert.deepEqual(open, { outcome: "unreachable", reason: "breaker_open" });
  assert.deepEqual(await daraja.stkQuery(APP, QUERY), { kind: "pending", reason: "unreachable" });
  assert.equal(server.count("/mpesa/"), 3);
  const other = { ...PUSH, businessShortcode: "600001" };
  assert.equal((await daraja.stkPush(APP, other)).outcome, "ambiguous", "another shortcode has its own");
});

Deno.test("one probe closes the breaker, or keeps it open", async () => {
  let up = false;
  await using server = fakeDaraja(() => up ? Response.json(STK_ACK) : new Response("", { status: 502 }));
  const { daraja, clock } = build(server.baseUrl, { breaker: { ...BREAKER, failureSpanMs: 0 } });
  for (let i = 0; i < 3; i += 1) await daraja.stkPush(APP, PUSH);
  clock.at += 5_000;
  const half = await Promise.all([daraja.stkPush(APP, PUSH), daraja.stkPush(APP, PUSH)]);
  assert.deepEqual(half.map((answer) => answer.outcome).sort(), ["ambiguous", "unreachable"]);
  assert.equal((await daraja.stkPush(APP, PUSH)).outcome, "unreachable");
  up = true;
  clock.at += 5_000;
  for (let i = 0; i < 2; i += 1) assert.equal((await daraja.stkPush(APP, PUSH)).outcome, "accepted");
});

Deno.test("business answers never open the breaker", async () => {
  const answers = ["err-400.002.02-phonenumber.json", "err-500.001.1001-lock-subscriber.json"].map(fixture);
  await using server = fakeDaraja((_asked, nth) =>
    new Response(answers[nth % 2] ?? "", { status: nth % 2 ? 500 : 400 })
  );
  const { daraja } = build(server.baseUrl, { breaker: { failureThreshold: 1, failureSpanMs: 0, openMs: 5_000 } });
  for (let i = 0; i < 5; i += 1) assert.equal((await daraja.stkPush(APP, PUSH)).outcome, "rejected");
});

Deno.test("a burst of failures at one moment is a blip, not an outage", () => {
  const clock = stillClock();
  const breaker = createBreaker(clock, BREAKER);
  for (let i = 0; i < 50; i += 1) breaker.requestPermit("600000")?.done("failed");
  assert.ok(breaker.requestPermit("600000"));
  clock.at += 1_000;
  breaker.requestPermit("600000")?.done("failed");
  assert.equal(breaker.requestPermit("600000"), null);
});

Deno.test("one answer in between starts the count again", () => {
  const breaker = createBreaker(stillClock(), { ...BREAKER, failureSpanMs: 0 });
  for (const result of ["failed", "failed", "answered", "failed", "failed"] as const) {
    breaker.requestPermit("1")?.done(result);
  }
  assert.ok(breaker.requestPermit("1"));
});

Deno.test("a bucket gives one turn an interval, after a burst", () => {
  const clock = stillClock();
  const bucket = createBucket(clock, 100, 3);
  assert.deepEqual([1, 2, 3, 4].map(() => bucket.take("a")), [0, 0, 0, 100]);
  clock.at += 100;
  assert.deepEqual([1, 2].map(() => bucket.take("a")), [0, 100]);
  clock.at += 10_000;
  assert.deepEqual([1, 2, 3, 4].map(() => bucket.take("a")), [0, 0, 0, 100], "idle time saves no more than a burst");
});

Deno.test("a punished bucket gives no turn until its pause is over, whatever its burst", () => {
  const clock = stillClock();
  const bucket = createBucket(clock, 100, 3);
  assert.equal(bucket.pause("a", 7_000), 7_000);
  clock.at += 6_999;
  assert.equal(bucket.take("a"), 1);
  clock.at += 1;
  assert.equal(bucket.take("a"), 0);
});
