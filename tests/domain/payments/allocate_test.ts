import assert from "node:assert/strict";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { createAccount, getAccount, payOpenly } from "../../support/accounts.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { callback, confirmation, PAYBILL, prompted, refreshed } from "../../support/facts.ts";
import { type CallOptions, type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { askRefund, checkLedger, getPayment } from "../../support/money.ts";

const allocate = (run: InProcess, id: string, allocations: unknown, options: CallOptions = {}) =>
  run.call<PaymentView & Pick<ProblemBody, "code" | "errors">>(
    "POST",
    `/v1/payments/${id}/allocate`,
    { allocations },
    options,
  );

Deno.test("a payment is distributed over checkouts and an account, moved, and undone", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const [a, b] = [await createCheckout(run), await createCheckout(run, { reference: "order-2", amount: 100_000 })];
    const id = await payOpenly(run, "TYPO", 3_000, "UKM0009999");
    const parts = [{ checkout: a.id, amount: 150_000 }, { checkout: b.id, amount: 60_000 }, {
      account: account.id,
      amount: 90_000,
    }];
    const split = await allocate(run, id, parts);
    assert.deepEqual([split.status, split.body.status, split.body.allocations], [200, "matched", parts]);
    await run.pass();
    assert.deepEqual([(await getCheckout(run, a.id)).status, (await getCheckout(run, b.id)).status], [
      "succeeded",
      "open",
    ]);
    assert.equal((await getCheckout(run, b.id)).amount_due, 40_000);
    assert.equal((await getAccount(run, account.id)).balance, 90_000);
    assert.deepEqual(await checkLedger(run), []);
    const moved = await allocate(run, id, [{ checkout: b.id, amount: 100_000 }]);
    assert.equal(moved.body.status, "partial");
    await run.pass();
    assert.deepEqual([(await getCheckout(run, a.id)).status, (await getCheckout(run, b.id)).status], [
      "open",
      "succeeded",
    ]);
    assert.equal((await getAccount(run, account.id)).balance, 0);
    assert.deepEqual(await checkLedger(run), []);
    assert.equal((await allocate(run, id, [])).body.status, "unmatched");
    await run.pass();
    assert.equal((await getCheckout(run, b.id)).status, "open");
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("never more than is held: too much is refused, also after a refund, and changes nothing", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const id = await payOpenly(run, "TYPO", 1_500, "UKM0009999");
    const much = await allocate(run, id, [{ account: account.id, amount: 150_100 }]);
    assert.deepEqual([much.status, much.body.errors?.[0]?.pointer], [422, "/allocations"]);
    assert.equal((await askRefund(run, id, { amount: 50_000, method: "payout" })).status, 202);
    const refused = await allocate(run, id, [{ account: account.id, amount: 150_000 }]);
    assert.deepEqual([refused.status, refused.body.code], [409, "refunded_already"]);
    assert.equal((await allocate(run, id, [{ account: account.id, amount: 100_000 }])).status, 200);
    assert.equal((await getAccount(run, account.id)).balance, 100_000);
  }));

