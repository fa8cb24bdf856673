import assert from "node:assert/strict";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import {
  addPaybillPayment,
  type Aggregate,
  amountDue,
  amountToAsk,
  applyFact,
  receivedOf,
  releasePayment,
} from "../../../src/domain/checkouts/machine.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { createRefund, getPayment, payPaybill } from "../../support/money.ts";
import { AMOUNT, attemptId, checkoutWithAttempts, confirmedPayment, newAttempt, paidFact } from "./fixtures.ts";

/* Issue 14, item 1: what is left to be paid, and prompts that ask for that. */

const AT = checkoutWithAttempts(0).checkout.created_at + 1_000;
const add = (state: Aggregate, receipt: string, amount: number): Aggregate =>
  addPaybillPayment(state, confirmedPayment(receipt, amount), AT);
const withRest = (state: Aggregate, index: number, amount: number): Aggregate => ({
  ...state,
  attempts: [...state.attempts, { ...newAttempt(index), amount, created_at: AT + 1_000 }],
});
const statuses = ({ checkout, attempts, payments }: Aggregate) => [
  checkout.status,
  ...attempts.map(({ status }) => status),
  ...payments.map(({ status }) => status),
];
const paid = (amount: number | null, receipt: string | null, id = "pay_new") => {
  const fact = paidFact(amount, receipt);
  return fact.kind === "paid" ? { ...fact, paid: { ...fact.paid, paymentId: id } } : fact;
};

Deno.test("a prompt of the rest settles the checkout together with the part, whatever comes first", () => {
  const part = add(checkoutWithAttempts(0), "P1", 50_000);
  assert.equal(amountToAsk(part), 100_000);
  const rest = applyFact(withRest(part, 0, 100_000), attemptId(0), paid(100_000, "R1"), AT + 2_000);
  assert.deepEqual(statuses(rest), ["succeeded", "succeeded", "matched", "matched"]);
  assert.equal(receivedOf(rest), AMOUNT);
});

Deno.test("a prompt of the rest that is paid is no failure while another part is missing", () => {
  const rest = withRest(add(checkoutWithAttempts(0), "P1", 50_000), 0, 100_000);
  const told = applyFact(rest, attemptId(0), paid(100_000, "R1"), AT + 2_000);
  const without = releasePayment(told, "pay_c2b_P1", AT + 3_000);
  assert.deepEqual(statuses(without), ["open", "succeeded", "partial"]);
  assert.equal(amountToAsk(without), 50_000);
  const second = applyFact(withRest(without, 1, 50_000), attemptId(1), paid(50_000, "R2", "pay_2"), AT + 4_000);
  assert.deepEqual(statuses(second), ["succeeded", "succeeded", "succeeded", "matched", "matched"]);
});

Deno.test("a prompt of the rest that names the whole amount is a contradiction, as any other amount is", () => {
  const rest = withRest(add(checkoutWithAttempts(0), "P1", 50_000), 0, 100_000);
  const told = applyFact(rest, attemptId(0), paid(AMOUNT, "R1"), AT + 2_000);
  assert.deepEqual(statuses(told), ["review", "unknown", "partial"]);
});

Deno.test("the part that came before a prompt of the rest is not what that prompt was paid by", () => {
  const half = add({ ...checkoutWithAttempts(0) }, "P1", 75_000);
  const told = applyFact(withRest(half, 0, 75_000), attemptId(0), paid(null, null), AT + 2_000);
  assert.deepEqual(statuses(told), ["succeeded", "succeeded", "matched", "matched"]);
  assert.deepEqual(told.payments.map(({ receipt }) => receipt), ["P1", null]);
});

Deno.test("a whole prompt that is paid beside parts that settled the checkout is a duplicate", () => {
  const both = withRest(add(checkoutWithAttempts(1), "P1", 50_000), 1, 100_000);
  const parts = applyFact(both, attemptId(1), paid(100_000, "R1"), AT + 2_000);
  const whole = applyFact(parts, attemptId(0), paid(AMOUNT, "R2", "pay_2"), AT + 3_000);
  assert.deepEqual(statuses(whole), ["succeeded", "unknown", "succeeded", "matched", "matched", "duplicate_payment"]);
});

Deno.test("a query's word for a prompt of the rest makes way for its receipt", () => {
  const rest = withRest(add(checkoutWithAttempts(0), "P1", 50_000), 0, 100_000);
  const claimed = applyFact(rest, attemptId(0), paid(null, null), AT + 2_000);
  assert.deepEqual(statuses(claimed), ["succeeded", "succeeded", "matched", "matched"]);
  const confirmed = add(claimed, "R1", 100_000);
  assert.deepEqual(confirmed.payments.map(({ receipt }) => receipt), ["P1", "R1"]);
  const doubted = applyFact(claimed, attemptId(0), paid(AMOUNT, "R1"), AT + 3_000);
  assert.deepEqual(statuses(doubted), ["review", "unknown", "partial", "partial"]);
});

