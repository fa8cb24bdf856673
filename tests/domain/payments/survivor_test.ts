import assert from "node:assert/strict";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { getCheckout } from "../../support/checkouts.ts";
import { callback, confirmation, PAYBILL, prompted, refreshed, type Transfer } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { askRefund, checkLedger, createRefund, getPayment, getRefund, payPaybill } from "../../support/money.ts";
import { importStatement } from "../../support/statements.ts";

const HOUR_MS = 3_600_000;
let receipts = 8_101;
const transfer = (run: InProcess, laterMs: number): Transfer => ({
  receipt: `UKM${String(receipts++).padStart(7, "0")}`,
  amount: 1_500,
  at: run.time.now() + laterMs,
});
const attemptOf = (checkout: CheckoutView): string => checkout.attempts[0]?.id ?? "";

interface Told {
  readonly type: string;
  readonly data: PaymentView & { readonly merged?: string };
}
async function told(run: InProcess, type: string): Promise<Told["data"][]> {
  const { body } = await run.call<{ data: Told[] }>("GET", `/v1/events?type=${type}&limit=100`);
  return body.data.filter((event) => event.type === type).map(({ data }) => data);
}

/** A prompt that a query calls paid; answers the checkout and its payment without a receipt. */
async function withPlaceholder(run: InProcess): Promise<{ checkout: CheckoutView; placeholder: string }> {
  const checkout = await prompted(run, { amount: 150_000 });
  await run.pass(10_000);
  await refreshed(run, checkout);
  const placeholder = (await getCheckout(run, checkout.id)).payment?.id ?? "";
  assert.ok(placeholder);
  return { checkout, placeholder };
}

/** Before migration 0010 a payment without a receipt could be refunded by payout. */
async function refundedBefore(run: InProcess, placeholder: string, amount: number): Promise<string> {
  const set = (receipt: string | null, source: string) =>
    run.db.write([{
      sql: "UPDATE payments SET receipt = ?, receipt_source = ? WHERE id = ?",
      args: [receipt, source, placeholder],
    }]);
  await set("UKM0000OLD", "callback");
  const refund = await createRefund(run, placeholder, { method: "payout", amount });
  await run.pass(10_000);
  assert.equal((await getRefund(run, refund.id)).status, "succeeded");
  await set(null, "notice");
  return refund.id;
}

for (const amount of [60_000, 150_000]) {
  Deno.test(`a placeholder of which ${amount / 1_500} % was given back is merged with its refunds into the payment that has the receipt`, () =>
    inProcess(async (run) => {
      const { checkout, placeholder } = await withPlaceholder(run);
      const refund = await refundedBefore(run, placeholder, amount);
      const one = transfer(run, 60 * 60_000); // M-Pesa's clock is an hour off, so nothing is inferred
      await confirmation(run, PAYBILL, "TYPO", one);
      await callback(run, attemptOf(checkout), one);
      assert.deepEqual(run.logged("job_failed"), []);
      const payment = await getPayment(run, placeholder);
      assert.notEqual(payment.id, placeholder);
      assert.deepEqual(
        [payment.receipt, payment.status, payment.amount_refunded],
        [one.receipt, amount === 150_000 ? "refunded" : "matched", amount],
      );
      assert.equal((await getRefund(run, refund)).payment, payment.id);
      const merged = await told(run, "payment.merged");
      assert.deepEqual(merged.map((data) => [data.id, data.merged, data.amount_refunded, data.status]), [
        [payment.id, placeholder, amount, payment.status],
      ]);
      assert.deepEqual(await checkLedger(run), []);
      const rest = await askRefund(run, placeholder, { method: "payout", amount: 100_000 });
      assert.equal(rest.status, amount === 150_000 ? 409 : 422, "never more than was paid");
    }));
}

