import assert from "node:assert/strict";
import { claimDue, type ClaimRequest } from "../../src/jobs/claim.ts";
import type { JobHandler, JobKind } from "../../src/context/jobs.ts";
import { Jobs } from "../../src/jobs/jobs.ts";
import { schedule } from "../../src/jobs/store.ts";
import type { Database } from "../../src/db/database.ts";
import { databases, withDatabase } from "../support/database.ts";

const NOW = 1_800_000_000_000;
const log = { write: () => {} };
const queue = { enqueue: () => Promise.resolve(), listen: () => {} };

async function fill(
  db: Database,
  merchant: string | null,
  count: number,
  runAt: number,
  kind: JobKind = "payout",
): Promise<void> {
  const rows = Array.from(
    { length: count },
    (_, i) => schedule({ kind, subjectId: `${merchant}-${i}`, merchantId: merchant, runAt: runAt + i, now: NOW }),
  );
  for (let i = 0; i < rows.length; i += 500) await db.write(rows.slice(i, i + 500));
}

/** Runs jobs with a clock that stands still, and answers them for the test to wait on. */
async function withRunner(db: Database, probe: JobHandler, test: (jobs: Jobs) => Promise<void>): Promise<void> {
  const jobs = new Jobs({ db, clock: { now: () => NOW }, queue, log, scale: 1 });
  jobs.start({ payout: probe, event: probe });
  try {
    await test(jobs);
  } finally {
    await jobs.stop(1_000);
  }
}

const wanted = (changes: Partial<ClaimRequest> = {}): ClaimRequest => ({
  pool: "money",
  room: 8,
  maxPerMerchant: 6,
  heldByMerchant: new Map(),
  isCrowded: true,
  ...changes,
});

async function claim(db: Database, want: ClaimRequest): Promise<string[]> {
  const query = claimDue(want, NOW, NOW + 60_000, "lease");
  const [result] = await db.write([query]);
  return (result?.rows ?? []).map((row) => query.map(row).merchantId ?? "none");
}

const count = (list: readonly string[], name: string): number => list.filter((item) => item === name).length;

for (const database of databases()) {
  Deno.test(`ten thousand jobs of one merchant do not delay those of another (${database})`, async () => {
    await withDatabase(database, async (db) => {
      await fill(db, "mer_many", 10_000, NOW - 60_000);
      let before = 0;
      const reached = Promise.withResolvers<number>();
      const probe: JobHandler = (job) => {
        if (job.merchantId === "mer_many") before++;
        else reached.resolve(before);
        return Promise.resolve("finished");
      };
      await withRunner(db, probe, async (jobs) => {
        jobs.claimNow();
        await fill(db, "mer_few", 1, NOW - 1);
        const already = before;
        jobs.claimNow();
        const waitedFor = await reached.promise - already;
        assert.ok(waitedFor < 500, `${waitedFor} jobs of the other went first`);
      });
    });
  });

  Deno.test(`in a crowded pool, merchants take turns (${database})`, async () => {
    await withDatabase(database, async (db) => {
      await fill(db, "mer_a", 50, NOW - 60_000);
      await fill(db, "mer_b", 2, NOW - 100);
      await fill(db, null, 2, NOW - 50);
      await fill(db, "mer_later", 5, NOW + 1_000);
      const taken = await claim(db, wanted());
      assert.deepEqual(
        [count(taken, "mer_a"), count(taken, "mer_b"), count(taken, "none"), taken.length],
        [4, 2, 2, 8],
      );
    });
  });

  Deno.test(`one merchant never fills the pool (${database})`, async () => {
    await withDatabase(database, async (db) => {
      await fill(db, "mer_a", 50, NOW - 60_000);
      for (const crowded of [false, true]) {
        assert.equal(
          (await claim(db, wanted({ isCrowded: crowded, heldByMerchant: new Map([["mer_a", 4]]) }))).length,
          2,
        );
      }
    });
  });
}

Deno.test("a merchant whose jobs hang leaves room for another's", async () => {
  await withDatabase("file", async (db) => {
    await fill(db, "mer_slow", 100, NOW - 60_000);
    const hanging = Promise.withResolvers<void>();
    const ran = Promise.withResolvers<void>();
    const probe: JobHandler = async (job) => {
      if (job.merchantId === "mer_slow") await hanging.promise;
      else ran.resolve();
      return "finished";
    };
    await withRunner(db, probe, async (jobs) => {
      jobs.claimNow();
      await fill(db, "mer_quick", 3, NOW - 1);
      jobs.claimNow();
      await ran.promise;
      hanging.resolve();
    });
  });
});

Deno.test("due jobs are found by indexes, whatever waits", async () => {
  await withDatabase("file", async (db) => {
    for (const crowded of [false, true]) {
      const { sql, args } = claimDue(wanted({ isCrowded: crowded }), NOW, NOW, "lease");
      const choice = sql.slice(sql.indexOf("(SELECT") + 1, sql.lastIndexOf(") RETURNING"));
      const [plan] = await db.read([{ sql: `EXPLAIN QUERY PLAN ${choice}`, args }]);
      const steps = (plan?.rows ?? []).map((row) => String(row[3]));
      const scans = steps.filter((step) => /SCAN (jobs|own|next)/.test(step));
      assert.deepEqual(scans, []);
      assert.ok(steps.some((step) => step.includes(crowded ? "INDEX jobs_lanes" : "INDEX jobs_due")), steps.join("\n"));
    }
  });
});
