import assert from "node:assert/strict";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { inProcess } from "../support/in-process.ts";

Deno.test("a prompted checkout is pending until the callback says paid", async () => {
  await inProcess(async (run) => {
    const made = await createCheckout(run, { phone_number: "0712345678" });
    assert.equal(made.status, "pending");
    await run.pass();
    const paid = await getCheckout(run, made.id);
    assert.equal(paid.status, "succeeded");
    assert.equal(paid.payment?.receipt, run.simulator.world.books.list()[0]?.receipt);
  });
});
