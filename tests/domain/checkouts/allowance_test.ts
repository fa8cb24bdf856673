import assert from "node:assert/strict";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { inProcess } from "../../support/in-process.ts";

Deno.test("an attempt that failed frees its own part of the phone's day, once, and no other's", () =>
  inProcess(async (run) => {
    const phone_number = "0700009009"; // nobody answers its prompts
    await createCheckout(run, { phone_number, amount: 1_000_000 });
    const failing = await createCheckout(run, { phone_number, amount: 150_000 });
    const total = async () => (await run.sql("SELECT total FROM counters WHERE name LIKE 'checkout/%'")).flat();
    assert.deepEqual(await total(), [1_150_000]);
    const capability = run.services.capabilities.mint("stk", failing.attempts[0]?.id ?? "");
    for (const ResultCode of [1032, 1037, 2001]) {
      await run.notify(capability, JSON.stringify({ Body: { stkCallback: { ResultCode, ResultDesc: "no" } } }));
      await run.idle();
      assert.equal((await getCheckout(run, failing.id)).attempts[0]?.status, "failed");
      assert.deepEqual(await total(), [1_000_000], `after code ${ResultCode}`);
    }
  }));