Deno.test("what went back of both halves of one transfer is told, where it is more than was paid", () =>
  inProcess(async (run) => {
    const { checkout, placeholder } = await withPlaceholder(run);
    await refundedBefore(run, placeholder, 100_000);
    const receipt = await payPaybill(run, { reference: "TYPO" });
    const { body } = await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${receipt}`);
    const reversal = await createRefund(run, body.data[0]?.id ?? "");
    await run.pass(10_000);
    assert.equal((await getRefund(run, reversal.id)).status, "succeeded");
    await callback(run, attemptOf(checkout), { receipt, amount: 1_500, at: run.time.now() });
    assert.deepEqual(run.logged("job_failed"), []);
    const payment = await getPayment(run, placeholder);
    assert.deepEqual([payment.status, payment.amount_refunded], ["refunded", 250_000]);
    assert.equal(run.logged("payment_over_refunded")[0]?.level, "alert");
    assert.deepEqual((await told(run, "payment.over_refunded")).map(({ amount_refunded }) => amount_refunded), [
      250_000,
    ]);
    assert.deepEqual((await checkLedger(run)).map(({ kind }) => kind), ["over_refunded"]);
  }));

Deno.test("an event about a merge has what the same commit stores", () =>
  inProcess(async (run) => {
    const { checkout, placeholder } = await withPlaceholder(run);
    const one = transfer(run, 60 * 60_000);
    await confirmation(run, PAYBILL, "TYPO", one);
    await callback(run, attemptOf(checkout), one);
    const [{ merged, ...data }] = await told(run, "payment.merged") as [Told["data"]];
    const {
      notices: _notices,
      suggestions: _suggestions,
      account_suggestions: _accounts,
      receipt_url: _url,
      ...stored
    } = await getPayment(run, placeholder) as
      & PaymentView
      & Record<"notices" | "suggestions" | "account_suggestions" | "receipt_url", unknown>;
    assert.deepEqual([merged, data], [placeholder, stored]);
  }));

Deno.test("a payment that only a file claimed answers with the one that M-Pesa's own word puts in its place", () =>
  inProcess(async (run) => {
    const one = transfer(run, -HOUR_MS);
    await importStatement(run, [{ receipt: one.receipt, at: one.at, in: 1, account: "NOBODY" }]);
    const [claimed] = (await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${one.receipt}`)).body.data;
    assert.equal(claimed?.amount, 100);
    await confirmation(run, PAYBILL, "NOBODY", one);
    const payment = await getPayment(run, claimed?.id ?? "");
    assert.deepEqual([payment.receipt, payment.amount], [one.receipt, 150_000]);
    assert.deepEqual((await told(run, "payment.merged")).map(({ id, merged }) => [id, merged]), [
      [payment.id, claimed?.id],
    ]);
    const refused = await askRefund<{ detail: string }>(run, claimed?.id ?? "", { method: "payout", amount: 100 });
    assert.equal(refused.status, 409);
    assert.ok(refused.body.detail.includes(payment.id), refused.body.detail);
  }));

Deno.test("a claim that a callback contradicts answers with the callback's payment, and shops are told", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run, { amount: 150_000 });
    const one = transfer(run, 1_000);
    await run.pass(2_000);
    await importStatement(run, [{ receipt: one.receipt, at: one.at, in: 1, account: "NOBODY" }]);
    const [claimed] = (await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${one.receipt}`)).body.data;
    await callback(run, attemptOf(checkout), one);
    const payment = await getPayment(run, claimed?.id ?? "");
    assert.deepEqual([payment.receipt, payment.amount, payment.checkout], [one.receipt, 150_000, checkout.id]);
    assert.deepEqual((await told(run, "payment.merged")).map(({ id, merged }) => [id, merged]), [
      [payment.id, claimed?.id],
    ]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("an old id answers past more than one merge, to its own merchant alone", () =>
  inProcess(async (run) => {
    const { checkout, placeholder } = await withPlaceholder(run);
    const one = transfer(run, 60 * 60_000);
    await confirmation(run, PAYBILL, "TYPO", one);
    await callback(run, attemptOf(checkout), one);
    const { id } = await getPayment(run, placeholder);
    const older = "pay_01kamcvd000000000000000777";
    await run.db.write([{
      sql:
        "INSERT INTO merged_payments (id, merchant_id, into_id, at) SELECT ?, merchant_id, id, at FROM merged_payments",
      args: [older],
    }]);
    assert.equal((await getPayment(run, older)).id, id);
    assert.equal((await run.call("GET", `/v1/payments/${older}`, undefined, { client: "cli_other" })).status, 404);
    assert.equal((await askRefund(run, older)).status, 202);
    assert.equal((await askRefund(run, id)).status, 409, "the same transfer");
  }));
