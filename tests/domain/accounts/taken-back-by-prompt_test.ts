import assert from "node:assert/strict";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import { systemContext } from "../../../src/context/context.ts";
import type { Money } from "../../../src/domain/payments/money.ts";
import { recordMoney } from "../../../src/domain/payments/record-money.ts";
import { createAccount, getAccount, payOpenly } from "../../support/accounts.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { PAYBILL } from "../../support/facts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { interrupted } from "../../support/interrupted.ts";
import { askRefund, checkLedger, getPayment } from "../../support/money.ts";

/* A query falsely says cancelled, the standing account takes the money, and then the prompt proves to be paid. */

const RECEIPT = "UKM0007777";
const HSE12 = { account_reference: "HSE12" };

/** A checkout whose prompt a query calls cancelled. */
async function cancelled(run: InProcess, changes: Readonly<Record<string, unknown>> = {}): Promise<CheckoutView> {
  const checkout = await createCheckout(run, { ...HSE12, phone_number: "254700001032", ...changes });
  await run.pass();
  return checkout;
}

/** M-Pesa calls the prompt paid, and names no receipt. */
async function bareCallback(run: InProcess, { attempts }: CheckoutView, amount = 1_500): Promise<void> {
  const stkCallback = {
    ResultCode: 0,
    ResultDesc: "ok",
    CallbackMetadata: { Item: [{ Name: "Amount", Value: amount }] },
  };
  const address = run.services.capabilities.mint("stk", attempts[0]?.id ?? "");
  await run.notify(address, JSON.stringify({ Body: { stkCallback } }));
  await run.pass();
}

const receiptOf = async (run: InProcess, { id }: CheckoutView) => (await getCheckout(run, id)).payment?.receipt;

/** The money is there once: as the checkout's, and not as the account's. */
async function countsOnce(run: InProcess, checkout: CheckoutView, account: string): Promise<void> {
  const { status, amount_received } = await getCheckout(run, checkout.id);
  assert.deepEqual([status, amount_received, await receiptOf(run, checkout)], ["succeeded", 150_000, RECEIPT]);
  assert.deepEqual([await run.count("payments"), (await getAccount(run, account)).balance], [1, 0]);
  assert.equal(await run.count("allocations"), 0);
  assert.deepEqual(await checkLedger(run), []);
}

for (const apply of ["none", "oldest_first"]) {
  for (const isMoneyFirst of [true, false]) {
    const order = isMoneyFirst ? "before" : "after";
    Deno.test(`money that came ${order} the callback without a receipt counts once, at an account that applies ${apply}`, () =>
      inProcess(async (run) => {
        const account = await createAccount(run, { ...HSE12, apply });
        const paid = await cancelled(run);
        const money = async () => {
          await payOpenly(run, "HSE12", 1_500, RECEIPT);
          await run.pass();
        };
        if (isMoneyFirst) await money();
        await bareCallback(run, paid);
        if (!isMoneyFirst) await money();
        await countsOnce(run, paid, account.id);
        await bareCallback(run, paid);
        await countsOnce(run, paid, account.id);
      }));
  }
}

Deno.test("a run that dies while it takes money from an account takes it once when it runs again", async () => {
  const { planned, options } = interrupted("before write", ({ sql }) => /^UPDATE .?payments/.test(sql));
  await inProcess(async (run) => {
    const account = await createAccount(run, { ...HSE12, apply: "none" });
    const paid = await cancelled(run);
    await payOpenly(run, "HSE12", 1_500, RECEIPT);
    planned.happens = () => Promise.reject(new Error("the process died"));
    await bareCallback(run, paid);
    assert.equal(planned.happens, null);
    await run.pass(600_000);
    await countsOnce(run, paid, account.id);
  }, options);
});

Deno.test("money that the account takes in while the callback is applied counts once", async () => {
  const { planned, options } = interrupted("before write", ({ sql }) => /^UPDATE .?attempts/.test(sql));
  await inProcess(async (run) => {
    const account = await createAccount(run, { ...HSE12, apply: "none" });
    const paid = await cancelled(run);
    const shortcode = await run.services.shortcodes.byId(PAYBILL.id);
    const money: Money = {
      channel: "c2b",
      receipt: RECEIPT,
      uploaded: false,
      amount: 150_000,
      accountReference: "HSE12",
      paidAt: run.time.now(),
      phone: null,
      payerName: null,
    };
    planned.happens = () =>
      recordMoney(
        systemContext(run.services, shortcode.merchantId, "system", "test", () => {}),
        shortcode,
        money,
        () => [],
      );
    await bareCallback(run, paid);
    assert.equal(planned.happens, null);
    await countsOnce(run, paid, account.id);
    assert.equal(await run.count("merged_payments"), 0);
  }, options);
});

