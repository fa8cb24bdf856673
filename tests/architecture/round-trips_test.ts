import assert from "node:assert/strict";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { counting, type CountingDatabase } from "../support/database.ts";
import { inProcess } from "../support/in-process.ts";

/** Counts the round trips of `work` on a service whose caches are warm. */
async function trips(counted: CountingDatabase, work: () => Promise<unknown>): Promise<number> {
  const before = counted.reads + counted.writes;
  await work();
  return counted.reads + counted.writes - before;
}

Deno.test("round trips on the hot path: create 2, callback 1, read 1, authenticate 0", async () => {
  let counted: CountingDatabase | undefined;
  await inProcess(async (run) => {
    assert.ok(counted);
    const first = await createCheckout(run, { phone_number: "0712345678" }); // warms the caches and gets the tokens
    await run.pass();

    const made = () => createCheckout(run, { phone_number: "0712345679" });
    assert.equal(await trips(counted, made), 2, "create");
    assert.equal(await trips(counted, () => getCheckout(run, first.id)), 1, "read");
    const unknown = () => run.call("GET", "/v1/checkouts", undefined, { token: "nonsense" });
    assert.equal(await trips(counted, unknown), 0, "authenticate");

    const capability = run.services.capabilities.mint("stk", first.attempts[0]?.id ?? "");
    run.services.jobs.run = () => {}; // what the notice settles comes after the ack
    const accept = () => run.notify(capability, '{"Body":{"stkCallback":{"ResultCode":1032}}}');
    assert.equal(await trips(counted, accept), 1, "callback");
  }, { wrapDatabase: (db) => counted = counting(db) });
});
