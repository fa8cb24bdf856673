import assert from "node:assert/strict";
import {
  type Aggregate,
  applyFact,
  Evidence,
  type Fact,
  releasePayment,
  releaseReceipt,
} from "../../../src/domain/checkouts/machine.ts";
import { AMOUNT, attemptId, checkoutWithAttempts, confirmedPayment, STARTED } from "./fixtures.ts";

const paid = (receipt: string | null): Fact => ({
  kind: "paid",
  via: receipt === null ? "query" : "callback",
  paid: { paymentId: `pay_${receipt}`, amount: receipt === null ? null : AMOUNT, receipt, paidAt: null, phone: null },
});

const givenBack = (state: Aggregate): Aggregate => ({
  ...state,
  payments: state.payments.map((payment) => ({ ...payment, status: "refunded" })),
});

for (const receipt of ["R2", null]) {
  Deno.test(`a second prompt that is paid after the first money was given back is a duplicate (${receipt})`, () => {
    const first = givenBack(applyFact(checkoutWithAttempts(2), attemptId(0), paid("R1"), 1));
    const { checkout, attempts, payments } = applyFact(first, attemptId(1), paid(receipt), 2);
    assert.equal(checkout.status, "succeeded");
    assert.deepEqual(attempts.map(({ status }) => status), ["succeeded", "unknown"]);
    assert.deepEqual(payments.map(({ status }) => status), ["refunded", "duplicate_payment"]);
  });
}

Deno.test("a second prompt that was paid by money which went back meanwhile is a second one, and the first stays succeeded", () => {
  const first = applyFact(checkoutWithAttempts(2), attemptId(0), paid("R1"), 1);
  const gone = {
    ...confirmedPayment("R2", AMOUNT, null),
    status: "refunded" as const,
    paid_at: first.checkout.created_at,
  };
  const state = { ...first, payments: [...first.payments, gone] };
  const { attempts, payments } = applyFact(state, attemptId(1), paid(null), first.checkout.created_at + 2);
  assert.deepEqual(attempts.map(({ status }) => status), ["succeeded", "unknown"]);
  assert.deepEqual(payments.map(({ receipt, attempt_id }) => [receipt, attempt_id]), [
    ["R1", attemptId(0)],
    ["R2", attemptId(1)],
  ]);
});

Deno.test("when the money that settled a checkout proves to be another's, what had gone back before does not keep it settled", () => {
  const own = { ...confirmedPayment("R1"), attempt_id: attemptId(0), receipt_source: "callback" as const };
  const gone = { ...own, status: "refunded" as const, amount_refunded: AMOUNT };
  const guessed = { ...confirmedPayment("R2"), status: "matched" as const };
  const empty = checkoutWithAttempts(1);
  const settled: Aggregate = {
    checkout: { ...empty.checkout, status: "succeeded" },
    attempts: empty.attempts.map((attempt) => ({ ...attempt, evidence: Evidence.exact, status: "succeeded" })),
    payments: [gone, guessed],
  };
  for (
    const left of [releaseReceipt(settled, "R2", "pay_new", STARTED), releasePayment(settled, guessed.id, STARTED)]
  ) {
    assert.equal(left.checkout.status, "review");
  }
  const duplicate = { ...settled, payments: [gone, { ...guessed, status: "duplicate_payment" as const }] };
  assert.equal(releaseReceipt(duplicate, "R2", "pay_new", STARTED).checkout.status, "succeeded", "it had settled it");
});
