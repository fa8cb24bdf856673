import assert from "node:assert/strict";
import fc from "fast-check";
import { addAttempt, applyFact, Evidence, statusOfAttempt } from "../../../src/domain/checkouts/machine.ts";
import {
  AMOUNT,
  applyNews,
  cases,
  checkoutWithAttempts,
  confirmedPayment,
  failedFact,
  newAttempt,
  type News,
  paidFact,
} from "./fixtures.ts";

const of = (attempt: number, fact: Extract<News, { kind: "learn" }>["fact"]): News => ({
  kind: "learn",
  attempt,
  fact,
});
const query = paidFact(null, null, "query");
const expire: News = { kind: "expire" };

Deno.test("paid after failed, expired or cancelled records the payment", () => {
  for (const before of [of(0, failedFact("1032")), expire, { kind: "cancel" } as const]) {
    const state = applyNews(checkoutWithAttempts(1), [before, of(0, paidFact(AMOUNT, "STK0"))]);
    assert.equal(state.checkout.status, "succeeded");
    assert.deepEqual(state.payments.map(({ receipt, status }) => [receipt, status]), [["STK0", "matched"]]);
  }
});

Deno.test("failed never overrides paid", () => {
  const state = applyNews(checkoutWithAttempts(1), [
    of(0, query),
    of(0, failedFact("1032")),
    of(0, failedFact("2001", "query")),
    expire,
  ]);
  assert.equal(state.checkout.status, "succeeded");
  assert.equal(state.attempts[0]?.status, "succeeded");
});

Deno.test("two attempts both paid: one succeeds, the other's money is a duplicate", () => {
  for (const news of [[of(0, paidFact(AMOUNT, "A")), of(1, paidFact(AMOUNT, "B"))], [of(1, query), of(0, query)]]) {
    const state = applyNews(checkoutWithAttempts(2), news);
    assert.equal(state.checkout.status, "succeeded");
    assert.deepEqual(state.attempts.map(({ status }) => status).sort(), ["succeeded", "unknown"]);
    assert.deepEqual(state.payments.map(({ status }) => status).sort(), ["duplicate_payment", "matched"]);
  }
});

Deno.test("another amount than was asked is quarantined: the checkout is in review and nothing is booked", () => {
  const state = applyNews(checkoutWithAttempts(1), [of(0, paidFact(AMOUNT + 100, "STK0"))]);
  assert.equal(state.checkout.status, "review");
  assert.equal(state.attempts[0]?.status, "unknown");
  assert.deepEqual(state.payments, []);
});

Deno.test("a receipt that another checkout has is quarantined", () => {
  const foreign = { ...confirmedPayment("STK0", AMOUNT, "chk_2"), status: "matched" as const };
  const state = applyNews({ ...checkoutWithAttempts(1), payments: [foreign] }, [of(0, paidFact(AMOUNT, "STK0"))]);
  assert.equal(state.checkout.status, "review");
  assert.deepEqual(state.payments, [foreign]);
});

Deno.test("money parked without a checkout becomes the attempt's when its callback names the receipt", () => {
  const parked = confirmedPayment("STK0", AMOUNT, null);
  const state = applyNews({ ...checkoutWithAttempts(1), payments: [parked] }, [of(0, paidFact(AMOUNT, "STK0"))]);
  assert.equal(state.checkout.status, "succeeded");
  const [payment] = state.payments;
  assert.deepEqual([payment?.id, payment?.status, payment?.channel], [parked.id, "matched", "stk"]);
});

Deno.test("a payment known from a query takes the receipt that a callback or a confirmation brings", () => {
  const views: News[] = [of(0, paidFact(AMOUNT, "STK0")), { kind: "confirmation", receipt: "STK0", amount: AMOUNT }];
  for (const view of views) {
    const state = applyNews(checkoutWithAttempts(1), [of(0, query), view]);
    assert.deepEqual(state.payments.map(({ receipt }) => receipt), ["STK0"]);
  }
});

Deno.test("money of two prompts counts twice though a confirmation was first taken for the wrong one", () => {
  const late: News = { kind: "confirmation", receipt: "STK1", amount: AMOUNT };
  const state = applyNews(checkoutWithAttempts(2), [of(0, query), late, of(1, paidFact(AMOUNT, "STK1"))]);
  assert.deepEqual(state.payments.map(({ receipt }) => receipt), ["STK1", null]);
  assert.equal(state.payments.find(({ receipt }) => receipt === "STK1")?.attempt_id, "att_1");
  const ended = applyNews(state, [of(0, paidFact(AMOUNT, "STK0"))]);
  assert.deepEqual(ended.payments.map(({ receipt }) => receipt).sort(), ["STK0", "STK1"]);
});

