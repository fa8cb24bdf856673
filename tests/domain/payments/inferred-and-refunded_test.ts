import assert from "node:assert/strict";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { getCheckout } from "../../support/checkouts.ts";
import { callback, confirmation, PAYBILL, prompted, refreshed, TILL, type Transfer } from "../../support/facts.ts";
import type { Database } from "../../../src/db/database.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { askRefund, checkLedger, createRefund, payPaybill } from "../../support/money.ts";

let receipts = 7_001;
const transfer = (run: InProcess, amount: number, laterMs = 5_000): Transfer => ({
  receipt: `UKM${String(receipts++).padStart(7, "0")}`,
  amount,
  at: run.time.now() + laterMs,
});
const attemptOf = (checkout: CheckoutView | undefined): string => checkout?.attempts[0]?.id ?? "";
async function byReceipt(run: InProcess, receipt: string): Promise<PaymentView[]> {
  const { body } = await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${receipt}`);
  return body.data;
}
async function registerTill({ services }: InProcess): Promise<void> {
  const { app } = await services.shortcodes.byId(TILL.id);
  const confirmationUrl = `${services.config.server.publicUrl}/notify/${
    services.capabilities.mint("c2b_confirmation", TILL.id)
  }`;
  const validationUrl = `${services.config.server.publicUrl}/notify/${
    services.capabilities.mint("c2b_validation", TILL.id)
  }`;
  await services.daraja.registerUrls(app, {
    version: "v2",
    shortcode: TILL.number,
    responseType: "Completed",
    confirmationUrl,
    validationUrl,
  });
}
async function refundedWalkIn(run: InProcess): Promise<string> {
  await registerTill(run);
  const receipt = await payPaybill(run, { amount: 1_500, shortcode: TILL.number });
  const [walkIn] = await byReceipt(run, receipt);
  await createRefund(run, walkIn?.id ?? "");
  await run.pass(5_000);
  assert.equal((await byReceipt(run, receipt))[0]?.status, "refunded");
  return receipt;
}

Deno.test("a callback's money is held, though the prompt seemed to be paid by a walk-in customer's payment that was given back", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run, { amount: 150_000, shortcode: TILL.number });
    const own = transfer(run, 1_500, 1_000);
    await refundedWalkIn(run);
    await run.pass(10_000);
    await refreshed(run, checkout);
    assert.equal((await getCheckout(run, checkout.id)).status, "review");
    await callback(run, attemptOf(checkout), own);
    const now = await getCheckout(run, checkout.id);
    assert.deepEqual([now.status, (await byReceipt(run, own.receipt)).map((p) => p.status)], ["succeeded", [
      "matched",
    ]]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("earlier money is held, though it takes the place of an inferred payment that was given back", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run, { amount: 150_000, shortcode: TILL.number });
    const own = transfer(run, 1_500, 1_000);
    await run.pass(5_000);
    await refundedWalkIn(run);
    await run.pass(10_000);
    await refreshed(run, checkout);
    await confirmation(run, TILL, null, own);
    const now = await getCheckout(run, checkout.id);
    assert.deepEqual([now.status, (await byReceipt(run, own.receipt)).map((p) => p.status)], ["succeeded", [
      "matched",
    ]]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("money is recorded beside more payments without a receipt than one query reads", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run, { amount: 150_000, account_reference: "RENT" });
    await run.pass(10_000);
    await refreshed(run, checkout);
    const id = (await getCheckout(run, checkout.id)).payment?.id ?? "";
    await run.db.write([{
      sql: "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 230) " +
        "INSERT INTO payments (id, merchant_id, shortcode_id, checkout_id, attempt_id, receipt, channel, status, amount, currency, account_reference, paid_at, created_at, updated_at) " +
        "SELECT 'pay_01zzzzzzzzzzzzzzzzzzzzz' || (1000 + i), merchant_id, shortcode_id, checkout_id, attempt_id, NULL, channel, 'duplicate_payment', amount, currency, account_reference, paid_at, created_at, updated_at FROM payments, n WHERE id = ?",
      args: [id],
    }]);
    const other = transfer(run, 1_500);
    await confirmation(run, PAYBILL, "NOBODY", other);
    assert.deepEqual((await byReceipt(run, other.receipt)).map((p) => p.status), ["unmatched"]);
    const named = transfer(run, 1_500, -2_000);
    await confirmation(run, PAYBILL, "RENT", named);
    assert.deepEqual((await byReceipt(run, named.receipt)).map((p) => p.checkout), [checkout.id]);
    assert.deepEqual(run.logged("job_failed"), []);
  }));

Deno.test("an inferred payment is given back once a person has said that it is its checkout's", () =>
  inProcess(async (run) => {
    const one = transfer(run, 1_500);
    const checkout = await prompted(run, { amount: 150_000, shortcode: TILL.number });
    await run.pass(10_000);
    await confirmation(run, TILL, null, one);
    await refreshed(run, checkout);
    const { payment } = await getCheckout(run, checkout.id);
    const matched = await run.call("POST", `/v1/payments/${payment?.id}/match`, { checkout: checkout.id });
    assert.equal(matched.status, 200);
    assert.equal((await getCheckout(run, checkout.id)).status, "succeeded");
    assert.equal((await askRefund(run, payment?.id ?? "")).status, 202);
  }));

Deno.test("a refund is refused if a query infers whose the money is between its read and its write", () => {
  let meanwhile: (() => Promise<void>) | null = null;
  const wrapDatabase = (db: Database): Database => ({
    read: (statements) => db.read(statements),
    close: () => db.close(),
    async write(statements) {
      const step = statements.some(({ sql }) => sql.startsWith("INSERT INTO refund_totals")) ? meanwhile : null;
      if (step !== null) {
        meanwhile = null;
        await step();
      }
      return await db.write(statements);
    },
  });
  return inProcess(async (run) => {
    const checkout = await prompted(run, { amount: 150_000, shortcode: TILL.number });
    const one = transfer(run, 1_500);
    await run.pass(10_000);
    await confirmation(run, TILL, null, one);
    const [money] = await byReceipt(run, one.receipt);
    meanwhile = () => refreshed(run, checkout);
    const refused = await askRefund<{ code: string }>(run, money?.id ?? "");
    assert.deepEqual([refused.status, refused.body.code], [409, "wrong_state"]);
    assert.equal((await getCheckout(run, checkout.id)).payment?.receipt, one.receipt);
    assert.equal(await run.count("refunds"), 0);
  }, { wrapDatabase });
});

for (const other of ["is pending", "was lost on the way"] as const) {
  Deno.test(`a receipt is only inferred for a paid prompt while the prompt of another order of its account ${other}, and may be that one's`, () =>
    inProcess(async (run) => {
      const paid = await prompted(run, { amount: 150_000, account_reference: "ROOM5" });
      const phone = other === "is pending" ? "254700009004" : "254700009009";
      const open = await prompted(run, { amount: 150_000, account_reference: "ROOM5", phone_number: phone });
      await run.pass(10_000);
      await refreshed(run, paid);
      const one = transfer(run, 1_500, -5_000);
      await confirmation(run, PAYBILL, "ROOM5", one);
      const { payment } = await getCheckout(run, paid.id);
      assert.equal(payment?.receipt, one.receipt);
      const refused = await askRefund<{ code: string }>(run, payment?.id ?? "", { method: "reversal" });
      assert.deepEqual([refused.status, refused.body.code], [409, "wrong_state"], "it may be the other customer's");

      await callback(run, attemptOf(open), one);
      assert.equal((await getCheckout(run, open.id)).payment?.receipt, one.receipt);
      assert.equal((await getCheckout(run, paid.id)).payment?.receipt, null);
      assert.deepEqual(await checkLedger(run), []);
    }));
}

for (
  const [why, changes] of [
    ["was cancelled, as its callback says", { phone_number: "254700001032" }],
    ["is of another account", { phone_number: "254700009004", account_reference: "ROOM6" }],
    ["asks another amount", { phone_number: "254700009004", amount: 140_000 }],
  ] as const
) {
  Deno.test(`a receipt is the paid prompt's own where the prompt of another order ${why}, and can be given back`, () =>
    inProcess(async (run) => {
      const paid = await prompted(run, { amount: 150_000, account_reference: "ROOM5" });
      await prompted(run, { amount: 150_000, account_reference: "ROOM5", ...changes });
      await run.pass(10_000);
      await refreshed(run, paid);
      await confirmation(run, PAYBILL, "ROOM5", transfer(run, 1_500, -5_000));
      await createRefund(run, (await getCheckout(run, paid.id)).payment?.id ?? "");
    }));
}
