import assert from "node:assert/strict";
import type { Database } from "../../src/db/database.ts";
import { Jobs } from "../../src/jobs/jobs.ts";
import { schedule } from "../../src/jobs/store.ts";
import { withDatabase } from "../support/database.ts";

const COUNT = 100;

/** Runs `during` in the course of each claim, after the claim knows what is held. */
const amidClaims = (db: Database, during: () => Promise<void>): Database => ({
  read: (statements) => db.read(statements),
  close: () => db.close(),
  async write(statements) {
    if (statements.some(({ sql }) => sql.startsWith("UPDATE jobs SET lease = ?1"))) await during();
    return await db.write(statements);
  },
});

Deno.test("all the jobs of one merchant run after one call of claimNow, even if some end during a claim", async () => {
  await withDatabase("file", async (real) => {
    const waiting: (() => void)[] = [];
    let [claims, done] = [0, 0];
    const end = async (count: number): Promise<void> => {
      const wanted = done + Math.min(count, waiting.length);
      for (const release of waiting.splice(0, count)) release();
      while (done < wanted) await new Promise<void>((resolve) => setTimeout(resolve));
    };
    const db = amidClaims(real, () => ++claims > 1 && claims <= 4 ? end(5) : Promise.resolve());
    const queue = { enqueue: () => Promise.resolve(), listen: () => {} };
    const jobs = new Jobs({ db, clock: { now: () => Date.now() }, queue, log: { write: () => {} }, scale: 1 });
    jobs.start({
      payout: async (job) => {
        if (claims < 5) await new Promise<void>((resolve) => waiting.push(resolve));
        await real.write([{ sql: "DELETE FROM jobs WHERE id = ?", args: [job.id] }]);
        done++;
        return "stored";
      },
    });
    const now = Date.now();
    await real.write(
      Array.from(
        { length: COUNT },
        (_, i) => schedule({ kind: "payout", subjectId: `s${i}`, merchantId: "mer_a", runAt: now, now }),
      ),
    );
    jobs.claimNow();
    while (waiting.length < 24) await new Promise<void>((resolve) => setTimeout(resolve));
    await end(1);
    while (waiting.length > 0) await end(1);
    await jobs.idle();
    assert.equal(done, COUNT);
    await jobs.stop(1_000);
  });
});
