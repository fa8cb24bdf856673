import assert from "node:assert/strict";
import { Jobs } from "../../src/jobs/jobs.ts";
import { schedule } from "../../src/jobs/store.ts";
import { withDatabase } from "../support/database.ts";
import { withProduct } from "../support/product.ts";

const log = { write: () => {} };
const queue = { enqueue: () => Promise.resolve(), listen: () => {} };
const clock = { now: () => Date.now() };

Deno.test("a job that outlasts the drain is given back, due at once", async () => {
  await withDatabase("file", async (db) => {
    const hanging = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const jobs = new Jobs({ db, clock, queue, log, scale: 1 });
    jobs.start({
      payout: async () => {
        begun.resolve();
        await hanging.promise;
        return "finished";
      },
    });
    const now = Date.now();
    await db.write([schedule({ kind: "payout", subjectId: "a", merchantId: null, runAt: now, now })]);
    jobs.claimNow();
    await begun.promise;
    await jobs.stop(20);
    const [left] = await db.read([{ sql: "SELECT lease, run_at <= ?, attempts FROM jobs", args: [Date.now()] }]);
    assert.deepEqual(left?.rows, [[null, 1, 1]]);
    hanging.resolve();
    await jobs.idle();
  });
});

Deno.test("SIGTERM ends the process in order, and the next one goes on with what it left", async () => {
  await withProduct({ env: { SIMULATOR_CALLBACK_DELAY_MS: "300" } }, async (product) => {
    const made = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        product.call<{ id: string }>("POST", "/v1/checkouts", {
          amount: 10_000,
          currency: "KES",
          reference: `drain-${i}`,
          phone_number: `071234567${i}`,
        })),
    );
    await product.stopInOrder();
    await product.restart();
    for (const { body } of made) {
      await product.waitFor(async () => {
        const { body: now } = await product.call<{ status: string }>("POST", `/v1/checkouts/${body.id}/refresh`);
        return now.status === "succeeded";
      });
    }
  });
});
