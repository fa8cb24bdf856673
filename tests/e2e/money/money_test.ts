import assert from "node:assert/strict";
import type { BalanceView } from "../../../src/domain/balances/contract.ts";
import type { LedgerCheckView } from "../../../src/domain/ledger/contract.ts";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import type { StandingOrderView } from "../../../src/domain/standing-orders/contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { databases } from "../../support/database.ts";
import { createRefund, getLedger, getPayment, getRefund, holdings } from "../../support/money.ts";
import { createPayout, getPayout } from "../../support/payouts.ts";
import { type Product, withProduct } from "../../support/product.ts";

async function paid(product: Product, phone: string): Promise<PaymentView> {
  const made = await createCheckout(product, { phone_number: phone });
  const { payment } = await product.waitFor(async () => {
    const checkout = await getCheckout(product, made.id);
    return checkout.payment?.receipt ? checkout : null; // a query may settle it before the callback names the receipt
  });
  return await getPayment(product, payment?.id ?? "");
}

const refunded = (product: Product, id: string) =>
  product.waitFor(async () => {
    const refund = await getRefund(product, id);
    return refund.status === "succeeded" && refund;
  }, { what: `refund ${id}` });

const sent = (product: Product, id: string): Promise<PayoutView> =>
  product.waitFor(async () => {
    const payout = await getPayout(product, id);
    return payout.status === "succeeded" && payout;
  }, { what: `payout ${id}` });

async function reversals(product: Product): Promise<void> {
  for (const last of ["5678", "9014", "9016"]) {
    const payment = await paid(product, `071234${last}`);
    const refund = await refunded(product, (await createRefund(product, payment.id)).id);
    const moved = await product.transactions({ kind: "reversal" });
    const own = moved.filter(({ original_receipt }) => original_receipt === payment.receipt);
    assert.deepEqual(own.map(({ receipt }) => receipt), [refund.receipt]);
    assert.equal((await getPayment(product, payment.id)).status, "refunded");
  }
}

async function refundByPayout(product: Product): Promise<void> {
  const payment = await paid(product, "0722000333");
  const refund = await createRefund(product, payment.id, { method: "payout", amount: 70_000 });
  const { receipt } = await refunded(product, refund.id);
  const [moved] = await product.transactions({ kind: "b2c" });
  assert.deepEqual([moved?.receipt, moved?.phone, moved?.amount], [receipt, "254722000333", 700]);
}

async function businesses(product: Product): Promise<void> {
  const destinations = [
    { type: "paybill", number: "888880", account_reference: "INV77" },
    { type: "till", number: "777770" },
    { type: "b2c_account", number: "600999" },
    { type: "kra", payment_registration_number: "2020250000123456" },
  ];
  for (const destination of destinations) {
    const wish = { phone_number: undefined, purpose: undefined, amount: 10_000, destination };
    const payout = await sent(product, (await createPayout(product, wish)).id);
    const moved = await product.transactions({ kind: "b2b" });
    assert.equal(moved.at(-1)?.receipt, payout.receipt);
  }
  assert.equal((await product.transactions({ kind: "b2b" })).length, destinations.length);
}

async function standingOrder(product: Product): Promise<void> {
  const start = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  const made = await product.call<StandingOrderView>("POST", "/v1/standing-orders", {
    name: "Gym",
    amount: 150_000,
    currency: "KES",
    phone_number: "0712345678",
    frequency: "monthly",
    start_date: start,
    end_date: start,
  });
  assert.equal(made.status, 201);
  await product.waitFor(async () => {
    const { body } = await product.call<StandingOrderView>("GET", `/v1/standing-orders/${made.body.id}`);
    return body.status === "active";
  });
}

async function balance(product: Product): Promise<BalanceView> {
  const asked = await product.call<{ asked_at: string }>("POST", "/v1/balances/refresh", { shortcode: "600000" });
  assert.equal(asked.status, 202);
  return await product.waitFor(async () => {
    const { body } = await product.call<{ data: BalanceView[] }>("GET", "/v1/balances");
    return body.data.find(({ created_at }) => created_at >= asked.body.asked_at);
  });
}

for (const database of databases()) {
  Deno.test(`money goes back, out and into the ledger, and the books agree (${database})`, async () => {
    const env = { SIMULATOR_CALLBACK_DELAY_MS: "50", PLAN_SCALE: "0.005" };
    await withProduct({ database, env }, async (product) => {
      const before = await balance(product);
      await reversals(product);
      await refundByPayout(product);
      await businesses(product);
      await standingOrder(product);
      const { status, body: code } = await product.call<{ png: string | null; svg: string }>("POST", "/v1/qr-codes", {
        amount: 150_000,
        currency: "KES",
        reference: "INV1001",
      });
      assert.deepEqual([status, typeof code.png, code.svg.slice(0, 4)], [200, "string", "<svg"]);

      const after = await balance(product);
      const held = await holdings(product);
      assert.equal(held.mpesa_utility, (after.utility ?? 0) - (before.utility ?? 0));
      assert.equal(held.mpesa_working, (after.working ?? 0) - (before.working ?? 0));
      const check = await product.call<LedgerCheckView>("POST", "/v1/ledger/checks", undefined, {
        client: "cli_operator",
      });
      assert.deepEqual([check.status, check.body.findings], [200, []]);
      const { data } = await getLedger(product, "?account=merchant_available&limit=100");
      assert.equal(data[0]?.balance, held.merchant_available);
    });
  });
}
