import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addPaybillPayment,
  type Aggregate,
  applyFact,
  assignPayment,
  expire,
  releasePayment,
} from "../../../src/domain/checkouts/machine.ts";
import { AMOUNT, applyNews, attemptId, checkoutWithAttempts, confirmedPayment, paidFact } from "./fixtures.ts";

const AT = checkoutWithAttempts(0).checkout.created_at + 1_000;
const part = (receipt: string, amount: number) => ({ ...confirmedPayment(receipt, amount), id: `pay_${receipt}` });
const withParts = (amounts: readonly number[], state: Aggregate = checkoutWithAttempts(0)): Aggregate =>
  amounts.reduce((before, amount, i) => addPaybillPayment(before, part(`R${i}`, amount), AT), state);
const statusesOf = ({ checkout, payments }: Aggregate) => [checkout.status, ...payments.map(({ status }) => status)];

Deno.test("parts settle a checkout when some of them add up to its amount, and the rest is to be given back", () => {
  assert.deepEqual(statusesOf(withParts([100_000, 20_000])), ["open", "partial", "partial"]);
  assert.deepEqual(statusesOf(withParts([100_000, 20_000, 50_000])), [
    "succeeded",
    "matched",
    "duplicate_payment",
    "matched",
  ]);
});

Deno.test("parts in any order settle a checkout or leave it open alike", () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 15 }).map((n) => n * 10_000), { maxLength: 8 });
  const shuffled = amounts.chain((some) =>
    fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }))
  );
  fc.assert(fc.property(shuffled, ([some, other]) => {
    const [a, b] = [withParts(some), withParts(other)];
    assert.equal(a.checkout.status, b.checkout.status);
    const matched = a.payments.filter(({ status }) => status === "matched");
    const sum = matched.reduce((total, { amount }) => total + amount, 0);
    assert.equal(sum, a.checkout.status === "succeeded" ? AMOUNT : 0);
  }));
});

Deno.test("up to twenty parts, paid at any times and told in any order, settle a checkout or leave it alike", () => {
  const one = fc.record({
    amount: fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 10, max: 150 })).map((n) => n * 1_000),
    paidAt: fc.option(fc.integer({ min: AT - 3_600_000, max: AT + 3_600_000 })),
  });
  const told = fc.array(one, { minLength: 0, maxLength: 20 }).chain((parts) => {
    const numbered = parts.map((each, i) => ({ ...each, receipt: `R${i}` }));
    return fc.tuple(fc.constant(numbered), fc.shuffledSubarray(numbered, { minLength: parts.length }));
  });
  const tell = (parts: readonly { receipt: string; amount: number; paidAt: number | null }[]) =>
    parts.reduce(
      (state, { receipt, amount, paidAt }, i) =>
        addPaybillPayment(state, { ...part(receipt, amount), paid_at: paidAt }, AT + i * 1_000),
      checkoutWithAttempts(0),
    );
  fc.assert(fc.property(told, ([parts, shuffled]) => {
    const states = [tell(parts), tell(shuffled), tell([...shuffled, ...parts])]; // the last: each is told twice
    const total = parts.reduce((sum, { amount }) => sum + amount, 0);
    for (const { checkout, payments } of states) {
      assert.equal(payments.length, parts.length);
      assert.equal(checkout.status, states[0]?.checkout.status);
      const settled = payments.filter(({ status }) => status === "matched");
      const sum = settled.reduce((all, { amount }) => all + amount, 0);
      assert.equal(sum, checkout.status === "succeeded" ? AMOUNT : 0);
      const rest = payments.filter(({ status }) => status === "partial" || status === "duplicate_payment");
      assert.equal(sum + rest.reduce((all, { amount }) => all + amount, 0), total, "no part is lost");
    }
  }));
});

