import assert from "node:assert/strict";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { withProduct } from "../support/product.ts";

Deno.test("everything works without a KV store: callbacks, polls and expiry", async () => {
  const env = { KV_PATH: "", PLAN_SCALE: "0.1", SIMULATOR_CALLBACK_DELAY_MS: "50" };
  await withProduct({ env }, async (product) => {
    const ids = await Promise.all(
      ["0712345678", "0700009001"].map(async (phone_number) => (await createCheckout(product, { phone_number })).id),
    );
    for (const id of ids) {
      await product.waitFor(async () => (await getCheckout(product, id)).status === "succeeded", { what: id });
    }
    assert.equal((await product.transactions()).length, 2);
  });
});

Deno.test("SIGTERM ends the process in order, and loses nothing that was under way", async () => {
  const env = { SIMULATOR_CALLBACK_DELAY_MS: "300", PLAN_SCALE: "0.1" };
  await withProduct({ env }, async (product) => {
    const { id } = await createCheckout(product, { phone_number: "0712345678" });
    await product.stopInOrder();
    await product.restart();
    await product.waitFor(async () => (await getCheckout(product, id)).status === "succeeded");
  });
});