Deno.test("what is held counts, and a checkout that refuses parts goes on asking for all", () => {
  const { checkout, payments } = add(checkoutWithAttempts(0), "P1", 50_000);
  const promised = payments.map((p) => ({ ...p, amount_promised: 20_000 }));
  assert.equal(amountToAsk({ checkout, attempts: [], payments: promised }), 120_000);
  const refusing = { ...checkout, partial: "refuse" as const };
  assert.equal(amountToAsk({ checkout: refusing, attempts: [], payments }), null);
  assert.equal(amountDue({ ...checkout, status: "succeeded" }), 0);
  assert.equal(amountDue({ ...checkout, amount_received: 50_050 }), 100_000, "whole shillings, rounded up");
});

Deno.test("keep_within settles a checkout with a few shillings too much, in one payment or in parts, and park does not", () => {
  const opened = checkoutWithAttempts(0);
  const keeping: Aggregate = {
    ...opened,
    checkout: { ...opened.checkout, overpayment: "keep_within", overpayment_within: 1_000 },
  };
  assert.deepEqual(statuses(add(keeping, "P1", AMOUNT + 1_000)), ["succeeded", "matched"]);
  assert.deepEqual(statuses(add(add(keeping, "P1", 50_000), "P2", 100_500)), ["succeeded", "matched", "matched"]);
  assert.deepEqual(statuses(add(add(keeping, "P1", 50_000), "P2", 101_100)), ["open", "partial", "partial"]);
  assert.deepEqual(statuses(add(add(opened, "P1", 50_000), "P2", 100_500)), ["open", "partial", "partial"]);
});

const attempt = (run: InProcess, id: string, phone = "0712345678") =>
  run.call<CheckoutView>("POST", `/v1/checkouts/${id}/attempts`, { phone_number: phone });
const eventsOf = async (run: InProcess, id: string): Promise<string[]> => {
  const { body } = await run.call<{ data: { type: string; subject: string }[] }>("GET", "/v1/events?limit=100");
  return body.data.filter(({ subject }) => subject === id).map(({ type }) => type).toReversed();
};

Deno.test("after KES 500 of 1,500 came by paybill, the next prompt asks for 1,000, and pays the checkout", async () => {
  await inProcess(async (run) => {
    const made = await createCheckout(run, { account_reference: "INV1" });
    assert.deepEqual([made.amount_received, made.amount_due], [0, 150_000]);
    await payPaybill(run, { amount: 500, reference: "INV1" });
    const part = await getCheckout(run, made.id);
    assert.deepEqual([part.status, part.amount_received, part.amount_due], ["open", 50_000, 100_000]);
    const { status, body } = await attempt(run, made.id);
    assert.equal(status, 201);
    assert.equal(body.attempts[0]?.amount, 100_000);
    await run.pass();
    const paid = await getCheckout(run, made.id);
    assert.deepEqual([paid.status, paid.amount_received, paid.amount_due], ["succeeded", 150_000, 0]);
    const moved = run.simulator.world.transactions.list().map(({ kind, amount }) => `${kind} ${amount}`);
    assert.deepEqual(moved.toSorted(), ["c2b 500", "stk 1000"]);
    assert.deepEqual(await eventsOf(run, made.id), [
      "checkout.created",
      "checkout.part_received",
      "checkout.part_received",
      "checkout.succeeded",
    ]);
  });
});

Deno.test("what is given back is due again, and raises the checkout's version", async () => {
  await inProcess(async (run) => {
    const made = await createCheckout(run, { account_reference: "INV1" });
    const receipt = await payPaybill(run, { amount: 500, reference: "INV1" });
    const part = await getCheckout(run, made.id);
    const { body } = await run.call<{ data: { id: string }[] }>("GET", `/v1/payments?receipt=${receipt}`);
    await createRefund(run, body.data[0]?.id ?? "");
    await run.pass();
    const promised = await getCheckout(run, made.id);
    assert.deepEqual([promised.amount_received, promised.amount_due], [0, 150_000]);
    assert.ok(promised.version > part.version);
    assert.equal((await attempt(run, made.id)).body.attempts[0]?.amount, 150_000);
    assert.equal((await getPayment(run, body.data[0]?.id ?? "")).checkout, made.id);
  });
});

Deno.test("parts that come to more than was asked ask for nothing more: a person decides", async () => {
  await inProcess(async (run) => {
    const made = await createCheckout(run, { account_reference: "INV1" });
    await payPaybill(run, { amount: 1_000, reference: "INV1" });
    await payPaybill(run, { amount: 700, reference: "INV1" });
    assert.deepEqual((await getCheckout(run, made.id)).amount_due, 0);
    const { status, body } = await attempt(run, made.id);
    assert.equal(status, 409);
    assert.match(JSON.stringify(body), /checkout_not_open/);
  });
});
