import assert from "node:assert/strict";
import { inProcess } from "../support/in-process.ts";
import { createPayout, eventTypes, getPayout } from "../support/payouts.ts";

Deno.test("a payout is sent once, and succeeds by its result", () =>
  inProcess(async (run) => {
    const created = await createPayout(run);
    assert.equal(created.status, "queued");
    await run.pass(100);
    assert.equal((await getPayout(run, created.id)).status, "submitted");
    await run.pass();
    const paid = await getPayout(run, created.id);
    assert.equal(paid.status, "succeeded");
    console.log(paid, await eventTypes(run, created.id));
    console.log(await run.sql("SELECT kind, subject_id FROM jobs"), await run.sql("SELECT action, data FROM audit"));
  }));
