import assert from "node:assert/strict";
import {
  type Aggregate,
  applyFact,
  Evidence,
  type Payment,
  placeMoney as place,
  type Pool,
} from "../../../src/domain/checkouts/machine.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { callback, confirmation, PAYBILL, prompted, refreshed, shuffled, TILL } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger } from "../../support/money.ts";
import { AMOUNT, attemptId, checkoutWithAttempts, confirmedPayment, newAttempt } from "./fixtures.ts";

/* ADR 0023: money is placed by all that is known, not by the order of the notices. */

const AT = checkoutWithAttempts(0).checkout.created_at;
const NOW = AT + 120_000;

/** A checkout with one prompt; all have one account unless `changes` says otherwise. */
function checkout(id: string, changes: Partial<Aggregate["checkout"]> = {}, isPaid = false): Aggregate {
  const empty = checkoutWithAttempts(1);
  const attempt = { ...newAttempt(0), id: `att_${id}`, checkout_id: id };
  const state: Aggregate = { ...empty, checkout: { ...empty.checkout, id, ...changes }, attempts: [attempt] };
  if (!isPaid) return state;
  const paid = { paymentId: `pay_${id}`, amount: null, receipt: null, paidAt: null, phone: null };
  return applyFact(state, attempt.id, { kind: "paid", via: "query", paid }, NOW);
}
const money = (receipt: string, changes: Partial<Payment> = {}): Payment => ({
  ...confirmedPayment(receipt, AMOUNT, null),
  status: "unmatched",
  paid_at: AT + 30_000,
  account_reference: "INV1",
  ...changes,
});
const of = (state: Aggregate, ...payments: Payment[]): Aggregate => ({
  ...state,
  payments: [...state.payments, ...payments.map((p) => ({ ...p, checkout_id: state.checkout.id }))],
});
const placed = (states: readonly Aggregate[], free: readonly Payment[] = []): Pool =>
  place({ states, free }, NOW, () => "pay_new");
const receiptsOf = ({ states, free }: Pool) => [
  ...states.map(({ checkout, payments }) => `${checkout.id}: ${payments.map((p) => p.receipt).join()}`),
  `free: ${free.map((p) => p.receipt).join()}`,
];

Deno.test("money that fitted two checkouts pays the one that is left when the other's own prompt was paid", () => {
  const pool = placed([checkout("b"), of(checkout("a", {}, true))], [money("R1"), money("R2")]);
  assert.deepEqual(receiptsOf(pool), ["b: R2", "a: R1", "free: "]);
  assert.deepEqual(pool.states.map((s) => s.checkout.status), ["succeeded", "succeeded"]);
});

Deno.test("of two open checkouts with one account none is chosen, also when they have ended since", () => {
  assert.deepEqual(receiptsOf(placed([checkout("b"), checkout("a")], [money("R1")])), ["b: ", "a: ", "free: R1"]);
  const ended = { status: "expired", expired_at: NOW } as const;
  const pool = placed([checkout("b", ended), checkout("a", ended)], [money("R1")]);
  assert.deepEqual(receiptsOf(pool), ["b: ", "a: ", "free: R1"]);
});

Deno.test("what paid a checkout by its account stays, until that checkout's own prompt was paid", () => {
  const other = checkout("b", { amount: 250_000 });
  const named = money("R1", { status: "matched" });
  assert.deepEqual(receiptsOf(placed([other, of(checkout("a"), named)])), ["b: ", "a: R1", "free: "]);
  assert.deepEqual(receiptsOf(placed([checkout("b"), of(checkout("a"), named)])), ["b: ", "a: R1", "free: "]);
  const own = money("R2", { attempt_id: "att_a", receipt_source: "callback", status: "duplicate_payment" });
  const paid = of(checkout("a"), named, own);
  const proven = { ...paid, attempts: paid.attempts.map((a) => ({ ...a, evidence: 1, status: "unknown" as const })) };
  const pool = placed([other, proven]);
  assert.deepEqual(receiptsOf(pool), ["b: R1", "a: R2", "free: "]);
  assert.deepEqual(pool.states.map(({ payments }) => payments[0]?.status), ["partial", "matched"]);
});

