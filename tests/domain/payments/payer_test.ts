import assert from "node:assert/strict";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { callback, confirmation, PAYBILL, postCallback, prompted } from "../../support/facts.ts";
import { interrupted } from "../../support/interrupted.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";

/** The payment of a checkout, once the confirmation that names the payer was processed: it may be tried again meanwhile. */
async function withName(run: InProcess, checkout: string): Promise<PaymentView> {
  for (let tries = 0; tries < 40; tries++) {
    await run.pass();
    const [payment] = (await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?checkout=${checkout}`)).body.data;
    if (payment?.payer.name) return payment;
  }
  throw new Error("No confirmation named the payer within two minutes.");
}

Deno.test("a payment names its payer masked, in answers and in events", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0700009013" });
    const payment = await withName(run, id);
    assert.equal(payment.payer.phone_number, "2547•••••013");
    assert.match(payment.payer.name ?? "", /^([A-Z]•••)( [A-Z]•••)*$/);
    const { body } = await run.call<PaymentView>("GET", `/v1/payments/${payment.id}`);
    assert.deepEqual(body.payer, payment.payer);
    const events = await run.call<{ data: { data: PaymentView }[] }>("GET", `/v1/events?subject=${payment.id}`);
    assert.ok(events.body.data.some(({ data }) => data.payer.name === payment.payer.name));
  }));

Deno.test("a payer whose data can't be decrypted is unknown, and the payment is still read", () =>
  inProcess(async (run) => {
    await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    await run.db.write([{ sql: "UPDATE payments SET phone = x'00', payer_name = x'0102'", args: [] }]);
    const { status, body } = await run.call<{ data: PaymentView[] }>("GET", "/v1/payments");
    assert.equal(status, 200);
    assert.deepEqual(body.data[0]?.payer, { name: null, phone_number: null });
  }));

Deno.test("a confirmation that names the payer leaves the time that the callback gave", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run);
    const transfer = { receipt: "UKM9X2A1BC", amount: 1_500, at: run.time.now() };
    await callback(run, checkout.attempts[0]?.id ?? "", transfer);
    const [before] = (await run.call<{ data: PaymentView[] }>("GET", "/v1/payments")).body.data;
    await confirmation(run, PAYBILL, checkout.account_reference, { ...transfer, at: transfer.at + 5_000 });
    const [payment] = (await run.call<{ data: PaymentView[] }>("GET", "/v1/payments")).body.data;
    assert.deepEqual([payment?.payer.name, payment?.paid_at], ["J•••", before?.paid_at]);
  }));

Deno.test("a confirmation that a callback overtakes still adds the payer's name", () => {
  const { planned, options } = interrupted(
    "after read",
    ({ sql }) => sql.includes("FROM merged_payments WHERE receipt"),
  );
  return inProcess(async (run) => {
    const checkout = await prompted(run);
    const transfer = { receipt: "UKM9X2A1BC", amount: 1_500, at: run.time.now() };
    planned.happens = async () => {
      await postCallback(run, checkout.attempts[0]?.id ?? "", transfer);
      while (await run.count("payments") === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    await confirmation(run, PAYBILL, checkout.account_reference, transfer);
    assert.equal(planned.happens, null);
    const [payment, ...more] = (await run.call<{ data: PaymentView[] }>("GET", "/v1/payments")).body.data;
    assert.deepEqual([payment?.payer.name, payment?.checkout, more.length], ["J•••", checkout.id, 0]);
  }, options);
});