Deno.test("a payment in doubt does not keep a sure one from settling the checkout", () => {
  const state = applyNews(checkoutWithAttempts(2), [
    of(0, query),
    of(0, paidFact(AMOUNT + 100, "STK0")),
    of(1, paidFact(AMOUNT, "STK1")),
  ]);
  assert.equal(state.checkout.status, "succeeded");
  assert.deepEqual(state.payments.map((p) => [p.attempt_id, p.status]), [
    ["att_0", "duplicate_payment"],
    ["att_1", "matched"],
  ]);
});

Deno.test("money for a checkout that is paid already is a duplicate", () => {
  const state = applyNews(checkoutWithAttempts(1), [of(0, paidFact(AMOUNT, "A")), {
    kind: "confirmation",
    receipt: "B",
    amount: AMOUNT,
  }]);
  assert.deepEqual(state.payments.map(({ status }) => status), ["matched", "duplicate_payment"]);
});

Deno.test("a refunded duplicate does not make a second attempt succeed", () => {
  const state = applyNews(checkoutWithAttempts(2), [of(0, paidFact(AMOUNT, "A")), of(1, paidFact(AMOUNT, "B"))]);
  const refunded = {
    ...state,
    payments: state.payments.map((p) => p.receipt === "B" ? { ...p, status: "refunded" as const } : p),
  };
  const after = applyNews(refunded, [of(1, query), expire]);
  assert.deepEqual(after.attempts.map(({ status }) => status), ["succeeded", "unknown"]);
});

Deno.test("an unknown attempt leaves the checkout open, and in review when it expires", () => {
  const open = applyNews(checkoutWithAttempts(1), [of(0, { kind: "plan_ended" })]);
  assert.deepEqual([open.attempts[0]?.status, open.checkout.status], ["unknown", "open"]);
  assert.equal(applyNews(open, [expire]).checkout.status, "review");
});

Deno.test("a failed attempt leaves the checkout open, and expired when it expires", () => {
  const open = applyNews(checkoutWithAttempts(1), [of(0, failedFact("1032"))]);
  assert.equal(open.checkout.status, "open");
  assert.equal(applyNews(open, [expire]).checkout.status, "expired");
});

Deno.test("an attempt under way keeps a checkout pending past its expiry", () => {
  assert.equal(applyNews(checkoutWithAttempts(1), [expire]).checkout.status, "pending");
});

Deno.test("a new prompt makes an open checkout pending again", () => {
  const open = applyNews(checkoutWithAttempts(1), [of(0, failedFact("1032"))]);
  assert.equal(addAttempt(open, newAttempt(1), open.checkout.created_at).checkout.status, "pending");
});

Deno.test("a callback's failure is shown rather than a query's, and a query's rather than a refusal", () => {
  const state = applyNews(checkoutWithAttempts(1), [of(0, failedFact("2001")), of(0, failedFact("1032", "query"))]);
  assert.equal(state.attempts[0]?.result_code, "2001");
});

Deno.test("the ids of the first acceptance stay", () => {
  const first = new Uint8Array([1]);
  const state = applyNews(checkoutWithAttempts(1), [
    of(0, { kind: "accepted", requestIds: first }),
    of(0, { kind: "accepted", requestIds: new Uint8Array([2]) }),
  ]);
  assert.equal(state.attempts[0]?.request_ids, first);
});

Deno.test("learn() refuses an attempt of another checkout", () => {
  assert.throws(() => applyFact(checkoutWithAttempts(0), "att_9", query, 1), /att_9/);
});

Deno.test("more evidence never takes an attempt back from succeeded but by doubt about the money", () => {
  const doubts = Evidence.mismatch | Evidence.second;
  fc.assert(fc.property(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), (some, more) => {
    if (statusOfAttempt(some) === "succeeded" && (more & doubts) === 0) {
      assert.equal(statusOfAttempt(some | more), "succeeded");
    }
  }));
});

Deno.test("receipts are unique, one attempt at most succeeds, no more than was asked is matched, after every step", () => {
  fc.assert(
    fc.property(cases, ({ attempts, news }) => {
      let state = checkoutWithAttempts(attempts);
      for (const [step, piece] of news.entries()) {
        const before = state.payments.length;
        state = applyNews(state, [piece], step);
        const receipts = state.payments.flatMap(({ receipt }) => receipt === null ? [] : [receipt]);
        assert.equal(new Set(receipts).size, receipts.length);
        assert.ok(state.attempts.filter(({ status }) => status === "succeeded").length <= 1);
        const matched = state.payments.filter(({ status }) => status === "matched");
        assert.ok(matched.reduce((sum, { amount }) => sum + amount, 0) <= AMOUNT);
        assert.ok(state.payments.length >= before, "a payment never goes away");
      }
    }),
    { numRuns: 2_000 },
  );
});
