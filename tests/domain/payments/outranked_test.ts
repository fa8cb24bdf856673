import assert from "node:assert/strict";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { callback, confirmation, PAYBILL, prompted, TILL, type Transfer } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger, createRefund, getPayment, getRefund, holdings } from "../../support/money.ts";
import { reversedNotice, tell } from "../../support/notices.ts";
import { importStatement } from "../../support/statements.ts";

const transfer = (run: InProcess): Transfer => ({ receipt: "UKM0008101", amount: 1_500, at: run.time.now() });
/** A file says that the transfer came to the paybill; with `amount` shillings. */
async function uploaded(run: InProcess, one: Transfer, amount = one.amount, account = "HOUSE9"): Promise<PaymentView> {
  await importStatement(run, [{ receipt: one.receipt, at: one.at, in: amount, account }]);
  const { body } = await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${one.receipt}`);
  return body.data[0] as PaymentView;
}
const all = async (run: InProcess, one: Transfer): Promise<readonly PaymentView[]> =>
  (await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${one.receipt}`)).body.data;

for (const [what, place, account, amount] of [["shortcode", TILL, null, 1_500], ["amount", PAYBILL, "X", 1]] as const) {
  Deno.test(`M-Pesa's word of the ${what} outranks a file's, also where a refund of the file's row was tried and failed`, () =>
    inProcess(async (run) => {
      const one = transfer(run);
      const claimed = await uploaded(run, one, amount);
      const refund = await createRefund(run, claimed.id);
      await run.pass(); // M-Pesa knows no such receipt
      assert.equal((await getRefund(run, refund.id)).status, "failed");

      await confirmation(run, place, account, one);
      const payments = await all(run, one);
      assert.deepEqual(payments.map((p) => [p.shortcode, p.amount, p.status]), [[place.number, 150_000, "unmatched"]]);
      const [stays] = payments;
      assert.equal((await getPayment(run, claimed.id)).id, stays?.id, "the old id answers the payment that stays");
      assert.equal((await getRefund(run, refund.id)).payment, stays?.id, "what was tried goes with the receipt");
      assert.deepEqual(await checkLedger(run), []);

      await createRefund(run, stays?.id ?? ""); // the failed one holds nothing of it
      await run.pass();
      assert.deepEqual(await checkLedger(run), []);
    }));
}

Deno.test("a reversal under way of a row that a file named goes with the receipt, and counts where the money is", () =>
  inProcess(async (run) => {
    const one = transfer(run);
    const claimed = await uploaded(run, one);
    const refund = await createRefund(run, claimed.id);
    await confirmation(run, TILL, null, one);
    const [stays, ...more] = await all(run, one);
    assert.deepEqual([stays?.shortcode, more], [TILL.number, []]);
    await tell(run, refund.id, "refund_result", reversedNotice(one.receipt));
    const after = await getPayment(run, stays?.id ?? "");
    assert.deepEqual([after.status, after.amount_refunded], ["refunded", 150_000]);
    assert.equal((await getRefund(run, refund.id)).payment, stays?.id);
  }));

Deno.test("the checkout that a contradicted row of a file paid is settled without it, though a refund of it failed", () =>
  inProcess(async (run) => {
    const checkout = await createCheckout(run, { account_reference: "HOUSE9" });
    const one = transfer(run);
    const claimed = await uploaded(run, one);
    assert.equal((await getCheckout(run, checkout.id)).status, "succeeded");
    await createRefund(run, claimed.id);
    await run.pass();

    await confirmation(run, TILL, null, one);
    assert.equal((await all(run, one)).length, 1);
    assert.equal((await getCheckout(run, checkout.id)).status, "open");
    const { body } = await run.call<{ data: { type: string }[] }>("GET", "/v1/events?type=checkout.reopened");
    assert.equal(body.data.length, 1);
    assert.deepEqual(await checkLedger(run), []);
    assert.equal((await holdings(run)).mpesa_utility ?? 0, 0);
  }));

for (const [what, shortcode, amount] of [["shortcode", TILL.number, 1_500], ["amount", PAYBILL.number, 1]] as const) {
  Deno.test(`a callback's word of the ${what} outranks a file's, also where a refund of the file's row was tried and failed`, () =>
    inProcess(async (run) => {
      const checkout = await prompted(run, { amount: 150_000, account_reference: "HOUSE9", shortcode });
      await run.pass(10_000);
      const one = transfer(run);
      const claimed = await uploaded(run, one, amount, amount === 1 ? "HOUSE9" : "HOUSE8");
      const refund = await createRefund(run, claimed.id);
      await run.pass();
      assert.equal((await getRefund(run, refund.id)).status, "failed");

      await callback(run, checkout.attempts[0]?.id ?? "", one);
      const { status, payment } = await getCheckout(run, checkout.id);
      assert.deepEqual([status, payment?.receipt, payment?.amount], ["succeeded", one.receipt, 150_000]);
      assert.deepEqual((await all(run, one)).map(({ id }) => id), [payment?.id]);
      assert.equal((await getPayment(run, claimed.id)).id, payment?.id);
      assert.equal((await getRefund(run, refund.id)).payment, payment?.id);
      assert.deepEqual(await checkLedger(run), []);
    }));
}

Deno.test("a row that only a file named stays, with an alert and a finding, where money of it has gone back", () =>
  inProcess(async (run) => {
    const one = transfer(run);
    const claimed = await uploaded(run, one);
    const refund = await createRefund(run, claimed.id);
    await tell(run, refund.id, "refund_result", reversedNotice(one.receipt));
    assert.equal((await getPayment(run, claimed.id)).status, "refunded");
    await confirmation(run, TILL, null, one);
    assert.equal((await getPayment(run, claimed.id)).id, claimed.id);
    assert.equal((await all(run, one)).length, 2);
    assert.equal(run.logged("receipt_contradicted")[0]?.level, "alert");
    assert.ok((await checkLedger(run)).some(({ kind }) => kind === "receipt_twice"));
  }));

Deno.test("a file that names another amount, or another shortcode, does not outrank the file before", () =>
  inProcess(async (run) => {
    const one = transfer(run);
    const claimed = await uploaded(run, one);
    await uploaded(run, one, 700);
    await importStatement(run, [{ receipt: one.receipt, at: one.at, in: one.amount }], TILL.number);
    assert.deepEqual((await all(run, one)).map((p) => [p.id, p.amount]), [[claimed.id, 150_000]]);
    assert.deepEqual((await checkLedger(run)).map(({ kind }) => kind), ["differs_at_mpesa", "differs_at_mpesa"]);
  }));
