import assert from "node:assert/strict";
import { createAccount, getAccount, getStatement, payOpenly } from "../../support/accounts.ts";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { callback, confirmation, PAYBILL } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { askRefund, checkLedger, getPayment, payPaybill } from "../../support/money.ts";

const paymentOf = async (run: InProcess, receipt: string) => {
  const [[id]] = await run.sql("SELECT id FROM payments WHERE receipt = ?", receipt) as [[string]];
  return await getPayment(run, id);
};
const eventTypes = async (run: InProcess) =>
  (await run.sql("SELECT type FROM events ORDER BY id")).map(([type]) => type);

Deno.test("money to an account is accepted at any time, is its balance, and is never called a duplicate", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE-12" });
    assert.deepEqual([account.balance, account.apply], [0, "oldest_first"]);
    const first = await payPaybill(run, { amount: 1_500, reference: "hse 12" });
    await payPaybill(run, { amount: 700, reference: "HSE12" });
    assert.equal((await getAccount(run, account.id)).balance, 220_000);
    const payment = await paymentOf(run, first);
    assert.deepEqual([payment.status, payment.checkout], ["matched", null]);
    assert.deepEqual(payment.allocations, [{ account: account.id, amount: 150_000 }]);
    const types = await eventTypes(run);
    assert.equal(types.filter((type) => type === "account.credited").length, 2);
    assert.ok(!types.includes("payment.duplicate"));
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("the balance pays the account's open checkouts, the oldest first, also those that are made later", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const bills: CheckoutView[] = [];
    for (const reference of ["november", "december"]) {
      bills.push(await createCheckout(run, { reference, account_reference: "HSE12" }));
      run.time.skip(1_000);
    }
    await payPaybill(run, { amount: 2_000, reference: "HSE12" });
    await run.pass();
    const statuses = async () => await Promise.all(bills.map(async ({ id }) => (await getCheckout(run, id)).status));
    assert.deepEqual(await statuses(), ["succeeded", "open"]);
    assert.equal((await getAccount(run, account.id)).balance, 0);
    await payPaybill(run, { amount: 1_700, reference: "HSE12" });
    await run.pass();
    assert.deepEqual(await statuses(), ["succeeded", "succeeded"]);
    assert.equal((await getAccount(run, account.id)).balance, 70_000);
    const later = await createCheckout(run, { amount: 50_000, reference: "january", account_reference: "HSE12" });
    await run.pass();
    assert.equal((await getCheckout(run, later.id)).status, "succeeded");
    const statement = await getStatement(run, account.id);
    assert.deepEqual(statement.data.map(({ kind, amount, balance }) => [kind, amount, balance]), [
      ["received", 200_000, 200_000],
      ["applied", -150_000, 50_000],
      ["applied", -50_000, 0],
      ["received", 170_000, 170_000],
      ["applied", -100_000, 70_000],
      ["applied", -50_000, 20_000],
    ]);
    assert.equal(statement.closing_balance, 20_000);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("an account that applies nothing keeps its balance, and applies it once it is told to", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12", apply: "none" });
    const bill = await createCheckout(run, { account_reference: "HSE12" });
    await payPaybill(run, { reference: "HSE12" });
    await run.pass();
    assert.equal((await getCheckout(run, bill.id)).status, "open");
    await run.call("PATCH", `/v1/accounts/${account.id}`, { apply: "oldest_first" });
    await run.pass();
    assert.equal((await getCheckout(run, bill.id)).status, "succeeded");
    assert.equal((await getAccount(run, account.id)).balance, 0);
  }));

