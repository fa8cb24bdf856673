import assert from "node:assert/strict";
import { createAccount, getAccount, payOpenly } from "../../support/accounts.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger } from "../../support/money.ts";
import { eventTypes } from "../../support/payouts.ts";
import { importStatement } from "../../support/statements.ts";

/* Issue 13, item 13: money that settled an order and goes back leads to a person, also where an account had paid it. */

const DAY = 86_400_000;
const reverse = async (run: InProcess, of: string, out = 1_500) => {
  const line = { receipt: `UKR${of.slice(3)}`, at: run.time.now(), out, type: "Pay Bill Reversal" };
  await importStatement(run, [{ ...line, details: "Reversal of a payment", linked: of }]);
  await run.pass(60_000);
};
const allocate = (run: InProcess, id: string, allocations: unknown) =>
  run.call("POST", `/v1/payments/${id}/allocate`, { allocations });

Deno.test("an order that an account paid, and whose money M-Pesa takes back, is in review, also past its expiry, until it is paid again", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const order = await createCheckout(run, { account_reference: "HSE12", expires_in: 3_600 });
    await payOpenly(run, "HSE12", 1_500, "UKM0000001");
    await run.pass(60_000);
    assert.deepEqual([(await getCheckout(run, order.id)).status, (await getAccount(run, account.id)).balance], [
      "succeeded",
      0,
    ]);
    await reverse(run, "UKM0000001");
    await run.pass(DAY);
    const lost = await getCheckout(run, order.id);
    assert.deepEqual([lost.status, lost.amount_received, (await getAccount(run, account.id)).balance], [
      "review",
      0,
      0,
    ]);
    assert.deepEqual((await eventTypes(run, order.id)).slice(-2), ["checkout.succeeded", "checkout.review"]);
    assert.equal(run.logged("account_took_back_payment").length, 1);
    const again = await payOpenly(run, "NOBODY", 1_500, "UKM0000002");
    assert.equal((await allocate(run, again, [{ checkout: order.id, amount: 150_000 }])).status, 200);
    assert.equal((await getCheckout(run, order.id)).status, "succeeded");
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("an order that an account had paid in part, and was never paid, stays open when that part is taken back", () =>
  inProcess(async (run) => {
    await createAccount(run, { account_reference: "HSE12" });
    const order = await createCheckout(run, { account_reference: "HSE12" });
    await payOpenly(run, "HSE12", 1_000, "UKM0000001");
    await run.pass(60_000);
    assert.equal((await getCheckout(run, order.id)).amount_received, 100_000);
    await reverse(run, "UKM0000001", 1_000);
    const { status, amount_received } = await getCheckout(run, order.id);
    assert.deepEqual([status, amount_received, await checkLedger(run)], ["open", 0, []]);
  }));

Deno.test("of two orders that one payment was divided between, the one that it had paid is in review when it is taken back", () =>
  inProcess(async (run) => {
    const paid = await createCheckout(run);
    const begun = await createCheckout(run, { reference: "order-2" });
    const id = await payOpenly(run, "TYPO", 2_000, "UKM0000001");
    const parts = [{ checkout: paid.id, amount: 150_000 }, { checkout: begun.id, amount: 50_000 }];
    assert.equal((await allocate(run, id, parts)).status, 200);
    await run.pass(60_000);
    await reverse(run, "UKM0000001", 2_000);
    const states = await Promise.all([paid, begun].map(({ id }) => getCheckout(run, id)));
    assert.deepEqual(states.map(({ status, amount_received }) => [status, amount_received]), [["review", 0], [
      "open",
      0,
    ]]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("what was left of the account is taken first: an order that stays paid stays succeeded", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const order = await createCheckout(run, { account_reference: "HSE12" });
    for (const receipt of ["UKM0000001", "UKM0000002"]) await payOpenly(run, "HSE12", 1_500, receipt);
    await run.pass(60_000);
    await reverse(run, "UKM0000001");
    assert.deepEqual([(await getCheckout(run, order.id)).status, (await getAccount(run, account.id)).balance], [
      "succeeded",
      0,
    ]);
    await reverse(run, "UKM0000002");
    assert.deepEqual([(await getCheckout(run, order.id)).status, await checkLedger(run)], ["review", []]);
  }));
