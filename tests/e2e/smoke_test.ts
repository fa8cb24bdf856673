import assert from "node:assert/strict";
import type { CheckoutView } from "../../src/checkouts/contract.ts";
import { databases } from "../support/database.ts";
import { withProduct } from "../support/product.ts";

for (const database of databases()) {
  Deno.test(`a checkout is paid end to end (${database})`, async () => {
    await withProduct({ database, env: { SIMULATOR_CALLBACK_DELAY_MS: "50" } }, async (product) => {
      const made = await product.call<CheckoutView>("POST", "/v1/checkouts", {
        amount: 150_000,
        currency: "KES",
        reference: "order-1001",
        phone_number: "0712345678",
      });
      assert.equal(made.status, 201);
      const paid = await product.waitFor(async () => {
        const { body } = await product.call<CheckoutView>("GET", `/v1/checkouts/${made.body.id}`);
        return body.status === "succeeded" && body;
      });
      const [moved] = await product.transactions();
      assert.equal(paid.payment?.receipt, moved?.receipt);
    });
  });
}