Deno.test("a prompt takes what a standing account has; that of which a part had gone back leaves its checkout to a person", () => {
  const credited = { status: "matched", allocations: [{ account: "acc_1", amount: AMOUNT }] } as const;
  const seat = (changes: Partial<Payment>) => placed([checkout("a", {}, true)], [money("R1", changes)]);
  const whole = seat(credited);
  assert.deepEqual([receiptsOf(whole)[0], whole.states[0]?.checkout.status], ["a: R1", "succeeded"]);
  assert.equal(whole.states[0]?.payments[0]?.allocations, null);
  const part = seat({ ...credited, amount_promised: 50_000, amount_refunded: 50_000 });
  assert.deepEqual([receiptsOf(part)[0], part.states[0]?.checkout.status], ["a: R1", "review"]);
  for (const kept of [{ receipt_source: "person" }, { account_reference: "INV-1" }] as const) {
    assert.deepEqual(receiptsOf(seat({ ...credited, ...kept })), ["a: ", "free: R1"]);
  }
});

Deno.test("money that a callback frees takes its turn at another prompt of the checkout, and what is later or goes back does not", () => {
  const inferred = (attempt: number, receipt: string, changes: Partial<Payment> = {}) =>
    money(receipt, { attempt_id: attemptId(attempt), receipt_source: "inferred", status: "matched", ...changes });
  const after = (changes: Partial<Payment>) => {
    const empty = checkoutWithAttempts(2);
    const attempts = empty.attempts.map((one) => ({
      ...one,
      evidence: Evidence.claimed,
      status: "succeeded" as const,
      ended_at: NOW,
    }));
    const second = inferred(1, "R1", { status: "duplicate_payment", ...changes });
    const before = of({ ...empty, attempts }, inferred(0, "R2"), second);
    const paid = { paymentId: "pay_own", amount: AMOUNT, receipt: "R3", paidAt: AT, phone: null };
    const { payments, checkout } = applyFact(before, attemptId(1), { kind: "paid", via: "callback", paid }, NOW);
    assert.equal(checkout.status, "succeeded");
    assert.equal(payments.filter(({ status }) => status === "matched").length, 1);
    return [0, 1, null].map((attempt) =>
      payments.find((p) => p.attempt_id === (attempt === null ? null : attemptId(attempt)))?.receipt
    );
  };
  assert.deepEqual(after({}), ["R1", "R3", "R2"]);
  assert.deepEqual(after({ paid_at: AT + 31_000 }), ["R2", "R3", "R1"]);
  assert.deepEqual(after({ amount_promised: 100 }), ["R2", "R3", "R1"]);
  assert.deepEqual(after({ paid_at: AT - 3_600_000 }), ["R2", "R3", "R1"], "it moved before the prompt");
});

Deno.test("when a part moves away, the whole payment that came after it settles the checkout that the parts had paid", () => {
  const part = money("R1", { status: "matched", amount: 100_000 });
  const rest = money("R2", { status: "matched", amount: 50_000, attempt_id: "att_rest", receipt_source: "callback" });
  const whole = money("R3", { status: "duplicate_payment", attempt_id: "att_a", receipt_source: "callback" });
  const paid = of(checkout("a", { status: "succeeded" }), part, rest, whole);
  const evidence = Evidence.exact | Evidence.second;
  const attempts: Aggregate["attempts"] = [
    ...paid.attempts.map((attempt) => ({ ...attempt, evidence, status: "unknown" as const })),
    {
      ...newAttempt(1),
      id: "att_rest",
      checkout_id: "a",
      amount: 50_000,
      evidence: Evidence.exact,
      status: "succeeded",
    },
  ];
  const pool = placed([checkout("b"), { ...paid, attempts }]);
  assert.deepEqual(receiptsOf(pool), ["b: R1", "a: R2,R3", "free: "]);
  assert.deepEqual(pool.states[1]?.payments.map(({ status }) => status), ["duplicate_payment", "matched"]);
  assert.equal(pool.states[1]?.checkout.status, "succeeded");
});

