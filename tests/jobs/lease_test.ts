import assert from "node:assert/strict";
import type { Job } from "../../src/context/jobs.ts";
import type { Statement } from "../../src/db/database.ts";
import {
  deleteFinished,
  insertLeased,
  release,
  replace,
  requeueDead,
  reschedule,
  schedule,
} from "../../src/jobs/store.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";

const MINUTE_MS = 60_000;

/** A job that process A holds until `leaseUntil`, as both it and the row know it. */
async function held(run: InProcess): Promise<{ readonly job: Job; readonly now: number }> {
  const now = run.time.now();
  const of = { kind: "payout", subjectId: "a", merchantId: null } as const;
  await run.db.write([schedule({ ...of, runAt: now, now })]);
  const leaseUntil = now + MINUTE_MS;
  await run.db.write([{
    sql: "UPDATE jobs SET lease = 'A', run_at = ?, attempts = 3, last_error = 'no'",
    args: [leaseUntil],
  }]);
  const [[id]] = await run.sql("SELECT id FROM jobs") as [[string]];
  return { job: { ...of, id, attempts: 3, lease: "A", leaseUntil }, now };
}

const store = (run: InProcess, ...statements: Statement[]) => run.db.write(statements);
const row = async (run: InProcess) => (await run.sql("SELECT status, lease, attempts, run_at FROM jobs"))[0];
const test = (rule: string, body: (run: InProcess, held: { job: Job; now: number }) => Promise<void>) =>
  Deno.test(rule, () => inProcess(async (run) => await body(run, await held(run)), { withoutJobs: true }));

test("who holds the lease puts the job off", async (run, { job, now }) => {
  await store(run, reschedule(job, now + 5_000, now));
  assert.deepEqual(await row(run), ["queued", null, 0, now + 5_000]);
});

test("who holds the lease ends the job", async (run, { job }) => {
  await store(run, deleteFinished(job));
  assert.equal(await run.count("jobs"), 0);
});

test(
  "a process whose lease ran out changes nothing about the job that another process holds now",
  async (run, { job, now }) => {
    await store(run, { sql: "UPDATE jobs SET lease = 'B'", args: [] });
    const before = await row(run);
    await store(run, deleteFinished(job), reschedule(job, now, now), release(job, now, now, "late", true));
    assert.deepEqual(await row(run), before);
  },
);

test("work that was scheduled while the job ran is neither lost nor put off by its end", async (run, { job, now }) => {
  await store(run, schedule({ ...job, runAt: now + 1_000, now }));
  const expected = ["queued", "A", 0, now + 1_000];
  assert.deepEqual(await row(run), expected);
  await store(run, deleteFinished(job), reschedule(job, now + 30_000, now));
  assert.deepEqual(await row(run), expected);
  await store(run, release(job, now + 30_000, now, "failed", true));
  assert.deepEqual(await row(run), ["queued", null, 0, now + 1_000], "it is not parked either");
});

test(
  "a job that is held is due at the end of its lease at the latest, in case its process dies",
  async (run, { job, now }) => {
    await store(run, schedule({ ...job, runAt: now + 86_400_000, now }));
    assert.deepEqual(await row(run), ["queued", "A", 0, job.leaseUntil]);
  },
);

test(
  "a replaced job is free at once, and the end of the run that held it changes nothing",
  async (run, { job, now }) => {
    await store(run, replace({ ...job, runAt: now + 2_000, now }));
    assert.deepEqual(await row(run), ["queued", null, 0, now + 2_000]);
    await store(run, deleteFinished(job), reschedule(job, now, now), release(job, now, now, "late", true));
    assert.deepEqual(await row(run), ["queued", null, 0, now + 2_000]);
  },
);

test("a job that failed too often is parked, and runs again only by a person", async (run, { job, now }) => {
  await store(run, release(job, now + 1_000, now, "no luck", true));
  assert.deepEqual(await row(run), ["dead", null, 3, now + 1_000]);
  await store(run, requeueDead(job.id, now + 7_000));
  assert.deepEqual(await row(run), ["queued", null, 0, now + 7_000]);
});

test("a person's retry changes nothing about a job that is not dead", async (run, { job, now }) => {
  const before = await row(run);
  await store(run, requeueDead(job.id, now + 7_000));
  assert.deepEqual(await row(run), before);
});

test("a notice that was stored before gets no second job", async (run, { job, now }) => {
  await store(
    run,
    { sql: "DELETE FROM jobs", args: [] },
    insertLeased({ ...job, kind: "notice", subjectId: "ntc_gone" }, "notices", now),
  );
  assert.equal(await run.count("jobs"), 0);
});