Deno.test("a refund lowers the balance, and is refused beyond it", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const payment = await getPayment(run, await payOpenly(run, "HSE12", 1_500, "UKM0009999"));
    const bill = await createCheckout(run, { amount: 100_000, account_reference: "HSE12" });
    await run.pass();
    assert.equal((await getCheckout(run, bill.id)).status, "succeeded");
    const refused = await askRefund<{ code: string; detail: string }>(run, payment.id, {
      amount: 60_000,
      method: "payout",
    });
    assert.deepEqual([refused.status, refused.body.code], [409, "wrong_state"]);
    assert.match(refused.body.detail, /KES 500 left/);
    assert.equal((await askRefund(run, payment.id)).status, 409, "a reversal gives all of it back");
    assert.equal((await askRefund(run, payment.id, { amount: 50_000, method: "payout" })).status, 202);
    await run.pass();
    assert.equal((await getAccount(run, account.id)).balance, 0);
    assert.equal((await getCheckout(run, bill.id)).status, "succeeded");
    assert.equal((await getStatement(run, account.id)).closing_balance, 0);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a callback that names the receipt takes its money back from the account, and from what it had paid", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const bill = await createCheckout(run, { amount: 100_000, account_reference: "HSE12" });
    run.time.skip(1_000);
    const prompted = await createCheckout(run, { account_reference: "HSE12", phone_number: "254700001032" });
    await run.pass();
    assert.equal((await getCheckout(run, prompted.id)).status, "open", "M-Pesa says that it was cancelled");
    const transfer = { receipt: "UKM0007777", amount: 1_500, at: run.time.now() };
    await confirmation(run, PAYBILL, "HSE12", transfer);
    await run.pass();
    assert.equal((await getCheckout(run, bill.id)).status, "succeeded");
    const [attempt] = prompted.attempts;
    await callback(run, attempt?.id ?? "", transfer);
    await run.pass();
    assert.equal((await getCheckout(run, prompted.id)).status, "succeeded");
    assert.equal((await getCheckout(run, bill.id)).status, "open");
    assert.equal((await getAccount(run, account.id)).balance, 0);
    assert.equal((await getStatement(run, account.id)).closing_balance, 0);
    assert.deepEqual(await checkLedger(run), []);
    assert.equal((await run.sql("SELECT count(*) FROM payments"))[0]?.[0], 1);
  }));

Deno.test("a balance that had paid a part goes back to the account when a prompt proves to have paid all", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const bill = await createCheckout(run, { account_reference: "HSE12", phone_number: "254700001032" });
    await run.pass();
    await payOpenly(run, "HSE12", 500, "UKM0007777");
    await run.pass();
    assert.deepEqual([(await getCheckout(run, bill.id)).amount_due, (await getAccount(run, account.id)).balance], [
      100_000,
      0,
    ]);
    const [attempt] = bill.attempts;
    await callback(run, attempt?.id ?? "", { receipt: "UKM0008888", amount: 1_500, at: run.time.now() });
    await run.pass();
    const paid = await getCheckout(run, bill.id);
    assert.deepEqual([paid.status, paid.amount_received, paid.amount_allocated], ["succeeded", 150_000, 0]);
    assert.equal((await getAccount(run, account.id)).balance, 50_000);
    const { data, closing_balance } = await getStatement(run, account.id);
    assert.deepEqual([data.map(({ kind }) => kind), closing_balance], [
      ["received", "applied", "paid_checkout", "released"],
      50_000,
    ]);
    const next = await createCheckout(run, { amount: 50_000, account_reference: "HSE12" });
    await run.pass();
    assert.equal((await getCheckout(run, next.id)).status, "succeeded");
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("money that may be a prompt's waits until the prompt has ended, and is then the account's", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12", apply: "none" });
    await createCheckout(run, { account_reference: "HSE12", phone_number: "0712345678" });
    await createCheckout(run, { account_reference: "HSE12", phone_number: "0722000000" });
    await payPaybill(run, { amount: 1_500, reference: "HSE12" });
    assert.equal((await getAccount(run, account.id)).balance, 0);
    await run.pass();
    await run.sweep();
    await run.pass(120_000);
    assert.equal((await getAccount(run, account.id)).balance, 150_000);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("money that came before the account did is taken in when the account is made", () =>
  inProcess(async (run) => {
    await payPaybill(run, { amount: 900, reference: "hse-12" });
    const account = await createAccount(run, { account_reference: "HSE12" });
    await run.pass();
    assert.equal((await getAccount(run, account.id)).balance, 90_000);
  }));

Deno.test("of two accounts that are spelt alike the exact one gets the money, and no guess is made between them", () =>
  inProcess(async (run) => {
    const [a, b] = [
      await createAccount(run, { account_reference: "12/3" }),
      await createAccount(run, { account_reference: "1/23" }),
    ];
    await payPaybill(run, { amount: 100, reference: "1/23" });
    await payPaybill(run, { amount: 200, reference: "123" });
    assert.deepEqual([(await getAccount(run, a.id)).balance, (await getAccount(run, b.id)).balance], [0, 10_000]);
  }));