Deno.test("money that is given or promised back, or that a person or a callback placed, is not moved", () => {
  for (
    const changes of [{ amount_promised: 1 }, { receipt_source: "person" }, { receipt_source: "callback" }] as const
  ) {
    const duplicate = money("R1", { status: "duplicate_payment", ...changes });
    const pool = placed([checkout("b"), of(checkout("a", {}, true), duplicate)]);
    assert.ok(receiptsOf(pool).includes("b: "), JSON.stringify(changes));
  }
});

Deno.test("a prompt without a receipt takes money that only its account gave to another checkout, and leaves no placeholder", () => {
  const pool = placed([checkout("b", {}, true), of(checkout("a"), money("R1", { status: "matched" }))]);
  assert.deepEqual(receiptsOf(pool), ["b: R1", "a: ", "free: "]);
  assert.deepEqual(pool.states[0]?.merged?.map(({ payment, into }) => [payment.id, into]), [["pay_b", "pay_c2b_R1"]]);
  assert.equal(pool.states[1]?.checkout.status, "pending");
});

Deno.test("prompts exchange inferred money where that gives each of them money", () => {
  const early = money("R1", { paid_at: AT - 200_000 });
  const late = money("R2", { paid_at: AT + 450_000 });
  const a = checkout("a", {}, true);
  const seated = {
    ...a,
    payments: [{ ...early, checkout_id: "a", attempt_id: "att_a", receipt_source: "inferred", status: "matched" }],
  } as Aggregate;
  const b = { ...checkout("b", {}, true) };
  const later = { ...seated, attempts: seated.attempts.map((x) => ({ ...x, ended_at: AT + 500_000 })) };
  const pool = placed([b, later], [late]);
  assert.deepEqual(receiptsOf(pool), ["b: R1", "a: R2", "free: "]);
});

Deno.test("money whose account exactly names another checkout is no prompt's of an account that is spelt alike", () => {
  const exact = money("R1", { account_reference: "INV-12" });
  const own = checkout("b", { account_reference: "INV 12", account_key: "INV12" }, true);
  const other = { account_reference: "INV-12", account_key: "INV12" };
  const pool = placed([own, checkout("a", other)], [exact]);
  assert.deepEqual(receiptsOf(pool), ["b: ", "a: R1", "free: "]);
  assert.deepEqual(receiptsOf(placed([own], [exact])), ["b: R1", "free: "], "alike is enough where none is exact");
});

Deno.test("a prompt that was paid and lost its payment has one again", () => {
  const lost = { ...checkout("a", {}, true), payments: [] };
  const pool = placed([lost]);
  assert.deepEqual(pool.states[0]?.payments.map(({ id, receipt, status }) => [id, receipt, status]), [
    ["pay_new", null, "matched"],
  ]);
});

Deno.test("placing again moves nothing", () => {
  const once = placed([checkout("b"), checkout("a", {}, true)], [money("R1"), money("R2"), money("R3")]);
  assert.deepEqual(placed(once.states, once.free), once);
});

let serial = 1;
const transfer = (run: InProcess) => ({
  receipt: `UKN${String(serial++).padStart(7, "0")}`,
  amount: 1_500,
  at: run.time.now(),
});

for (let seed = 1; seed <= 3; seed++) {
  Deno.test(`two checkouts of one account are paid by a prompt and by hand, in any order of the notices (${seed})`, () =>
    inProcess(async (run) => {
      const first = await createCheckout(run, { account_reference: "ROOM5" });
      const second = await createCheckout(run, { account_reference: "ROOM5", phone_number: "254700009009" });
      const [own, byHand] = [transfer(run), transfer(run)];
      const notices = [
        () => callback(run, second.attempts[0]?.id ?? "", own),
        () => confirmation(run, PAYBILL, "ROOM5", own),
        () => confirmation(run, PAYBILL, "ROOM5", byHand),
      ];
      for (const tell of shuffled(notices, seed)) await tell();
      await run.pass(1_000);
      const shown = [await getCheckout(run, first.id), await getCheckout(run, second.id)];
      assert.deepEqual(shown.map(({ status, payment }) => [status, payment?.receipt]), [
        ["succeeded", byHand.receipt],
        ["succeeded", own.receipt],
      ]);
      assert.deepEqual(await checkLedger(run), []);
    }));
}

