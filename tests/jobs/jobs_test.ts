import assert from "node:assert/strict";
import type { JobView } from "../../src/jobs/contract.ts";
import type { JobHandler, JobKind } from "../../src/context/jobs.ts";
import { Jobs } from "../../src/jobs/jobs.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";

const MINUTE = 60_000;

/** The same database seen by another process, whose wake-ups never come. */
function anotherProcess(run: InProcess, handlers: Readonly<Partial<Record<JobKind, JobHandler>>>): Jobs {
  const { db, clock, log } = run.services;
  const queue = { enqueue: () => Promise.resolve(), listen: () => {} };
  const jobs = new Jobs({ db, clock, queue, log, scale: 1 });
  jobs.start(handlers);
  return jobs;
}

/** Jobs of different merchants, because one merchant may take only a part of the pool. */
const schedule = async (
  run: InProcess,
  subject: string,
  runAt = run.time.now(),
  kind: JobKind = "payout",
): Promise<void> => {
  await run.services.db.write([run.services.jobs.schedule(kind, subject, `of ${subject}`, runAt)]);
  run.services.jobs.wake(runAt);
};

/** Runs a test on a service whose only jobs are the test's own. */
const withJobs = (handlers: Readonly<Partial<Record<JobKind, JobHandler>>>, test: (run: InProcess) => Promise<void>) =>
  inProcess(async (run) => {
    run.services.jobs.start(handlers);
    await test(run);
  }, { withoutJobs: true });

async function until(reached: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 120_000; !reached();) {
    assert.ok(Date.now() < deadline, "it was not reached in 120 s");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const finished: JobHandler = () => Promise.resolve("finished");

Deno.test("a job runs when it is due, not before, and is then gone", async () => {
  const ran: string[] = [];
  await withJobs({ payout: (job) => (ran.push(job.subjectId), Promise.resolve("finished")) }, async (run) => {
    await schedule(run, "later", run.time.now() + 10_000);
    await schedule(run, "now");
    await run.pass(9_000);
    assert.deepEqual(ran, ["now"]);
    await run.pass(2_000);
    assert.deepEqual(ran, ["now", "later"]);
    assert.equal(await run.count("jobs"), 0);
  });
});

Deno.test("a lost wake-up only delays: the sweep runs what is due", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0700009001" });
    await run.pass(10 * MINUTE);
    assert.equal((await getCheckout(run, id)).status, "pending");
    await run.sweep();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
  }, { loseWakeUps: true });
});

Deno.test("a job whose process died is taken by another when its lease ends, and only then", async () => {
  const never = Promise.withResolvers<"finished">();
  const ran: string[] = [];
  await withJobs({ payout: () => (ran.push("first"), never.promise) }, async (run) => {
    await schedule(run, "a");
    run.services.jobs.claimNow();
    await until(() => ran.length > 0);
    const other = anotherProcess(run, { payout: () => (ran.push("second"), Promise.resolve("finished")) });
    await other.sweep();
    await other.idle();
    assert.deepEqual(ran, ["first"]);
    await time(run, 61_000);
    await other.sweep();
    await other.idle();
    assert.deepEqual(ran, ["first", "second"]);
    assert.equal(await run.count("jobs"), 0);
    never.resolve("finished"); // the first process goes on: it has lost the lease, and changes nothing
    await run.idle();
    await other.stop(1_000);
  });
});

/** Lets time pass without waiting for what runs. */
const time = (run: InProcess, ms: number): Promise<void> => run.time.pass(ms, () => Promise.resolve());

Deno.test("a job that is scheduled while it runs runs again", async () => {
  let runs = 0;
  await withJobs({}, async (run) => {
    run.services.jobs.start({
      payout: async () => {
        if (runs++ === 0) await schedule(run, "a");
        return "finished";
      },
    });
    await schedule(run, "a");
    await run.pass(1_000);
    assert.equal(runs, 2);
    assert.equal(await run.count("jobs"), 0);
  });
});