Deno.test("what an account gets back of the order that its prompt paid as well pays no other order", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, HSE12);
    const paid = await cancelled(run);
    await payOpenly(run, "HSE12", 1_500, RECEIPT);
    await run.pass();
    const other = await createCheckout(run, { ...HSE12, reference: "other" });
    await bareCallback(run, paid);
    await countsOnce(run, paid, account.id);
    assert.equal((await getCheckout(run, other.id)).status, "open");
    assert.equal(await run.count("events WHERE type = 'checkout.succeeded'"), 1);
  }));

Deno.test("an order that the account had paid with a prompt's money is open again, and that is told", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, HSE12);
    const bill = await createCheckout(run, { ...HSE12, reference: "bill" });
    run.time.skip(1_000);
    const paid = await cancelled(run);
    await payOpenly(run, "HSE12", 1_500, RECEIPT);
    await run.pass();
    assert.equal((await getCheckout(run, bill.id)).status, "succeeded");
    await bareCallback(run, paid);
    await countsOnce(run, paid, account.id);
    const after = await getCheckout(run, bill.id);
    assert.deepEqual([after.status, after.amount_received], ["open", 0]);
    assert.equal(await run.count("events WHERE type = 'checkout.reopened'"), 1);
    const told = run.logged("account_took_back_payment");
    assert.deepEqual(told.map(({ level, fields }) => [level, fields["checkout"]]), [["alert", bill.id]]);
  }));

Deno.test("the order whose prompt was paid gives back what the account had given to it, before other orders do", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, HSE12);
    const paid = await cancelled(run);
    run.time.skip(1_000);
    const bill = await createCheckout(run, { ...HSE12, reference: "bill", amount: 100_000 });
    await payOpenly(run, "HSE12", 1_500, RECEIPT);
    await run.pass();
    await payOpenly(run, "HSE12", 1_000, "UKM0008888");
    await run.pass();
    await bareCallback(run, paid);
    assert.deepEqual([await receiptOf(run, paid), (await getCheckout(run, paid.id)).amount_received], [
      RECEIPT,
      150_000,
    ]);
    assert.deepEqual((await getCheckout(run, bill.id)).status, "succeeded");
    assert.equal((await getAccount(run, account.id)).balance, 0);
    assert.deepEqual(run.logged("account_took_back_payment"), []);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("an order whose prompt was paid by money of which a part had gone back is for a person, and no more can go back", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { ...HSE12, apply: "none" });
    const paid = await cancelled(run);
    const money = await payOpenly(run, "HSE12", 1_500, RECEIPT);
    assert.equal((await askRefund(run, money, { amount: 50_000, method: "payout" })).status, 202);
    await run.pass();
    await bareCallback(run, paid);
    const { status, amount_received } = await getCheckout(run, paid.id);
    assert.deepEqual([status, amount_received], ["review", 100_000]);
    const { checkout, amount_refunded } = await getPayment(run, money);
    assert.deepEqual([checkout, amount_refunded], [paid.id, 50_000]);
    assert.deepEqual([await run.count("payments"), (await getAccount(run, account.id)).balance], [1, 0]);
    const more = await askRefund<ProblemBody>(run, money, { amount: 100_100 });
    assert.deepEqual([more.status, more.body.code], [409, "wrong_state"]); // its receipt is only inferred
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("what a person has put to the account stays there when a callback names no receipt", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { ...HSE12, apply: "none" });
    const paid = await cancelled(run);
    const money = await payOpenly(run, "TYPO", 1_500, RECEIPT);
    await run.call("POST", `/v1/payments/${money}/allocate`, {
      allocations: [{ account: account.id, amount: 150_000 }],
    });
    await bareCallback(run, paid);
    assert.deepEqual([(await getAccount(run, account.id)).balance, await receiptOf(run, paid)], [150_000, null]);
  }));

Deno.test("money that names exactly this account is not taken by a prompt whose account is spelt alike", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE 12", apply: "none" });
    const paid = await cancelled(run, { account_reference: "HSE-12" });
    await payOpenly(run, "HSE 12", 1_500, RECEIPT);
    await bareCallback(run, paid);
    assert.deepEqual([(await getAccount(run, account.id)).balance, await receiptOf(run, paid)], [150_000, null]);
  }));
