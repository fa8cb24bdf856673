import assert from "node:assert/strict";
import { ConstraintError, type Statement } from "../../../src/db/database.ts";
import type { AccountView } from "../../../src/domain/accounts/contract.ts";
import { loadAccount, raised, storeAccount } from "../../../src/domain/accounts/store.ts";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import { createAccount, getAccount, getStatement, payOpenly } from "../../support/accounts.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { callback, confirmation, PAYBILL, prompted } from "../../support/facts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { interrupted } from "../../support/interrupted.ts";
import { askRefund, checkLedger, getPayment, paidCheckout, payPaybill } from "../../support/money.ts";
import { importStatement } from "../../support/statements.ts";

const allocate = (run: InProcess, id: string, allocations: unknown) =>
  run.call<ProblemBody>("POST", `/v1/payments/${id}/allocate`, { allocations });
const eventsOf = async (run: InProcess, type: string) =>
  (await run.sql("SELECT data FROM events WHERE type = ? ORDER BY id", type)).map(([data]) => JSON.parse(String(data)));
const appliesBalance = ({ sql }: Statement) => /INTO .?account_applications/.test(sql);
const storesPayment = ({ sql }: Statement) => /^UPDATE .?payments/.test(sql);

Deno.test("an account that was changed meanwhile is not stored over that change", () =>
  inProcess(async (run) => {
    const { id } = await createAccount(run, { account_reference: "HSE12" });
    const state = await loadAccount(run.services, id);
    assert.ok(state !== null);
    const after = raised(state.account, run.time.now());
    await run.db.write(storeAccount({ ...after, apply: "none" }));
    await assert.rejects(
      run.db.write(storeAccount({ ...after, due_day: 9 })),
      (error) => error instanceof ConstraintError && error.rule === "conflict",
    );
    const { apply, due_day, version } = await getAccount(run, id);
    assert.deepEqual([apply, due_day, version], ["none", state.account.due_day, 2]);
  }));

Deno.test("a balance that a refund takes at the same moment pays no bill, not even for a moment", async () => {
  const { planned, options } = interrupted("before write", appliesBalance);
  await inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const id = await payOpenly(run, "HSE12", 1_500, "UKM0009999");
    const bill = await createCheckout(run, { account_reference: "HSE12", partial: "refuse" });
    planned.happens = () => askRefund(run, id, { amount: 100_000, method: "payout" });
    await run.pass();
    assert.equal(planned.happens, null);
    assert.equal((await getCheckout(run, bill.id)).status, "open");
    assert.deepEqual(await eventsOf(run, "checkout.succeeded"), []);
    assert.equal((await getAccount(run, account.id)).balance, 50_000);
    assert.deepEqual(await checkLedger(run), []);
  }, options);
});

Deno.test("money that is given back, or was, is no balance of an account that is made later", () =>
  inProcess(async (run) => {
    const promised = await payOpenly(run, "HSE12", 1_500, "UKM0009998");
    assert.equal((await askRefund(run, promised, { amount: 50_000, method: "payout" })).status, 202);
    const account = await createAccount(run, { account_reference: "HSE12" });
    await run.pass();
    assert.equal((await getAccount(run, account.id)).balance, 0);
    assert.equal((await getPayment(run, promised)).status, "unmatched");
    assert.deepEqual(await eventsOf(run, "account.credited"), []);
  }));

Deno.test("money that a person matches while an account takes it in is where the person put it, and is told once", async () => {
  const { planned, options } = interrupted("before write", storesPayment);
  await inProcess(async (run) => {
    const id = await payOpenly(run, "HSE12", 1_500, "UKM0009999");
    const checkout = await createCheckout(run);
    const account = await createAccount(run, { account_reference: "HSE12" });
    planned.happens = () => run.call("POST", `/v1/payments/${id}/match`, { checkout: checkout.id });
    await run.pass();
    assert.equal(planned.happens, null);
    assert.deepEqual((await getPayment(run, id)).checkout, checkout.id);
    assert.equal((await getAccount(run, account.id)).balance, 0);
    assert.deepEqual(await eventsOf(run, "account.credited"), []);
    assert.deepEqual(await checkLedger(run), []);
  }, options);
});

Deno.test("money of the part that a prompt asks for waits until the prompt has ended", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const bill = await createCheckout(run, { account_reference: "HSE12" });
    await createCheckout(run, { account_reference: "HSE12", reference: "december" });
    await payPaybill(run, { amount: 1_000, reference: "HSE12" });
    await run.pass();
    assert.equal((await getCheckout(run, bill.id)).amount_due, 50_000);
    await run.call("PATCH", `/v1/accounts/${account.id}`, { apply: "none" });
    const prompt = await run.call("POST", `/v1/checkouts/${bill.id}/attempts`, { phone_number: "254700009001" });
    assert.ok(prompt.status < 300, JSON.stringify(prompt.body));
    await payPaybill(run, { amount: 500, reference: "HSE12" });
    assert.equal((await getAccount(run, account.id)).balance, 0);
    assert.equal(await run.count("payments WHERE amount = 50000 AND status = 'unmatched'"), 1);
  }));

