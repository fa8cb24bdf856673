import assert from "node:assert/strict";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import {
  callback,
  confirmation,
  OTHER_PAYBILL,
  PAYBILL,
  prompted,
  refreshed,
  shuffled,
  TILL,
  type Transfer,
} from "../../support/facts.ts";
import type { Answer } from "../../support/client.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { askRefund, checkLedger } from "../../support/money.ts";
import { importStatement } from "../../support/statements.ts";

const limits = { PROMPTS_PER_PHONE_PER_HOUR: "1000", CHECKOUT_DAILY_PER_PHONE_KES: "100000000" };

interface World {
  readonly run: InProcess;
  readonly checkouts: readonly CheckoutView[];
  readonly transfers: readonly Transfer[];
}

interface Refusal {
  readonly code: string;
  readonly detail: string;
}

let receipts = 1_001; // a receipt of zeros alone names no transfer
const transfer = (run: InProcess, amount: number, laterMs = 5_000): Transfer => ({
  receipt: `UKM${String(receipts++).padStart(7, "0")}`,
  amount,
  at: run.time.now() + laterMs,
});

/** Two prompts that look the same: one amount, and one account or one till. */
async function twoPrompts(run: InProcess, at: "paybill" | "till", amount: number): Promise<World> {
  const shortcode = at === "till" ? TILL.number : PAYBILL.number;
  const same = { amount: amount * 100, shortcode, account_reference: `RENT${amount}` };
  const checkouts = [await prompted(run, same), await prompted(run, { ...same, phone_number: "254710009001" })];
  const transfers = [transfer(run, amount), transfer(run, amount, 6_000)];
  await run.pass(10_000);
  return { run, checkouts, transfers };
}

async function paymentsOf({ run, transfers }: World, shortcode: string): Promise<PaymentView[]> {
  const { body } = await run.call<{ data: PaymentView[] }>("GET", "/v1/payments?limit=100");
  return body.data.filter((p) => p.amount === (transfers[0]?.amount ?? 0) * 100 && p.shortcode === shortcode);
}

const attemptOf = (checkout: CheckoutView | undefined): string => checkout?.attempts[0]?.id ?? "";

for (const at of ["paybill", "till"] as const) {
  const shortcode = at === "paybill" ? PAYBILL : TILL;

  Deno.test(`two prompts with one amount at one ${at}: two transfers are two payments, whatever order the notices come in`, () =>
    inProcess(async (run) => {
      for (let seed = 0; seed < 120; seed++) {
        const world = await twoPrompts(run, at, 1_000 + seed);
        const { checkouts: [a, b], transfers: [first, second] } = world;
        assert.ok(a && b && first && second);
        const account = at === "paybill" ? a.account_reference : null;
        const facts: readonly (readonly [string, () => Promise<void>])[] = [
          ["query a", () => refreshed(run, a)],
          ["query b", () => refreshed(run, b)],
          ["confirm 1", () => confirmation(run, shortcode, account, first)],
          ["confirm 2", () => confirmation(run, shortcode, account, second)],
          ["callback a", () => callback(run, attemptOf(a), second)],
          ["callback b", () => callback(run, attemptOf(b), first)],
        ];
        const order = shuffled(facts, seed);
        const script = order.map(([name]) => name).join(", ");
        for (const [, tell] of order) await tell();
        assert.deepEqual(run.logged("job_failed"), [], script);
        const [nowA, nowB] = [await getCheckout(run, a.id), await getCheckout(run, b.id)];
        assert.deepEqual([nowA.status, nowB.status], ["succeeded", "succeeded"], script);
        assert.deepEqual([nowA.payment?.receipt, nowB.payment?.receipt], [second.receipt, first.receipt], script);
        const payments = await paymentsOf(world, shortcode.number);
        assert.deepEqual(payments.map((p) => [p.receipt, p.status]).sort(), [
          [first.receipt, "matched"],
          [second.receipt, "matched"],
        ], script);
      }
      assert.deepEqual(await checkLedger(run), []);
    }, { env: limits }));

  Deno.test(`without any callback each of two alike prompts at one ${at} has one of the two receipts`, () =>
    inProcess(async (run) => {
      for (let seed = 0; seed < 12; seed++) {
        const world = await twoPrompts(run, at, 1_000 + seed);
        const { checkouts: [a, b], transfers } = world;
        assert.ok(a && b);
        const account = at === "paybill" ? a.account_reference : null;
        const facts = [
          () => refreshed(run, a),
          () => refreshed(run, b),
          ...transfers.map((one) => () => confirmation(run, shortcode, account, one)),
        ];
        for (const tell of shuffled(facts, seed)) await tell();
        const now = [await getCheckout(run, a.id), await getCheckout(run, b.id)];
        assert.deepEqual(now.map(({ status }) => status), ["succeeded", "succeeded"]);
        const expected = transfers.map(({ receipt }) => receipt).sort();
        assert.deepEqual(now.map(({ payment }) => payment?.receipt ?? "").sort(), expected, `seed ${seed}`);
        assert.equal((await paymentsOf(world, shortcode.number)).length, 2, `seed ${seed}`);
      }
      assert.deepEqual(await checkLedger(run), []);
    }, { env: limits }));
}

