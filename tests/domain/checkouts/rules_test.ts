import assert from "node:assert/strict";
import {
  addPaybillPayment,
  type Aggregate,
  applyFact,
  assignPayment,
  displaceInferred,
  Evidence,
  expire,
  type Fact,
  findFree,
  releaseReceipt,
  statusOfAttempt,
  statusOfCheckout,
} from "../../../src/domain/checkouts/machine.ts";
import { AMOUNT, attemptId, checkoutWithAttempts, confirmedPayment, failedFact, paidFact } from "./fixtures.ts";

const START = checkoutWithAttempts(0).checkout.created_at;
const MINUTE_MS = 60_000;

const paid = (id: string, receipt: string | null, amount: number | null = AMOUNT): Fact => {
  const fact = paidFact(amount, receipt, receipt === null ? "query" : "callback");
  return fact.kind === "paid" ? { ...fact, paid: { ...fact.paid, paymentId: id } } : fact;
};
const learn = (state: Aggregate, facts: readonly Fact[], attempt = 0, now = START + 1_000): Aggregate =>
  facts.reduce((before, fact) => applyFact(before, attemptId(attempt), fact, now), state);
const seen = (receipt: string, amount: number, changes: Partial<Aggregate["payments"][number]> = {}) => ({
  ...confirmedPayment(receipt, amount),
  id: `pay_${receipt}`,
  ...changes,
});
const receipts = ({ payments }: Aggregate) => payments.map(({ receipt, status }) => [receipt, status]);

for (const difference of [-100, 100]) {
  Deno.test(`a prompt that was paid with ${difference} cents more than was asked settles nothing, and needs a person`, () => {
    const state = learn(checkoutWithAttempts(1), [paid("p", "R1", AMOUNT + difference)]);
    assert.deepEqual([state.checkout.status, state.attempts[0]?.status, state.payments], ["review", "unknown", []]);
    const after = learn(state, [failedFact("1032")]);
    assert.deepEqual([after.checkout.status, after.attempts[0]?.status], ["review", "unknown"]);
  });
}

Deno.test("a source that names no amount does not outweigh one that names another amount", () => {
  for (
    const facts of [[paid("p", null, null), paid("q", "R1", AMOUNT + 100)], [
      paid("q", "R1", 100),
      paid("p", null, null),
    ]]
  ) {
    assert.equal(learn(checkoutWithAttempts(1), facts).checkout.status, "review");
  }
  assert.equal(statusOfAttempt(Evidence.claimed | Evidence.mismatch), "unknown");
  assert.equal(statusOfAttempt(Evidence.exact | Evidence.mismatch), "succeeded");
});

Deno.test("money that a query told of is the money of a confirmation within half an hour, and of the same amount", () => {
  const told = learn(checkoutWithAttempts(1), [paid("p", null, null)]);
  const after = (minutes: number, amount = AMOUNT) =>
    receipts(addPaybillPayment(told, seen("R1", amount, { created_at: START + 1_000 + minutes * MINUTE_MS }), START));
  assert.deepEqual(after(29), [["R1", "matched"]]);
  assert.deepEqual(after(31), [[null, "matched"], ["R1", "duplicate_payment"]]);
  assert.equal(after(1, AMOUNT - 100).length, 2, "another amount is other money");
});

Deno.test("money that moved before the push or after we knew that it was paid is other money", () => {
  const told = learn(checkoutWithAttempts(1), [paid("p", null, null)], 0, START + 10 * MINUTE_MS);
  const after = (minutes: number) =>
    addPaybillPayment(told, seen("R1", AMOUNT, { paid_at: START + minutes * MINUTE_MS }), START).payments.length;
  assert.deepEqual([after(-6), after(0), after(5), after(10), after(16)], [2, 1, 1, 1, 2]);
});

Deno.test("money at the paybill that no prompt claims is what a query then tells of, within half an hour", () => {
  const claimed = (minutes: number, amount = AMOUNT) => {
    const before = addPaybillPayment(checkoutWithAttempts(1), seen("R1", amount, { created_at: START }), START);
    return learn(before, [paid("p", null, null)], 0, START + minutes * MINUTE_MS).payments.length;
  };
  assert.deepEqual([claimed(29), claimed(31), claimed(1, AMOUNT - 100)], [1, 2, 2]);
});