Deno.test("what was expected before a change stays expected, once", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12", expected_amount: 100_000, due_day: 1 });
    const arrears = async () => (await getAccount(run, account.id)).arrears;
    run.time.skip(50 * 86_400_000); // past the ends of 1 December and 1 January
    assert.equal(await arrears(), 200_000);
    const change = { expected_amount: 30_000 };
    assert.equal((await run.call("PATCH", `/v1/accounts/${account.id}`, change)).status, 200);
    assert.equal(await arrears(), 200_000);
    run.time.skip(31 * 86_400_000);
    assert.equal(await arrears(), 230_000);
  }));

Deno.test("a payment goes to no place of another shortcode, and not away from the prompt that it paid", () =>
  inProcess(async (run) => {
    const id = await payOpenly(run, "TYPO", 1_500, "UKM0009999");
    const checkout = await createCheckout(run, { shortcode: "500000" });
    const account = await createAccount(run, { shortcode: "500000" });
    for (const place of [{ checkout: checkout.id }, { account: account.id }]) {
      const { status, body } = await allocate(run, id, [{ ...place, amount: 150_000 }]);
      assert.deepEqual([status, body.errors?.[0]?.pointer], [422, "/allocations"]);
    }
    assert.equal((await getPayment(run, id)).status, "unmatched");
    const paid = await paidCheckout(run);
    const other = await createCheckout(run, { reference: "other" });
    const moved = await allocate(run, paid.id, [{ checkout: other.id, amount: 150_000 }]);
    assert.deepEqual([moved.status, moved.body.code], [409, "wrong_state"]);
  }));

Deno.test("money that a refund promises while a person distributes it is not distributed", async () => {
  const { planned, options } = interrupted("before write", storesPayment);
  await inProcess(async (run) => {
    const id = await payOpenly(run, "TYPO", 1_500, "UKM0009999");
    const account = await createAccount(run);
    planned.happens = () => askRefund(run, id, { amount: 100_000, method: "payout" });
    const { status, body } = await allocate(run, id, [{ account: account.id, amount: 150_000 }]);
    assert.deepEqual([planned.happens, status, body.code], [null, 409, "refunded_already"]);
    assert.equal((await getAccount(run, account.id)).balance, 0);
  }, options);
});

Deno.test("an event about a distribution tells the balance that the account has after it", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { apply: "none" });
    const id = await payOpenly(run, "TYPO", 1_500, "UKM0009999");
    for (const amount of [90_000, 120_000, 30_000]) {
      assert.equal((await allocate(run, id, [{ account: account.id, amount }])).status, 200);
      const told: AccountView[] = [
        ...await eventsOf(run, "account.credited"),
        ...await eventsOf(run, "account.updated"),
      ];
      const newest = told.toSorted((a, b) => a.version - b.version).at(-1);
      assert.equal(newest?.balance, amount);
      assert.equal((await getAccount(run, account.id)).balance, amount);
    }
  }));