Deno.test("a confirmation and a query at the same moment make one payment", () =>
  inProcess(async (run) => {
    for (let i = 0; i < 10; i++) {
      const amount = 2_000 + i;
      const checkout = await prompted(run, { amount: amount * 100, shortcode: TILL.number });
      const one = transfer(run, amount);
      await run.pass(10_000);
      await Promise.all([refreshed(run, checkout), confirmation(run, TILL, null, one)]);
      await run.idle();
      const { payment, status } = await getCheckout(run, checkout.id);
      assert.deepEqual([status, payment?.receipt], ["succeeded", one.receipt]);
      assert.equal(await countAmount(run, amount), 1);
    }
  }, { env: limits }));

const countAmount = async (run: InProcess, amount: number): Promise<number> =>
  Number((await run.sql("SELECT count(*) FROM payments WHERE amount = ?", amount * 100))[0]?.[0]);

Deno.test("a walk-in customer's receipt that a prompt seemed to be paid by is given back to nobody, and is free again once the callback comes", () =>
  inProcess(async (run) => {
    const walkIn = transfer(run, 1_500);
    const checkout = await prompted(run, { amount: 150_000, shortcode: TILL.number });
    await run.pass(10_000);
    await confirmation(run, TILL, null, walkIn);
    await refreshed(run, checkout);
    const guessed = await getCheckout(run, checkout.id);
    assert.equal(guessed.payment?.receipt, walkIn.receipt);
    const refused = await askRefund<{ code: string; detail: string }>(run, guessed.payment?.id ?? "");
    assert.deepEqual([refused.status, refused.body.code], [409, "wrong_state"]);
    const byPayout = await askRefund<{ code: string }>(run, guessed.payment?.id ?? "", { method: "payout" });
    assert.equal(byPayout.status, 409);

    const own = transfer(run, 1_500);
    await callback(run, attemptOf(checkout), own);
    const proven = await getCheckout(run, checkout.id);
    assert.deepEqual([proven.status, proven.payment?.receipt], ["succeeded", own.receipt]);
    const { body } = await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${walkIn.receipt}`);
    assert.deepEqual(body.data.map((p) => [p.status, p.checkout]), [["unmatched", null]]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a payment without its own proven transfer is not refunded", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run);
    await run.pass(10_000);
    await refreshed(run, checkout);
    const { payment } = await getCheckout(run, checkout.id);
    assert.equal(payment?.receipt, null);
    for (const method of ["reversal", "payout"]) {
      const refused: Answer<Refusal> = await askRefund<Refusal>(run, payment?.id ?? "", { method });
      assert.deepEqual([refused.status, refused.body.code], [409, "wrong_state"], method);
      assert.match(refused.body.detail, /receipt/);
    }
    assert.equal(await run.count("refunds"), 0);
  }));

Deno.test("money that settled another checkout is its attempt's once a callback proves it, in either order", () =>
  inProcess(async (run) => {
    const ends: unknown[] = [];
    for (const order of ["confirmation first", "callback first"]) {
      const account = `ACC${ends.length}`;
      const a = await prompted(run, { amount: 170_000 });
      const b = await createCheckout(run, { amount: 170_000, account_reference: account });
      const one = transfer(run, 1_700);
      await run.pass(10_000);
      const tell = [
        () => confirmation(run, PAYBILL, account, one),
        () => callback(run, attemptOf(a), one),
      ];
      for (const step of order === "confirmation first" ? tell : tell.toReversed()) await step();
      const [nowA, nowB] = [await getCheckout(run, a.id), await getCheckout(run, b.id)];
      ends.push([nowA.status, nowA.payment?.receipt === one.receipt, nowB.status, nowB.payment]);
    }
    assert.deepEqual(ends, Array(2).fill(["succeeded", true, "open", null]));
    assert.equal(run.logged("receipt_proven_for_another_checkout").length, 1);
    const events = await run.sql("SELECT count(*) FROM events WHERE type = 'checkout.reopened'");
    assert.equal(Number(events[0]?.[0]), 1);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a receipt at another merchant is other money: each merchant's own is recorded, and neither sees the other's", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run, { amount: 150_000 });
    const one = transfer(run, 1_500);
    await run.pass(10_000);
    await confirmation(run, OTHER_PAYBILL, "X", { ...one, amount: 1 });
    await callback(run, attemptOf(checkout), one);
    const { status, payment } = await getCheckout(run, checkout.id);
    assert.deepEqual([status, payment?.receipt, payment?.amount], ["succeeded", one.receipt, 150_000]);
    const list = (client: "cli_demo" | "cli_other") =>
      run.call<{ data: PaymentView[] }>("GET", "/v1/payments", undefined, { client });
    assert.deepEqual((await list("cli_demo")).body.data.map((p) => p.amount), [150_000]);
    assert.deepEqual((await list("cli_other")).body.data.map((p) => p.amount), [100]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a receipt at another merchant keeps no file from recording one's own money, and raises no alert", () =>
  inProcess(async (run) => {
    const one = transfer(run, 1_500);
    await confirmation(run, OTHER_PAYBILL, "X", one);
    await importStatement(run, [{ receipt: one.receipt, at: one.at, in: 1_500, account: "NOBODY" }]);
    const { body } = await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${one.receipt}`);
    assert.deepEqual(body.data.map(({ amount, shortcode }) => [amount, shortcode]), [[150_000, PAYBILL.number]]);
    assert.deepEqual(run.logged("receipt_contradicted"), []);
  }));

