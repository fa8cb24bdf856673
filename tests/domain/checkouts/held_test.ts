import assert from "node:assert/strict";
import {
  addPaybillPayment,
  type Aggregate,
  applyFact,
  assignPayment,
  type Payment,
  releasePayment,
  releaseReceipt,
  settleAgain,
} from "../../../src/domain/checkouts/machine.ts";
import { choosePrompt } from "../../../src/domain/checkouts/waiting-prompts.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { inProcess } from "../../support/in-process.ts";
import { createRefund, payPaybill } from "../../support/money.ts";
import { AMOUNT, attemptId, checkoutWithAttempts, confirmedPayment } from "./fixtures.ts";

/* Issue 13, item 9: a checkout is settled by what is held, the amount less what refunds have given and promised back. */

const AT = checkoutWithAttempts(0).checkout.created_at + 1_000;
const add = (state: Aggregate, receipt: string, amount: number): Aggregate =>
  addPaybillPayment(state, confirmedPayment(receipt, amount), AT);
const promise = (state: Aggregate, receipt: string, amount_promised: number): Aggregate => ({
  ...state,
  payments: state.payments.map((p) => (p.receipt === receipt ? { ...p, amount_promised } : p)),
});
const statuses = ({ checkout, payments }: Aggregate) => [checkout.status, ...payments.map(({ status }) => status)];

Deno.test("a part counts with what is held of it: 1,000 of which 400 go back do not pay what 1,000 would", () => {
  const part = promise(add(checkoutWithAttempts(0), "P1", 100_000), "P1", 40_000);
  assert.deepEqual(statuses(add(part, "P2", 50_000)), ["open", "partial", "partial"]);
  assert.deepEqual(statuses(add(part, "P2", 90_000)), ["succeeded", "matched", "matched"]);
});

Deno.test("a refund that failed gives the part back to its checkout", () => {
  const waiting = add(promise(add(checkoutWithAttempts(0), "P1", 100_000), "P1", 40_000), "P2", 50_000);
  assert.deepEqual(statuses(settleAgain(promise(waiting, "P1", 0), AT)), ["succeeded", "matched", "matched"]);
});

Deno.test("a part that is wholly promised back does not help to pay, whatever else arrives", () => {
  const part = promise(add(checkoutWithAttempts(0), "P1", 50_000), "P1", 50_000);
  assert.equal(add(part, "P2", 100_000).checkout.status, "open");
});

Deno.test("parts that lose one of them, because it was another checkout's, wait again", () => {
  const paid = add(add(checkoutWithAttempts(0), "P1", 100_000), "P2", 50_000);
  assert.equal(paid.checkout.status, "succeeded");
  assert.deepEqual(statuses(releasePayment(paid, "pay_c2b_P2", AT)), ["open", "partial"]);
});

Deno.test("a part that was given back does not keep a checkout paid whose money was another checkout's", () => {
  const paid = add(add(checkoutWithAttempts(0), "P1", 100_000), "R1", AMOUNT);
  const back: Aggregate = {
    ...paid,
    payments: paid.payments.map((p): Payment => p.receipt === "P1" ? { ...p, status: "refunded" } : p),
  };
  assert.equal(settleAgain(back, AT).checkout.status, "succeeded");
  assert.equal(releaseReceipt(back, "R1", "pay_x", AT).checkout.status, "open");
});

Deno.test("a person's word stays, whatever is left of the parts beside it", () => {
  const part = add(add(checkoutWithAttempts(0), "P1", 100_000), "P2", 20_000);
  const decided = assignPayment(part, "pay_c2b_P1", AT);
  assert.equal(settleAgain(promise(decided, "P2", 20_000), AT).checkout.status, "succeeded");
});

Deno.test("a prompt that was paid by money which is promised back leaves its checkout to a person, until the refund fails", () => {
  const free = { ...confirmedPayment("R1", AMOUNT, null), status: "unmatched" as const, paid_at: AT };
  const state = promise({ ...checkoutWithAttempts(1), payments: [free] }, "R1", 60_000);
  const paid = applyFact(state, attemptId(0), {
    kind: "paid",
    via: "query",
    paid: { paymentId: "pay_q", amount: null, receipt: null, paidAt: null, phone: null },
  }, AT + 1_000);
  assert.deepEqual([paid.checkout.status, paid.payments.map((p) => p.receipt)], ["review", ["R1"]]);
  assert.equal(settleAgain(promise(paid, "R1", 0), AT).checkout.status, "succeeded");
});

Deno.test("a query takes money that nobody gives back before money that is promised back", () => {
  const money = (receipt: string, promised: number): Payment => ({
    ...confirmedPayment(receipt, AMOUNT, null),
    status: "unmatched",
    paid_at: AT,
    amount_promised: promised,
  });
  const state = { ...checkoutWithAttempts(1), payments: [money("R1", 60_000), money("R2", 0)] };
  const paid = applyFact(state, attemptId(0), {
    kind: "paid",
    via: "query",
    paid: { paymentId: "pay_q", amount: null, receipt: null, paidAt: null, phone: null },
  }, AT + 1_000);
  assert.equal(paid.payments.find((p) => p.attempt_id === attemptId(0))?.receipt, "R2");
});

Deno.test("inferred money that is going back gives way to any other, also to later money", () => {
  const prompt = {
    paymentId: "pay_1",
    checkoutId: "chk_1",
    account: "A",
    pushedAt: AT,
    knownPaidAt: AT + 60_000,
    inferred: { receipt: "R1", paidAt: AT, isGoingBack: true },
  };
  const arrival = { receipt: "R2", amount: AMOUNT, accountReference: null, paidAt: AT + 10_000 };
  assert.equal(choosePrompt([prompt], arrival, AT).displaces, "pay_1");
  const kept = { ...prompt, inferred: { ...prompt.inferred, isGoingBack: false } };
  assert.equal(choosePrompt([kept], arrival, AT).displaces, null);
});

Deno.test("a review that a part caused ends when the part has been given back", () =>
  inProcess(async (run) => {
    const checkout = await createCheckout(run, { account_reference: "ROOM7", expires_in: 60 });
    await payPaybill(run, { amount: 500, reference: "ROOM7" });
    await run.pass(90_000);
    assert.equal((await getCheckout(run, checkout.id)).status, "review");
    const { body } = await run.call<{ data: { id: string }[] }>("GET", `/v1/payments?checkout=${checkout.id}`);
    await createRefund(run, body.data[0]?.id ?? "");
    await run.pass(10_000);
    assert.equal((await getCheckout(run, checkout.id)).status, "expired");
  }));
