import assert from "node:assert/strict";
import { checkoutBody, createCheckout, getCheckout } from "../support/checkouts.ts";
import { databases } from "../support/database.ts";
import { type ProblemBody, type Product, withProduct } from "../support/product.ts";
import { withGate } from "./gate.ts";

const succeeded = (product: Product, id: string) =>
  product.waitFor(async () => {
    const checkout = await getCheckout(product, id);
    return checkout.status === "succeeded" && checkout;
  });

/** Has a person answer the phone's prompts, or lets it answer by itself again. */
async function answerByHand(product: Product, manual: boolean): Promise<void> {
  const response = await fetch(`${product.simulator}/_simulator/handsets/254712345678`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ manual }),
  });
  await response.body?.cancel();
  assert.equal(response.status, 200);
}

for (const database of databases()) {
  Deno.test(`killed after the push, back before the callback: it settles (${database})`, async () => {
    await withProduct({ database, env: { SIMULATOR_CALLBACK_DELAY_MS: "50" } }, async (product) => {
      await answerByHand(product, true);
      const { id } = await createCheckout(product, { phone_number: "0712345678" });
      await product.kill("SIGKILL");
      await product.restart();
      await answerByHand(product, false);
      const receipt = await product.waitFor(async () => (await getCheckout(product, id)).payment?.receipt);
      assert.deepEqual([receipt], (await product.transactions()).map(({ receipt }) => receipt));
    });
  });

  Deno.test(`killed after the push, down while Daraja calls back: a query settles it (${database})`, async () => {
    const env = { SIMULATOR_CALLBACK_DELAY_MS: "50", PLAN_SCALE: "0.02" };
    await withProduct({ database, env }, async (product) => {
      const { id } = await createCheckout(product, { phone_number: "0712345678" });
      await product.kill("SIGKILL");
      await product.waitFor(async () => (await product.transactions()).length === 1);
      await product.restart();
      const { payment } = await succeeded(product, id);
      assert.equal(payment?.amount, 150_000);
      assert.equal((await product.requests({ operation: "stk" })).length, 1);
    });
  });

  Deno.test(`killed with the push under way: nothing is sent twice, and it settles (${database})`, async () => {
    await withGate(async (gate) => {
      const env = { SIMULATOR_CALLBACK_DELAY_MS: "50", PLAN_SCALE: "0.02" };
      await withProduct({ database, env, daraja: gate.to }, async (product) => {
        const [key, body] = ["crash-1", checkoutBody({ phone_number: "0712345678" })];
        const held = gate.hold("/mpesa/stkpush/v1/processrequest");
        const lost = product.call("POST", "/v1/checkouts", body, { key }).catch(() => null);
        await held.reached;
        await product.kill("SIGKILL");
        assert.equal(await lost, null);
        await product.restart();
        held.release();
        const again = await product.call<ProblemBody>("POST", "/v1/checkouts", body, { key });
        assert.deepEqual([again.status, again.body.code], [409, "idempotency_in_progress"]);
        const { data } = (await product.call<{ data: { id: string }[] }>("GET", "/v1/checkouts")).body;
        assert.equal(data.length, 1);
        await succeeded(product, data[0]?.id ?? "");
        assert.equal((await product.requests({ operation: "stk" })).length, 1);
      });
    });
  });
}