Deno.test("an account of one shortcode names no order of another: the money waits for a person", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { account_reference: "RENT7", shortcode: TILL.number });
    await confirmation(run, PAYBILL, "RENT7", transfer(run, 1_500));
    assert.equal((await getCheckout(run, id)).status, "open");
    const { body } = await run.call<{ data: PaymentView[] }>("GET", "/v1/payments");
    assert.deepEqual(body.data.map(({ status }) => status), ["unmatched"]);
  }));

Deno.test("a callback's amount outranks another amount under the same receipt, in either order, with an alert", () =>
  inProcess(async (run) => {
    const ends: unknown[] = [];
    for (const order of ["confirmation first", "callback first"]) {
      const checkout = await prompted(run, { amount: 150_000 });
      const one = transfer(run, 1_500);
      await run.pass(10_000);
      const tell = [
        () => confirmation(run, PAYBILL, "NOBODY", { ...one, amount: 15_000 }),
        () => callback(run, attemptOf(checkout), one),
      ];
      for (const step of order === "confirmation first" ? tell : tell.toReversed()) await step();
      const { status, payment } = await getCheckout(run, checkout.id);
      const { body } = await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${one.receipt}`);
      ends.push([status, payment?.amount, body.data.map((p) => [p.amount, p.status])]);
    }
    assert.deepEqual(ends, Array(2).fill(["succeeded", 150_000, [[150_000, "matched"]]]));
    assert.ok(run.lines.some(({ level, event }) => level === "alert" && event === "receipt_amount_differs"));
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("an id of a payment that was merged answers the payment that it became", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run, { amount: 150_000 });
    const one = transfer(run, 1_500, 60 * 60_000); // M-Pesa's clock is an hour off, so nothing is inferred
    await run.pass(10_000);
    await refreshed(run, checkout);
    const placeholder = (await getCheckout(run, checkout.id)).payment?.id;
    await confirmation(run, PAYBILL, "TYPO", one);
    await callback(run, attemptOf(checkout), one);
    const { payment } = await getCheckout(run, checkout.id);
    assert.notEqual(payment?.id, placeholder);
    const { status, body } = await run.call<PaymentView>("GET", `/v1/payments/${placeholder}`);
    assert.deepEqual([status, body.id, body.receipt], [200, payment?.id, one.receipt]);
    const foreign = await run.call("GET", `/v1/payments/${placeholder}`, undefined, { client: "cli_other" });
    assert.equal(foreign.status, 404);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a callback that takes the receipt of another order's prompt leaves the second prompt of its own order a duplicate", () =>
  inProcess(async (run) => {
    const { checkouts: [a, b], transfers } = await twoPrompts(run, "paybill", 777);
    assert.ok(a && b);
    const again = await run.call("POST", `/v1/checkouts/${a.id}/attempts`, { phone_number: "254711009001" });
    assert.equal(again.status, 201, JSON.stringify(again.body));
    await run.pass(30_000);
    for (const checkout of [a, b]) await refreshed(run, checkout);
    for (const one of transfers) await confirmation(run, PAYBILL, a.account_reference, one);
    await run.sweep();
    const inferred = await run.sql("SELECT receipt FROM payments WHERE attempt_id = ?", attemptOf(b));
    const proven = transfers.find(({ receipt }) => receipt === inferred[0]?.[0]);
    assert.ok(proven, "the receipt of one was inferred for the other order");
    await callback(run, attemptOf(a), proven);
    await run.sweep();
    assert.deepEqual(run.logged("job_failed"), []);
    const [nowA, nowB] = [await getCheckout(run, a.id), await getCheckout(run, b.id)];
    assert.deepEqual([nowA.status, nowA.payment?.receipt, nowB.status], ["succeeded", proven.receipt, "succeeded"]);
    assert.deepEqual(await run.sql("SELECT status FROM payments WHERE checkout_id = ? ORDER BY status", a.id), [
      ["duplicate_payment"],
      ["matched"],
    ]);
    assert.deepEqual(await checkLedger(run), []);
  }, { env: limits }));

Deno.test("money that a larger order with the same account took as a part is the prompt's that a query calls paid", () =>
  inProcess(async (run) => {
    const same = { account_reference: "SHARED1" };
    const larger = await createCheckout(run, { ...same, amount: 150_000 });
    const smaller = await prompted(run, { ...same, amount: 50_000 });
    assert.equal((await run.call("POST", `/v1/checkouts/${smaller.id}/cancel`)).status, 200);
    const paid = transfer(run, 500);
    await run.pass(10_000);
    await confirmation(run, PAYBILL, "SHARED1", paid);
    await run.pass(30_000); // the poll says paid
    await run.sweep();
    const payments = await run.sql("SELECT receipt, checkout_id, status FROM payments");
    assert.deepEqual(payments, [[paid.receipt, smaller.id, "matched"]]);
    const [nowSmaller, nowLarger] = [await getCheckout(run, smaller.id), await getCheckout(run, larger.id)];
    assert.deepEqual([nowSmaller.status, nowLarger.status, nowLarger.amount_received], ["succeeded", "open", 0]);
    assert.deepEqual(await checkLedger(run), []);
  }, { env: limits }));