Deno.test("one receipt is one payment, however often it is confirmed", () => {
  const once = addPaybillPayment(checkoutWithAttempts(0), seen("R1", AMOUNT), START);
  assert.deepEqual(addPaybillPayment(once, seen("R1", AMOUNT, { id: "pay_again" }), START), once);
});

Deno.test("of two payments of the whole amount the second is to be given back", () => {
  const once = addPaybillPayment(checkoutWithAttempts(0), seen("R1", AMOUNT), START);
  const twice = addPaybillPayment(once, seen("R2", AMOUNT), START);
  assert.deepEqual(receipts(twice), [["R1", "matched"], ["R2", "duplicate_payment"]]);
  const both = learn(learn(checkoutWithAttempts(2), [paid("p", "R1")]), [paid("q", "R2")], 1);
  assert.deepEqual(receipts(both), [["R1", "matched"], ["R2", "duplicate_payment"]]);
});

Deno.test("a part waits, and a part of a paid checkout is to be given back", () => {
  const part = addPaybillPayment(checkoutWithAttempts(0), seen("R1", 100), START);
  assert.deepEqual([part.checkout.status, ...receipts(part)], ["open", ["R1", "partial"]]);
  const settled = addPaybillPayment(part, seen("R2", AMOUNT), START);
  assert.deepEqual(receipts(settled), [["R1", "duplicate_payment"], ["R2", "matched"]]);
  const two = addPaybillPayment(part, seen("R2", AMOUNT - 100), START);
  assert.deepEqual([two.checkout.status, ...receipts(two)], ["succeeded", ["R1", "matched"], ["R2", "matched"]]);
});

Deno.test("a person's match counts parts only as far as they fit into what is still due", () => {
  const parts = [seen("R1", 100_000), seen("R2", 100_000)].reduce(
    (state, part) => addPaybillPayment(state, part, START),
    checkoutWithAttempts(0),
  );
  const chosen = seen("R3", 50_000, { checkout_id: null, status: "unmatched" });
  const after = assignPayment({ ...parts, payments: [...parts.payments, chosen] }, chosen.id, START);
  const matched = after.payments.filter(({ status }) => status === "matched");
  assert.equal(matched.reduce((sum, { amount }) => sum + amount, 0), AMOUNT);
});

Deno.test("a checkout expires at its time, not before", () => {
  const { checkout } = checkoutWithAttempts(0);
  assert.equal(expire(checkoutWithAttempts(0), checkout.expires_at - 1).checkout.status, "open");
  assert.equal(expire(checkoutWithAttempts(0), checkout.expires_at).checkout.status, "expired");
});

Deno.test("a checkout that expires with a part or with an unanswered prompt needs a person", () => {
  const { expires_at } = checkoutWithAttempts(0).checkout;
  const part = addPaybillPayment(checkoutWithAttempts(0), seen("R1", 100), START);
  assert.equal(expire(part, expires_at).checkout.status, "review");
  const unanswered = learn(checkoutWithAttempts(1), [{ kind: "plan_ended" }]);
  assert.equal(expire(unanswered, expires_at).checkout.status, "review");
});

Deno.test("money that went back before it settled anything does not pay a checkout", () => {
  const part = addPaybillPayment(checkoutWithAttempts(0), seen("R1", 100), START);
  const back = { ...part, payments: part.payments.map((p) => ({ ...p, status: "refunded" as const })) };
  assert.notEqual(statusOfCheckout(back), "succeeded");
});

Deno.test("a proven payment settles the checkout before one that is in doubt", () => {
  const claimed = learn(checkoutWithAttempts(2), [paid("p", null, null)]);
  const proven = learn(claimed, [paid("q", "R2")], 1);
  const doubtful = learn(proven, [paid("r", "R1", AMOUNT + 100)]);
  assert.equal(doubtful.checkout.status, "succeeded");
  assert.equal(doubtful.payments.find(({ receipt }) => receipt === "R2")?.status, "matched");
});

Deno.test("a callback whose receipt is known as money of another amount settles nothing", () => {
  for (const amount of [AMOUNT - 100, AMOUNT * 10]) {
    const known = seen("R1", amount, { checkout_id: null, status: "unmatched" });
    const before = { ...checkoutWithAttempts(1), payments: [known] };
    const state = learn(before, [paid("p", "R1")]);
    assert.equal(state.checkout.status, "review");
    assert.deepEqual(state.payments, [known]);
  }
});