Deno.test("a job that is replaced while it runs is free at once, and runs at its new time only", async () => {
  const at: number[] = [];
  await withJobs({}, async (run) => {
    run.services.jobs.start({
      payout: async () => {
        at.push(run.time.now());
        if (at.length > 1) return "finished";
        await run.db.write([run.services.jobs.replace("payout", "a", null, run.time.now() + 5 * MINUTE)]);
        const [row] = await run.db.read([{ sql: "SELECT lease, attempts FROM jobs", args: [] }]);
        assert.deepEqual(row?.rows, [[null, 0]]);
        for (const minutes of [2, 5]) run.services.jobs.wake(run.time.now() + minutes * MINUTE);
        return "stored";
      },
    });
    await schedule(run, "a");
    await run.pass(4 * MINUTE); // its lease would have ended after one
    assert.equal(at.length, 1);
    await run.pass(2 * MINUTE);
    assert.equal(at.length, 2);
    assert.ok((at[1] ?? 0) - (at[0] ?? 0) >= 5 * MINUTE);
    assert.equal(await run.count("jobs"), 0);
  });
});

Deno.test("a job that is scheduled while it fails keeps the sooner time, and is not dead", async () => {
  let runs = 0;
  await withJobs({}, async (run) => {
    run.services.jobs.start({
      payout: async () => {
        if (runs++ > 0) return "finished";
        await schedule(run, "a", run.time.now() + 100);
        throw new Error("not yet");
      },
    });
    await run.db.write([run.services.jobs.schedule("payout", "a", null, run.time.now()), {
      sql: "UPDATE jobs SET attempts = 11",
      args: [],
    }]);
    run.services.jobs.wake(run.time.now());
    await run.pass(300);
    assert.equal(runs, 2);
    assert.equal(await run.count("jobs"), 0);
  });
});

Deno.test("a subject has one job of a kind; scheduling it again moves it", async () => {
  await withJobs({ payout: finished }, async (run) => {
    await schedule(run, "a", run.time.now() + MINUTE);
    await schedule(run, "a", run.time.now() + 2 * MINUTE);
    assert.equal(await run.count("jobs"), 1);
    await run.pass(MINUTE + 2_000);
    assert.equal(await run.count("jobs"), 1);
    await run.pass(MINUTE);
    assert.equal(await run.count("jobs"), 0);
  });
});

Deno.test("a failing job is tried 12 times with growing pauses, then dead, alerted, listed, and retried by a person", async () => {
  const at: number[] = [];
  let broken = true;
  await withJobs({}, async (run) => {
    run.services.jobs.start({
      payout: () => {
        at.push(run.time.now());
        return broken ? Promise.reject(new Error("no luck")) : Promise.resolve("finished");
      },
    });
    await schedule(run, "a");
    await run.pass(2 * 3_600_000);
    assert.equal(at.length, 12);
    const pauses = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    assert.ok((pauses[0] ?? 0) < 2_000 && (pauses[10] ?? 0) > 300_000, `pauses ${pauses}`);
    assert.equal(run.logged("job_dead")[0]?.level, "alert");
    assert.equal(run.logged("job_failed").length, 11);

    const operator = { client: "cli_platform" } as const;
    const list = async (status: string) =>
      (await run.call<{ data: JobView[] }>("GET", `/v1/jobs?merchant=all&status=${status}`, undefined, operator)).body
        .data;
    const [dead] = await list("dead");
    assert.deepEqual([dead?.kind, dead?.subject, dead?.status, dead?.attempts], ["payout", "a", "dead", 12]);
    assert.match(dead?.last_error ?? "", /no luck/);
    assert.deepEqual(await list("queued"), []);

    broken = false;
    const ask = () => run.call<JobView>("POST", `/v1/jobs/${dead?.id}/retry`, undefined, operator);
    const both = (await Promise.all([ask(), ask()])).toSorted((a, b) => a.status - b.status);
    assert.deepEqual(both.map(({ status }) => status), [200, 409], "of two people at once one has retried it");
    assert.deepEqual([dead?.version, both[0]?.body.version], [25, 26], "each claim and each end is a change");
    const [retried] = both;
    assert.ok(retried);
    assert.deepEqual([retried.status, retried.body.status, retried.body.attempts], [200, "queued", 0]);
    const [row] = await run.sql("SELECT status, attempts, run_at, lease FROM jobs WHERE id = ?", dead?.id ?? "");
    assert.deepEqual(row, ["queued", 0, run.time.now(), null], "the row says what the answer says");
    const twice = await run.call<ProblemBody>("POST", `/v1/jobs/${dead?.id}/retry`, undefined, operator);
    assert.deepEqual([twice.status, twice.body.code], [409, "wrong_state"]);
    await run.pass(1_000);
    assert.equal(at.length, 13);
    assert.equal(await run.count("jobs"), 0);
    assert.deepEqual(await run.sql("SELECT actor FROM audit WHERE action = 'job.retried'"), [["cli_platform"]]);
  });
});

