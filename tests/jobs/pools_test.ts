import type { JobKind } from "../../src/context/jobs.ts";
import assert from "node:assert/strict";
import type { JobHandler } from "../../src/context/jobs.ts";
import { Jobs } from "../../src/jobs/jobs.ts";
import type { Database } from "../../src/db/database.ts";
import { withDatabase } from "../support/database.ts";

const quiet = { write() {} };

/** A queue of jobs with the real clock. Only the test asks it to claim. */
function jobsOn(db: Database): Jobs {
  const queue = { enqueue: () => Promise.resolve(), listen() {} };
  return new Jobs({ db, clock: { now: () => Date.now() }, queue, log: quiet, scale: 1 });
}

const many = (jobs: Jobs, kind: JobKind, count: number) =>
  Array.from({ length: count }, (_, i) => jobs.schedule(kind, `${kind}-${i}`, null, i));

/** A handler that counts, and holds each job until released. */
function holding() {
  const released = Promise.withResolvers<void>();
  const state = { running: 0, most: 0, begun: 0 };
  const handler: JobHandler = async () => {
    state.begun++;
    state.most = Math.max(state.most, ++state.running);
    await released.promise;
    state.running--;
    return "finished";
  };
  return { state, handler, release: released.resolve };
}

/** A handler that says when it has run so many times. */
function counting(target: number) {
  const done = Promise.withResolvers<void>();
  let ran = 0;
  const handler: JobHandler = () => {
    if (++ran === target) done.resolve();
    return Promise.resolve("finished");
  };
  return { handler, done: done.promise };
}

Deno.test("more due jobs than the pool has room for all run", () =>
  withDatabase("file", async (db) => {
    const jobs = jobsOn(db);
    const { handler, done } = counting(200);
    jobs.start({ checkout: handler });
    await db.write(many(jobs, "checkout", 200));
    jobs.claimNow();
    await done;
    await jobs.stop(1_000);
    const [left] = await db.read([{ sql: "SELECT count(*) FROM jobs", args: [] }]);
    assert.deepEqual(left?.rows, [[0]]);
  }));

Deno.test("deliveries never take the place of jobs that settle money", () =>
  withDatabase("file", async (db) => {
    const jobs = jobsOn(db);
    const telling = holding();
    const settling = counting(50);
    jobs.start({ event: telling.handler, deliveries: telling.handler, checkout: settling.handler });
    await db.write([...many(jobs, "event", 300), ...many(jobs, "deliveries", 100)]);
    jobs.claimNow();
    await db.write(many(jobs, "checkout", 50)); // younger than all of those, which hang
    jobs.claimNow();
    await settling.done;
    assert.ok(telling.state.begun > 0 && telling.state.most <= 4, String(telling.state.most));
    telling.release();
    await jobs.stop(1_000);
  }));

Deno.test("a worker starts, becomes idle and stops together with the pools", () =>
  withDatabase("file", async (db) => {
    const jobs = jobsOn(db);
    const calls: string[] = [];
    const done = (name: string) => {
      calls.push(name);
      return Promise.resolve();
    };
    jobs.addWorker({ start: () => void done("start"), idle: () => done("idle"), stop: () => done("stop") });
    jobs.start({});
    await jobs.idle();
    await jobs.stop(10);
    assert.deepEqual(calls, ["start", "idle", "stop"]);
  }));

Deno.test("while many notices come at once few jobs run, and all of them afterwards", () =>
  withDatabase("file", async (db) => {
    let now = 1_000_000;
    const queue = { enqueue: () => Promise.resolve(), listen() {} };
    const jobs = new Jobs({ db, clock: { now: () => now }, queue, log: quiet, scale: 1 });
    const ends: (() => void)[] = [];
    let begun = 0;
    jobs.start({
      notice: async () => {
        begun++;
        await new Promise<void>((resolve) => ends.push(resolve));
        return "stored";
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => jobs.storeFirst(() => Promise.resolve())));
    for (let i = 0; i < 10; i++) jobs.run(jobs.insertLeased("notice", `ntc-${i}`).job, undefined);
    assert.equal(begun, 2);
    now += 1_000; // the burst is over
    ends.shift()?.();
    while (begun < 10) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      ends.shift()?.();
    }
    for (const end of ends) end();
    await jobs.stop(1_000);
  }));

Deno.test("a job that finds no place in memory is claimed when its lease ends", () =>
  withDatabase("file", async (db) => {
    const wakes: number[] = [];
    const queue = { enqueue: (delayMs: number) => Promise.resolve(void wakes.push(delayMs)), listen() {} };
    const jobs = new Jobs({ db, clock: { now: () => 1_000_000 }, queue, log: quiet, scale: 1 });
    const { handler, release } = holding();
    jobs.start({ notice: handler });
    const born = Array.from({ length: 8_100 }, (_, i) => jobs.insertLeased("notice", `ntc-${i}`).job);
    for (const job of born) jobs.run(job, undefined);
    assert.deepEqual(wakes, [(born[0]?.leaseUntil ?? 0) - 1_000_000]);
    release();
    await jobs.stop(1_000);
  }));
