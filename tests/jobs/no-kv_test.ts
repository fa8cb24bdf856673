import assert from "node:assert/strict";
import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { holdLock } from "../support/lock.ts";
import { withProduct } from "../support/product.ts";

const env = { KV_PATH: "", SIMULATOR_CALLBACK_DELAY_MS: "100", PLAN_SCALE: "0.1" };
const ended = (checkout: CheckoutView) => checkout.status === "succeeded" && checkout;

Deno.test("without a KV store callbacks settle, and polls come by timer and sweep", async () => {
  await withProduct({ env }, async (product) => {
    const called = await createCheckout(product, { phone_number: "0712345678" });
    const silent = await createCheckout(product, { phone_number: "0700009001", reference: "order-1002" });
    for (const { id } of [called, silent]) {
      await product.waitFor(async () => ended(await getCheckout(product, id)));
    }
  });
});

Deno.test("without a KV store a killed process loses no poll", async () => {
  await withProduct({ env }, async (product) => {
    const { id } = await createCheckout(product, { phone_number: "0700009001" });
    await product.kill("SIGKILL");
    await product.restart();
    await product.waitFor(async () => ended(await getCheckout(product, id)));
    const polls = await product.requests({ operation: "stk_query" });
    const isPaid = ({ response }: (typeof polls)[number]) =>
      (response.body as { ResultCode?: string }).ResultCode === "0";
    assert.ok(polls.some(isPaid), "a poll settled it, not the reconciliation that comes later");
  });
});

Deno.test("without a KV store a callback that the database refuses is not acknowledged", async () => {
  await withProduct({ env: { ...env, SIMULATOR_CALLBACK_DELAY_MS: "60000" } }, async (product) => {
    await createCheckout(product, { phone_number: "0712345678" });
    const [push] = await product.requests({ operation: "stk" });
    const lock = await holdLock(product.env.DATABASE_URL ?? "");
    try {
      const answer = await fetch(push?.callback_urls[0] ?? "", { method: "POST", body: "{}" });
      await answer.body?.cancel();
      assert.equal(answer.status, 503);
    } finally {
      await lock.release();
    }
  });
});