Deno.test("only a receipt that was inferred gives way to earlier money", () => {
  const proven = learn(checkoutWithAttempts(1), [paid("p", "R1")]);
  const earlier = seen("R0", AMOUNT, { checkout_id: null, status: "unmatched" });
  assert.deepEqual(displaceInferred(proven, "p", earlier, START), proven);
  const inferred = {
    ...proven,
    payments: proven.payments.map((p) => ({ ...p, receipt_source: "inferred" as const })),
  };
  const after = displaceInferred(inferred, "p", earlier, START);
  assert.deepEqual(receipts(after).toSorted(), [["R0", "matched"], ["R1", "unmatched"]]);
});

/** Unmatched money that a prompt of the checkout may have been paid by. */
const free = (receipt: string, changes: Partial<Aggregate["payments"][number]> = {}) =>
  seen(receipt, AMOUNT, { checkout_id: null, status: "unmatched", paid_at: START + MINUTE_MS, ...changes });
const withFree = (...payments: Aggregate["payments"]): Aggregate => ({ ...checkoutWithAttempts(1), payments });

Deno.test("a prompt that a query calls paid takes unmatched money of its amount and account that moved after it", () => {
  const found = (changes: Partial<Aggregate["payments"][number]>) =>
    findFree(withFree(free("R1", changes)), attemptId(0), START + 2 * MINUTE_MS)?.receipt ?? null;
  assert.equal(found({}), "R1");
  assert.equal(found({ account_reference: null }), "R1", "a till names no account");
  assert.equal(found({ amount: AMOUNT - 100 }), null, "another amount");
  assert.equal(found({ paid_at: START - 6 * MINUTE_MS }), null, "before the prompt");
  assert.equal(found({ paid_at: START + 8 * MINUTE_MS }), null, "after the query");
  assert.equal(found({ account_reference: "OTHER" }), null, "another account");
  assert.equal(found({ checkout_id: "chk_2", status: "matched" }), null, "another checkout's");
});

Deno.test("money that a query only pointed to is an inference, until a callback names a receipt", () => {
  const inferred = learn(withFree(free("R1")), [paid("p", null, null)], 0, START + 2 * MINUTE_MS);
  assert.deepEqual(inferred.payments.map((p) => [p.receipt, p.receipt_source, p.status]), [[
    "R1",
    "inferred",
    "matched",
  ]]);
  const proven = learn(inferred, [paid("q", "R2")], 0, START + 3 * MINUTE_MS);
  assert.equal(proven.checkout.status, "succeeded");
  assert.deepEqual(
    proven.payments.map((p) => [p.receipt, p.receipt_source, p.status, p.checkout_id]).toSorted(),
    [["R1", "notice", "unmatched", null], ["R2", "callback", "matched", "chk_1"]],
  );
});

Deno.test("a callback merges the payment without a receipt into the one that has it", () => {
  const told = learn(checkoutWithAttempts(1), [paid("p", null, null)]);
  const known = free("R1", { account_reference: "OTHER" });
  const after = learn({ ...told, payments: [...told.payments, known] }, [paid("q", "R1")]);
  assert.deepEqual(after.payments.map((p) => [p.id, p.receipt, p.status]), [["pay_R1", "R1", "matched"]]);
});

Deno.test("an order whose money was proven to be another's is settled by its own second payment", () => {
  const first = addPaybillPayment(checkoutWithAttempts(0), seen("R1", AMOUNT), START);
  const both = addPaybillPayment(first, seen("R2", AMOUNT), START);
  const after = releaseReceipt(both, "R1", "pay_placeholder", START);
  assert.deepEqual([after.checkout.status, receipts(after)], ["succeeded", [["R2", "matched"]]]);
});

Deno.test("a prompt whose money went back before it settled the order leaves the order to a person", () => {
  const paidOnce = learn(checkoutWithAttempts(1), [paid("p", "R1")]);
  const back = paidOnce.payments.map((p) => ({ ...p, status: "refunded" as const }));
  const unsettled = { ...paidOnce, checkout: { ...paidOnce.checkout, status: "pending" as const }, payments: back };
  assert.equal(statusOfCheckout(unsettled), "review");
  assert.equal(statusOfCheckout({ ...paidOnce, payments: back }), "succeeded", "it had settled the order before");
});