Deno.test("a job that always fails delays no other job", async () => {
  const done: string[] = [];
  const probe: JobHandler = ({ subjectId }) => {
    if (subjectId.startsWith("poison")) throw new Error("poison");
    done.push(subjectId);
    return Promise.resolve("finished");
  };
  await withJobs({ payout: probe }, async (run) => {
    for (let i = 0; i < 40; i++) await schedule(run, `poison-${i}`);
    for (let i = 0; i < 20; i++) await schedule(run, `good-${i}`);
    await schedule(run, "nobody's", run.time.now(), "unheard-of" as JobKind);
    await run.pass(1_000);
    assert.equal(done.length, 20);
    assert.ok(run.logged("job_failed").some(({ fields }) => fields.kind === "unheard-of" as JobKind));
  });
});

Deno.test("no more than 32 jobs run at once, and all run", async () => {
  let [running, most, done] = [0, 0, 0];
  const probe: JobHandler = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    done++;
    return "finished";
  };
  await withJobs({ payout: probe }, async (run) => {
    const { db, jobs } = run.services;
    await db.write(Array.from({ length: 150 }, (_, i) => jobs.schedule("payout", `s${i}`, `m${i}`, run.time.now())));
    jobs.claimNow();
    await run.pass(200);
    assert.equal(done, 150);
    assert.ok(most > 8 && most <= 32, `${most} at once`);
  });
});

Deno.test("stop waits for what runs and gives back what waits, so that another takes it at once", async () => {
  const held = Promise.withResolvers<void>();
  const ran = { here: 0, there: 0 };
  await withJobs({}, async (run) => {
    const { db, jobs } = run.services;
    const here = anotherProcess(run, {
      payout: async () => {
        ran.here++;
        await held.promise;
        return "finished";
      },
    });
    await db.write(Array.from({ length: 40 }, (_, i) => jobs.schedule("payout", `s${i}`, `m${i}`, run.time.now())));
    here.claimNow();
    await until(() => ran.here >= 32);
    const stopping = here.stop(5_000);
    held.resolve();
    await stopping;
    assert.equal(ran.here, 32);
    assert.equal(await run.count("jobs"), 8);
    const there = anotherProcess(run, { payout: () => (ran.there++, Promise.resolve("finished")) });
    await there.sweep();
    await there.idle();
    assert.equal(ran.there, 8);
    await there.stop(1_000);
  });
});

Deno.test("a job that is rescheduled runs again at that time, and its failures no longer count", async () => {
  const attempts: number[] = [];
  await withJobs({}, async (run) => {
    run.services.jobs.start({
      payout: (job) => {
        attempts.push(job.attempts);
        if (attempts.length === 1) throw new Error("once");
        return Promise.resolve(attempts.length < 4 ? { runAt: run.time.now() + MINUTE } : "finished");
      },
    });
    await schedule(run, "a");
    await run.pass(5 * MINUTE);
    assert.deepEqual(attempts, [1, 2, 1, 1]);
  });
});