Deno.test("parts that pay a checkout together do so however many others came between them, and before or after them", () => {
  const others = Array.from({ length: 20 }, (_, i) => 1_300 + i * 600); // 13, 19, 25 ... shillings: none fits beside the pair
  const pair = [AMOUNT - 500, 500];
  const isPaid = (amounts: readonly number[]) => withParts(amounts).checkout.status === "succeeded";
  const [first = 0, second = 0] = pair;
  assert.ok(isPaid([first, ...others, second]));
  assert.ok(isPaid([first, second, ...others]));
  assert.ok(isPaid([...others, second, first]));
  assert.ok(!isPaid([first, ...others]));
});

Deno.test("forty parts with cents are searched at once", () => {
  const cents = Array.from({ length: 40 }, (_, i) => 1_000 + i * 100 + (i % 2));
  assert.equal(withParts([...cents, AMOUNT - cents.reduce((sum, one) => sum + one, 0)]).checkout.status, "succeeded");
});

Deno.test("a part that was paid beside a prompt is a duplicate, whichever came first", () => {
  const news = paidFact(AMOUNT, "STK0");
  const before = applyFact(withParts([100_000], checkoutWithAttempts(1)), attemptId(0), {
    kind: "paid",
    via: "callback",
    paid: newPaid(news),
  }, AT);
  const after = withParts([100_000], applyNews(checkoutWithAttempts(1), [{ kind: "learn", attempt: 0, fact: news }]));
  for (const state of [before, after]) {
    assert.deepEqual(statusesOf(state).toSorted(), ["duplicate_payment", "matched", "succeeded"]);
  }
});

const newPaid = (fact: ReturnType<typeof paidFact>) => {
  assert.equal(fact.kind, "paid");
  return { ...(fact as Extract<typeof fact, { kind: "paid" }>).paid, paymentId: "pay_stk" }; // asserted above
};

Deno.test("a checkout that expires with a part is in review, and without one expired", () => {
  const end = checkoutWithAttempts(0).checkout.expires_at;
  assert.equal(expire(withParts([100_000]), end).checkout.status, "review");
  assert.equal(expire(withParts([]), end).checkout.status, "expired");
});

Deno.test("a person's word settles a checkout, whatever the amount, and counts in the parts that fit", () => {
  const parked = (amount: number) => ({ ...confirmedPayment("HAND", amount, null), id: "pay_HAND" });
  const by = (amount: number, parts: readonly number[]) => {
    const state = withParts(parts);
    return statusesOf(assignPayment({ ...state, payments: [...state.payments, parked(amount)] }, "pay_HAND", AT));
  };
  assert.deepEqual(by(160_000, []), ["succeeded", "matched"]);
  assert.deepEqual(by(90_000, []), ["succeeded", "matched"]);
  assert.deepEqual(by(50_000, [100_000]), ["succeeded", "matched", "matched"]);
  assert.deepEqual(by(150_000, [100_000]), ["succeeded", "duplicate_payment", "matched"]);
  assert.throws(() => assignPayment(withParts([]), "pay_unknown", AT), /pay_unknown/);
});

Deno.test("a part that is taken away leaves its checkout as if it had not come", () => {
  const end = checkoutWithAttempts(0).checkout.expires_at;
  const state = releasePayment(expire(withParts([100_000]), end), "pay_R0", end);
  assert.deepEqual(statusesOf(state), ["expired"]);
});

Deno.test("a checkout that the paybill paid stays succeeded when the money is given back", () => {
  const state = withParts([AMOUNT]);
  const refunded = { ...state, payments: state.payments.map((p) => ({ ...p, status: "refunded" as const })) };
  assert.equal(expire(refunded, state.checkout.expires_at).checkout.status, "succeeded");
});

Deno.test("a checkout that is cancelled while it holds a part goes to review: somebody's money is in it", () => {
  const part = applyNews(checkoutWithAttempts(0), [{ kind: "confirmation", receipt: "UKM1", amount: 50_000 }]);
  assert.equal(applyNews(part, [{ kind: "cancel" }]).checkout.status, "review");
  assert.equal(applyNews(checkoutWithAttempts(0), [{ kind: "cancel" }]).checkout.status, "cancelled");
});