Deno.test("a payment of an account that is withdrawn leaves no balance", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12", apply: "none" });
    const done = await importStatement(run, [{
      receipt: "UKM0000001",
      at: run.time.now(),
      in: 1_500,
      account: "HSE12",
    }]);
    await run.pass();
    assert.equal((await getAccount(run, account.id)).balance, 150_000);
    const { status, body } = await run.call<ProblemBody>("POST", `/v1/reconciliations/${done.id}/reverse`);
    assert.equal(status, 200, JSON.stringify(body));
    await run.pass();
    assert.equal((await getAccount(run, account.id)).balance, 0);
    assert.equal((await getStatement(run, account.id)).closing_balance, 0);
    assert.equal(await run.count("allocations"), 0);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("undoing an import takes its money at once from the checkout that the account had paid with it", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const { id } = await createCheckout(run, { account_reference: "HSE12" });
    const line = { receipt: "UKM0000002", at: run.time.now(), in: 1_500, account: "HSE12" };
    const done = await importStatement(run, [line]);
    await run.pass();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.equal((await run.call("POST", `/v1/reconciliations/${done.id}/reverse`)).status, 200);
    await run.pass(1_000); // no sweep has run
    const { status, amount_received } = await getCheckout(run, id);
    assert.deepEqual([status, amount_received, (await getAccount(run, account.id)).balance], ["open", 0, 0]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a checkout that a person paid with money which a callback proves to be another's is open again", () =>
  inProcess(async (run) => {
    const bill: CheckoutView = await createCheckout(run, { account_reference: "BILL" });
    const prompted = await createCheckout(run, { reference: "other", phone_number: "254700001032" });
    await run.pass();
    const transfer = { receipt: "UKM0007777", amount: 1_500, at: run.time.now() };
    await confirmation(run, PAYBILL, "TYPO", transfer);
    const [[id]] = await run.sql("SELECT id FROM payments") as [[string]];
    assert.equal((await allocate(run, id, [{ checkout: bill.id, amount: 150_000 }])).status, 200);
    await run.pass();
    assert.equal((await getCheckout(run, bill.id)).status, "succeeded");
    await callback(run, prompted.attempts[0]?.id ?? "", transfer);
    await run.pass();
    assert.equal((await getCheckout(run, prompted.id)).status, "succeeded");
    const after = await getCheckout(run, bill.id);
    assert.notEqual(after.status, "succeeded");
    assert.equal(after.amount_received, 0);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("what an account lacks is taken back from its checkout, and no more; events tell what is left", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const bill = await createCheckout(run, { account_reference: "HSE12" });
    run.time.skip(1_000);
    const small = { account_reference: "HSE12", amount: 50_000, reference: "small", phone_number: "254700001032" };
    const prompted = await createCheckout(run, small);
    await run.pass();
    await payPaybill(run, { amount: 1_000, reference: "HSE12" });
    await run.pass();
    const transfer = { receipt: "UKM0007777", amount: 500, at: run.time.now() };
    await confirmation(run, PAYBILL, "HSE12", transfer);
    await run.pass();
    assert.equal((await getCheckout(run, bill.id)).status, "succeeded");
    const applied = (await eventsOf(run, "account.updated")).map(({ applied, balance }) => [applied, balance]);
    assert.deepEqual(applied, [[100_000, 0], [50_000, 0]]);
    await callback(run, prompted.attempts[0]?.id ?? "", transfer);
    await run.pass();
    const after = await getCheckout(run, bill.id);
    assert.deepEqual([after.status, after.amount_due], ["open", 50_000]);
    const released = await run.sql("SELECT data FROM audit WHERE action = 'account.released'");
    assert.deepEqual(released.map(([data]) => JSON.parse(String(data)).amount), [50_000]);
    assert.equal((await getAccount(run, account.id)).balance, 0);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a balance pays no bill of another account or shortcode, though its account is spelt alike", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "12/3" });
    const others = [
      await createCheckout(run, { account_reference: "1/23" }),
      await createCheckout(run, { account_reference: "12/3", shortcode: "500000", reference: "till" }),
    ];
    await payPaybill(run, { reference: "12/3" });
    await run.pass();
    for (const { id } of others) assert.equal((await getCheckout(run, id)).amount_received, 0);
    assert.equal((await getAccount(run, account.id)).balance, 150_000);
  }));

Deno.test("money that came before two accounts spelt alike is taken in by the one that it names, and events tell the sum", () =>
  inProcess(async (run) => {
    await payPaybill(run, { amount: 100, reference: "1/23" });
    const near = await createAccount(run, { account_reference: "12/3" });
    const named = await createAccount(run, { account_reference: "1/23" });
    await run.pass();
    assert.deepEqual([(await getAccount(run, near.id)).balance, (await getAccount(run, named.id)).balance], [
      0,
      10_000,
    ]);
    await payPaybill(run, { amount: 200, reference: "1/23" });
    await run.pass();
    const told = (await eventsOf(run, "account.credited")).map(({ id, balance }) => [id, balance]);
    assert.deepEqual(told, [[named.id, 10_000], [named.id, 30_000]]);
  }));

Deno.test("an account that looks again takes no money that may be a prompt's", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12", apply: "none" });
    for (const reference of ["november", "december"]) {
      await createCheckout(run, { account_reference: "HSE12", reference, phone_number: "254700009001" });
    }
    await payPaybill(run, { reference: "HSE12" });
    assert.equal((await run.call("PATCH", `/v1/accounts/${account.id}`, { name: "Otieno" })).status, 200);
    await run.pass(100);
    assert.equal((await getAccount(run, account.id)).balance, 0);
    assert.equal(await run.count("payments WHERE status = 'unmatched'"), 1);
  }));

Deno.test("money that a prompt was paid by, as a callback without a receipt says, is no money of the account", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const paid = await prompted(run, { account_reference: "HSE12" });
    const other = await createCheckout(run, { account_reference: "HSE12", reference: "order-2" });
    await payOpenly(run, "HSE12", 1_500, "UKM0007777");
    const stkCallback = {
      ResultCode: 0,
      ResultDesc: "ok",
      CallbackMetadata: { Item: [{ Name: "Amount", Value: 1500 }] },
    };
    const address = run.services.capabilities.mint("stk", paid.attempts[0]?.id ?? "");
    await run.notify(address, JSON.stringify({ Body: { stkCallback } }));
    await run.pass();
    assert.deepEqual([(await getCheckout(run, paid.id)).payment?.receipt, (await getCheckout(run, other.id)).status], [
      "UKM0007777",
      "open",
    ]);
    assert.deepEqual([await run.count("payments"), (await getAccount(run, account.id)).balance], [1, 0]);
    assert.deepEqual(await checkLedger(run), []);
  }));