Deno.test("places of others are not found, wrong parts get a pointer, and of two people at once one is told no", () =>
  inProcess(async (run) => {
    const account = await createAccount(run);
    const checkout = await createCheckout(run);
    const id = await payOpenly(run, "TYPO", 1_500, "UKM0009999");
    const foreign = await createCheckout(run, {}, { client: "cli_other" });
    assert.equal((await allocate(run, id, [{ checkout: foreign.id, amount: 100 }])).status, 404);
    assert.equal((await allocate(run, id, [], { client: "cli_other" })).status, 404);
    assert.equal((await allocate(run, id, [{ amount: 100 }])).body.errors?.[0]?.pointer, "/allocations/0");
    const both = { account: account.id, checkout: checkout.id, amount: 100 };
    assert.equal((await allocate(run, id, [both])).status, 422);
    const twice = { account: account.id, amount: 100 };
    assert.equal((await allocate(run, id, [twice, twice])).body.errors?.[0]?.pointer, "/allocations/1");
    assert.equal((await getPayment(run, id)).status, "unmatched");
    const answers = await Promise.all([
      allocate(run, id, [{ account: account.id, amount: 150_000 }]),
      allocate(run, id, [{ checkout: checkout.id, amount: 150_000 }]),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
    await run.pass();
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("money that a person took from an order is what a query then calls paid, and counts once", () =>
  inProcess(async (run) => {
    const bill = await prompted(run);
    const money = { receipt: "UKM0006601", amount: 1_500, at: run.time.now() };
    await confirmation(run, PAYBILL, bill.account_reference, money);
    const [[id]] = await run.sql("SELECT id FROM payments") as [[string]];
    assert.deepEqual([(await allocate(run, id, [])).body.status, (await getCheckout(run, bill.id)).payment], [
      "unmatched",
      null,
    ]);
    await refreshed(run, bill);
    await run.pass();
    assert.equal((await getCheckout(run, bill.id)).status, "succeeded");
    assert.deepEqual(await run.sql("SELECT id, checkout_id FROM payments"), [[id, bill.id]]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("the same, where the query had called it paid before the person took it away again", () =>
  inProcess(async (run) => {
    const [bill, other] = [await prompted(run), await createCheckout(run)];
    const money = { receipt: "UKM0006602", amount: 1_500, at: run.time.now() };
    await confirmation(run, PAYBILL, bill.account_reference, money);
    const [[id]] = await run.sql("SELECT id FROM payments") as [[string]];
    assert.equal((await run.call("POST", `/v1/payments/${id}/match`, { checkout: other.id })).status, 200);
    await refreshed(run, bill);
    await run.pass();
    assert.equal(await run.count("payments"), 2, "nobody knows that no other money will come");
    assert.equal((await allocate(run, id, [])).status, 200);
    await run.pass();
    assert.deepEqual(await run.sql("SELECT id, checkout_id FROM payments"), [[id, bill.id]]);
    assert.equal((await getCheckout(run, other.id)).status, "open");
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a payment that was allocated to an order and is then matched to it counts once", () =>
  inProcess(async (run) => {
    const { id: order } = await createCheckout(run, { account_reference: "INV1" });
    const id = await payOpenly(run, "TYPO", 1_000, "UKM0006603");
    assert.equal((await allocate(run, id, [{ checkout: order, amount: 100_000 }])).status, 200);
    assert.equal((await run.call("POST", `/v1/payments/${id}/match`, { checkout: order })).status, 200);
    const { status, amount_received, amount_allocated } = await getCheckout(run, order);
    assert.deepEqual([status, amount_received, amount_allocated], ["succeeded", 100_000, 0]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("money that a person gave to the order whose prompt it had paid counts once when M-Pesa says so", () =>
  inProcess(async (run) => {
    for (const by of ["query", "callback"] as const) {
      const bill = await prompted(run, { reference: by });
      const money = { receipt: by === "query" ? "UKM0006604" : "UKM0006605", amount: 1_500, at: run.time.now() };
      await confirmation(run, PAYBILL, bill.account_reference, money);
      const [[id]] = await run.sql("SELECT id FROM payments WHERE receipt = ?", money.receipt) as [[string]];
      await allocate(run, id, []);
      assert.equal((await allocate(run, id, [{ checkout: bill.id, amount: 150_000 }])).status, 200);
      if (by === "callback") await callback(run, bill.attempts[0]?.id ?? "", money);
      await run.pass(60_000); // the plan of polls goes on
      const { status, amount_received, amount_allocated, payment } = await getCheckout(run, bill.id);
      assert.deepEqual([status, amount_received, amount_allocated, payment?.id], ["succeeded", 150_000, 0, id], by);
    }
    assert.deepEqual([await run.count("payments"), await checkLedger(run)], [2, []]);
  }));

Deno.test("a second payment of an order that a person gives elsewhere leaves the order, and counts once", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const [paid, other] = [await createCheckout(run, { account_reference: "INV1" }), await createCheckout(run)];
    await payOpenly(run, "INV1", 1_500, "UKM0006606");
    const second = await payOpenly(run, "INV1", 1_500, "UKM0006607");
    assert.equal((await getPayment(run, second)).status, "duplicate_payment");
    const parts = [{ checkout: other.id, amount: 100_000 }, { account: account.id, amount: 50_000 }];
    assert.equal((await allocate(run, second, parts)).status, 200);
    await run.pass();
    const { status, checkout, allocations } = await getPayment(run, second);
    assert.deepEqual([status, checkout, allocations], ["matched", null, parts]);
    const received = [(await getCheckout(run, other.id)).amount_received, (await getAccount(run, account.id)).balance];
    assert.deepEqual([received, (await getCheckout(run, paid.id)).status], [[100_000, 50_000], "succeeded"]);
    assert.equal((await askRefund(run, second, { method: "payout" })).status, 409, "it is in its new places");
    assert.deepEqual(await checkLedger(run), []);
  }));
