import assert from "node:assert/strict";
import { createAccount } from "../../support/accounts.ts";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { LedgerCheckView } from "../../../src/domain/ledger/contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { databases } from "../../support/database.ts";
import { holdings } from "../../support/money.ts";
import { type Product, withProduct } from "../../support/product.ts";

/** A customer pays by hand; `amount` in shillings. */
async function payByHand(product: Product, account: string, amount: number, phone = "254722000444"): Promise<void> {
  const response = await fetch(`${product.simulator}/_simulator/c2b`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ shortcode: "600000", amount, phone, account_reference: account }),
  });
  const paid: { confirmed: boolean } = await response.json();
  assert.ok(paid.confirmed);
}

async function registerUrls(product: Product): Promise<void> {
  const { body } = await product.call<{ data: { id: string; number: string }[] }>("GET", "/v1/shortcodes");
  const id = body.data.find(({ number }) => number === "600000")?.id;
  const { status } = await product.call("POST", `/v1/shortcodes/${id}/register-urls`, { version: "v1" });
  assert.equal(status, 200);
}

const until = (product: Product, id: string, isIt: (checkout: CheckoutView) => boolean) =>
  product.waitFor(async () => {
    const checkout = await getCheckout(product, id);
    return isIt(checkout) && checkout;
  }, { what: `checkout ${id}` });

/** KES 500 by hand, the rest by two prompts: the first is declined. */
async function inParts(product: Product): Promise<void> {
  const { id } = await createCheckout(product, { account_reference: "DEP1", reference: "dep-1" });
  await payByHand(product, "DEP1", 500);
  await until(product, id, ({ amount_due }) => amount_due === 100_000);
  const ask = (phone: string) =>
    product.call<CheckoutView>("POST", `/v1/checkouts/${id}/attempts`, { phone_number: phone });
  assert.equal((await ask("0700001032")).status, 201);
  await until(product, id, ({ last_failure }) => last_failure?.code === "cancelled_by_customer");
  assert.equal((await ask("0722000555")).status, 201);
  const { attempts, amount_received, amount_due } = await until(product, id, ({ status }) => status === "succeeded");
  assert.deepEqual(attempts.map(({ amount, status }) => [amount, status]), [[100_000, "failed"], [
    100_000,
    "succeeded",
  ]]);
  assert.deepEqual([amount_received, amount_due], [150_000, 0]);
}

/** A few shillings too much settle an order of a merchant that keeps them. */
async function tooMuch(product: Product): Promise<void> {
  const changes = { account_reference: "DEP2", reference: "dep-2", overpayment: "keep_within" };
  const { id } = await createCheckout(product, { ...changes, overpayment_within: 500 });
  await payByHand(product, "DEP2", 1_505);
  assert.equal((await until(product, id, ({ status }) => status === "succeeded")).amount_received, 150_500);
}

/** Early money of an account pays its bill, and a payment that named nobody is allocated by a person. */
async function placed(product: Product): Promise<void> {
  await createAccount(product, { account_reference: "HSE12" });
  await payByHand(product, "HSE12", 2_000);
  const bill = await createCheckout(product, { account_reference: "HSE12", reference: "rent" });
  assert.equal((await until(product, bill.id, ({ status }) => status === "succeeded")).amount_allocated, 150_000);
  await payByHand(product, "NOBODY", 1_500);
  const order = await createCheckout(product, { account_reference: "DEP3", reference: "dep-3" });
  const payment = await product.waitFor(async () =>
    (await product.call<{ data: { id: string }[] }>("GET", "/v1/payments?status=unmatched")).body.data[0]
  );
  const allocations = [{ checkout: order.id, amount: 150_000 }];
  const { status } = await product.call("POST", `/v1/payments/${payment.id}/allocate`, { allocations });
  assert.equal(status, 200);
  assert.equal((await getCheckout(product, order.id)).status, "succeeded");
}

/** The difference goes back to the payer, whose SHA-256 M-Pesa tells: this order has prompted that phone in vain. */
async function givenBack(product: Product): Promise<void> {
  const phone = "254700009009";
  const changes = { account_reference: "DEP4", reference: "dep-4", overpayment: "refund_difference" };
  const { id } = await createCheckout(product, { ...changes, phone_number: phone });
  await payByHand(product, "DEP4", 1_550, phone);
  await until(product, id, ({ status, amount_received }) => status === "succeeded" && amount_received === 150_000);
  await product.waitFor(async () =>
    (await product.call<{ data: { status: string }[] }>("GET", "/v1/refunds")).body.data[0]?.status === "succeeded"
  );
}

/** KES 600,000 by three prompts to two phones: more than M-Pesa takes at once, or from one phone in a day. */
async function byPrompts(product: Product): Promise<void> {
  const body = { amount: 60_000_000, split: true, reference: "dep-9", phone_number: "0722000666" };
  const { id } = await createCheckout(product, body);
  for (const phone of ["0722000666", "0722000777"]) {
    await until(product, id, ({ attempts }) => attempts.at(-1)?.status === "succeeded");
    const { status } = await product.call("POST", `/v1/checkouts/${id}/attempts`, { phone_number: phone });
    assert.equal(status, 201);
  }
  const { attempts, amount_received } = await until(product, id, ({ status }) => status === "succeeded");
  assert.deepEqual(attempts.map(({ amount }) => amount), [25_000_000, 10_000_000, 25_000_000]);
  assert.equal(amount_received, 60_000_000);
}

for (const database of databases()) {
  Deno.test(`what is collected in parts is what M-Pesa's books and the ledger hold (${database})`, async () => {
    await withProduct({ database, env: { SIMULATOR_CALLBACK_DELAY_MS: "50" } }, async (product) => {
      await registerUrls(product);
      await inParts(product);
      await tooMuch(product);
      assert.equal((await holdings(product)).merchant_available, 300_500);
      await placed(product);
      await givenBack(product);
      await byPrompts(product);
      const moved = await product.transactions();
      assert.deepEqual(moved.map(({ kind, amount }) => [kind, amount]), [
        ["c2b", 500],
        ["stk", 1000],
        ["c2b", 1505],
        ["c2b", 2000],
        ["c2b", 1500],
        ["c2b", 1550],
        ["b2c", 50],
        ["stk", 250_000],
        ["stk", 100_000],
        ["stk", 250_000],
      ]);
      const check = await product.call<LedgerCheckView>("POST", "/v1/ledger/checks", undefined, {
        client: "cli_operator",
      });
      assert.deepEqual([check.status, check.body.findings], [200, []]);
      assert.equal((await holdings(product)).merchant_available, 300_500 + 200_000 + 150_000 + 150_000 + 60_000_000);
    });
  });
}