Deno.test("a status query takes no money whose account exactly names another checkout", () =>
  inProcess(async (run) => {
    const exact = await createCheckout(run, { account_reference: "INV-12" });
    const own = await prompted(run, { account_reference: "INV 12" });
    await confirmation(run, PAYBILL, "INV-12", transfer(run));
    assert.equal((await getCheckout(run, exact.id)).status, "succeeded");
    await refreshed(run, own);
    await run.pass(1_000);
    assert.deepEqual(
      [(await getCheckout(run, exact.id)).status, (await getCheckout(run, own.id)).payment?.receipt],
      ["succeeded", null],
    );
  }));

Deno.test("money whose account exactly names an open checkout does not go to a waiting prompt of one spelt alike", () =>
  inProcess(async (run) => {
    const exact = await createCheckout(run, { account_reference: "INV-12" });
    const own = await prompted(run, { account_reference: "INV 12" });
    await refreshed(run, own);
    await confirmation(run, PAYBILL, "INV-12", transfer(run));
    assert.deepEqual(
      [(await getCheckout(run, exact.id)).status, (await getCheckout(run, own.id)).payment?.receipt],
      ["succeeded", null],
    );
  }));

Deno.test("a callback without a receipt finds the money that its account gave to another checkout", () =>
  inProcess(async (run) => {
    const own = await createCheckout(run, { account_reference: "ROOM6", phone_number: "254700009009" });
    await confirmation(run, PAYBILL, "ROOM6", transfer(run));
    const paid = await getCheckout(run, own.id);
    const body = { Body: { stkCallback: { ResultCode: 0, ResultDesc: "Paid", CheckoutRequestID: "ws_CO_1" } } };
    await run.notify(run.services.capabilities.mint("stk", own.attempts[0]?.id ?? ""), JSON.stringify(body));
    await run.pass(1_000);
    assert.equal((await getCheckout(run, own.id)).payment?.receipt, paid.payment?.receipt);
    assert.equal(await run.count("payments"), 1);
  }));

Deno.test("at a till money that was freed names no account, whatever the checkout that it was put to is called", () =>
  inProcess(async (run) => {
    const till = { shortcode: TILL.number, account_reference: "12/3" };
    const own = await prompted(run, till);
    const other = await createCheckout(run, till);
    await refreshed(run, own);
    const [strangers, proven] = [transfer(run), transfer(run)];
    await confirmation(run, TILL, null, strangers);
    await callback(run, own.attempts[0]?.id ?? "", proven);
    await run.pass(1_000);
    assert.deepEqual(
      [(await getCheckout(run, own.id)).payment?.receipt, (await getCheckout(run, other.id)).status],
      [proven.receipt, "open"],
    );
  }));

Deno.test("two prompts that take money of one checkout take it in one step, and do not refuse each other", () =>
  inProcess(async (run) => {
    const holder = await createCheckout(run, { account_reference: "ROOM9" });
    const own = await prompted(run, { account_reference: "ROOM-9" });
    await run.call("POST", `/v1/checkouts/${own.id}/attempts`, { phone_number: "254701009001" });
    for (let i = 0; i < 2; i++) await confirmation(run, PAYBILL, "ROOM 9", transfer(run));
    await run.db.write([{
      sql: "UPDATE payments SET checkout_id = ?, status = CASE receipt WHEN (SELECT min(receipt) FROM payments) " +
        "THEN 'matched' ELSE 'duplicate_payment' END",
      args: [holder.id],
    }]);
    await refreshed(run, own);
    await run.pass(1_000);
    const receipts = await run.sql("SELECT receipt FROM payments WHERE checkout_id = ?", own.id);
    assert.equal(receipts.filter(([receipt]) => receipt !== null).length, 2);
    assert.deepEqual(run.logged("job_failed"), []);
  }));
