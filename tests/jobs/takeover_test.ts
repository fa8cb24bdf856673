import assert from "node:assert/strict";
import { jobHandlers } from "../../src/app/job-handlers.ts";
import { DEMO_MERCHANT, registeredShortcodes } from "../../src/cli/seed.ts";
import { systemContext } from "../../src/context/context.ts";
import { ConstraintError, type Database, type Statement } from "../../src/db/database.ts";
import { rows } from "../../src/db/query.ts";
import { completeReconciliation } from "../../src/domain/reconciliations/end-reconciliation.ts";
import { selectUnfinished } from "../../src/domain/reconciliations/store.ts";
import { fenced, isLeaseLost } from "../../src/jobs/fence.ts";
import { Jobs } from "../../src/jobs/jobs.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";

const LEASE_MS = 60_000;
const SHORTCODE = registeredShortcodes[0].id;
const ROWS = 250;

const HEADER = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Reason Type,A/C No.";
const statement = [
  HEADER,
  ...Array.from(
    { length: ROWS },
    (_, i) => `UKM9X${String(i).padStart(5, "0")},2026-11-22 12:13:25,Pay,Completed,10.00,,,Pay Bill Online,A${i}`,
  ),
].join("\r\n");

const upload = (run: InProcess) =>
  run.call<{ id: string }>("POST", "/v1/reconciliations", undefined, {
    raw: statement,
    headers: { "content-type": "text/csv" },
  });

async function until(reached: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 120_000; !reached();) {
    assert.ok(Date.now() < deadline, "it was not reached in 120 s");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A database whose reads and batches with this text wait until they are released. */
function holding(db: Database, text: string) {
  const held: (() => void)[] = [];
  let open = false;
  const wait = async (statements: readonly Statement[]): Promise<void> => {
    if (open || !statements.some(({ sql }) => sql.includes(text))) return;
    await new Promise<void>((resolve) => held.push(resolve));
  };
  return {
    held,
    release: () => {
      open = true;
      for (const release of held.splice(0)) release();
    },
    db: {
      read: async (statements) => {
        await wait(statements);
        return await db.read(statements);
      },
      write: async (statements) => {
        await wait(statements);
        return await db.write(statements);
      },
      close: () => db.close(),
    } satisfies Database,
  };
}

/** The jobs of another process, which sees the database through `db`. */
function processOn(run: InProcess, db: Database): Jobs {
  const queue = { enqueue: () => Promise.resolve(), listen: () => {} };
  const jobs = new Jobs({ db, clock: run.time, queue, log: run.services.log, scale: 1 });
  jobs.start(jobHandlers({ ...run.services, db, jobs }));
  return jobs;
}

Deno.test("an import whose runner wakes up while another is halfway ends with all its rows, not with those of one", () =>
  inProcess(async (run) => {
    await upload(run);
    const stalled = holding(run.db, "outcome <> 'waiting' AND receipt IN"); // it has read the first hundred rows
    const stale = processOn(run, stalled.db);
    stale.claimNow();
    await until(() => stalled.held.length > 0);
    run.time.skip(LEASE_MS + 1_000);
    const halfway = holding(run.db, "SET status = ?, next_offset"); // before it stores how far it has come
    const other = processOn(run, halfway.db);
    other.claimNow();
    await until(() => halfway.held.length > 0);
    stalled.release();
    await stale.idle();
    assert.notEqual((await run.sql("SELECT status FROM reconciliations"))[0]?.[0], "completed");
    halfway.release();
    await other.idle();
    assert.deepEqual(
      (await run.sql("SELECT status, seen, created, (SELECT count(*) FROM payments) FROM reconciliations"))[0],
      ["completed", ROWS, ROWS, ROWS],
    );
    await Promise.all([stale.stop(1_000), other.stop(1_000)]);
  }, { withoutJobs: true }));

Deno.test("a reconciliation is not completed while a row waits, whoever concludes it", () =>
  inProcess(async (run) => {
    await upload(run);
    const [[shortcode]] = await run.sql("SELECT shortcode_id FROM reconciliations") as [[string]];
    const [[row]] = await rows(run.db, selectUnfinished(shortcode));
    assert.ok(row !== undefined);
    const ctx = systemContext(run.services, row.merchant_id, "system", "test", () => {});
    const refused = await completeReconciliation(ctx, row).then(() => null, (error: unknown) => error);
    assert.ok(refused instanceof ConstraintError && refused.rule === "conflict");
    assert.equal(await run.count("reconciliation_rows WHERE outcome = 'waiting'"), ROWS);
  }, { withoutJobs: true }));

Deno.test("a later run of the same process is another holder: the earlier one can't write any more", () =>
  inProcess(async (run) => {
    const { services } = run;
    const now = run.time.now();
    await run.db.write([services.jobs.schedule("payout", "a", null, now)]);
    const held: Parameters<typeof fenced>[1][] = [];
    const release = Promise.withResolvers<"finished">();
    services.jobs.start({ payout: (job) => (held.push(job), release.promise) });
    services.jobs.claimNow();
    await until(() => held.length === 1);
    run.time.skip(LEASE_MS + 1_000);
    services.jobs.claimNow();
    await until(() => held.length === 2);
    const [first, second] = held;
    assert.ok(first !== undefined && second !== undefined && first.lease !== second.lease);
    const write = (job: typeof first) =>
      fenced(services, job).db.write([{ sql: "UPDATE counters SET total = total WHERE 0", args: [] }]);
    const refused = await write(first).then(() => null, (error: unknown) => error);
    assert.ok(isLeaseLost(refused));
    assert.equal((await write(second)).length, 1);
    release.resolve("finished");
    await services.jobs.idle();
    assert.equal(await run.count("jobs"), 0);
  }, { withoutJobs: true }));

Deno.test("M-Pesa's answer to a runner that lost its lease is kept: it is evidence, and is not given twice", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "254700009001" });
    run.time.skip(25_000);
    const answered = holding(run.db, "UPDATE checkouts"); // it has the answer, and is about to store it
    const stale = processOn(run, answered.db);
    stale.claimNow();
    await until(() => answered.held.length > 0);
    await run.db.write([{ sql: "UPDATE jobs SET lease = 'another', run_at = run_at + 60000", args: [] }]);
    answered.release();
    await stale.idle();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    const [attempt] = await run.sql("SELECT status, polls FROM attempts");
    assert.deepEqual(attempt, ["succeeded", 0], "the count of polls is left to who has the job");
    await stale.stop(1_000);
  }, { withoutJobs: true }));

Deno.test("stop waits for a claim that is under way, and gives back what it has taken", () =>
  inProcess(async (run) => {
    const slow = holding(run.db, "UPDATE jobs SET lease = ?1");
    let [closed, ran, wroteAfterClose] = [false, 0, 0];
    const db: Database = {
      ...slow.db,
      write: async (statements) => {
        const results = await slow.db.write(statements);
        if (closed) wroteAfterClose++;
        return results;
      },
    };
    const queue = { enqueue: () => Promise.resolve(), listen: () => {} };
    const jobs = new Jobs({ db, clock: run.time, queue, log: run.services.log, scale: 1 });
    jobs.start({ payout: () => (ran++, Promise.resolve("finished")) });
    await run.db.write([jobs.schedule("payout", "a", null, run.time.now())]);
    jobs.claimNow();
    await until(() => slow.held.length === 1);
    const stopped = jobs.stop(0).then(() => closed = true); // the host closes the database now
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(closed, false);
    slow.release();
    await stopped;
    await jobs.idle();
    assert.deepEqual([ran, wroteAfterClose], [0, 0]);
    assert.deepEqual((await run.sql("SELECT lease, run_at FROM jobs"))[0], [null, run.time.now()]);
  }, { withoutJobs: true }));

Deno.test("a pull whose runner died after it recorded a page goes on behind that page", () => {
  const rowsOf = (n: number) =>
    Array.from({ length: 2 }, (_, i) => ({
      transactionId: `UKM9X0000${n}${i}`,
      trxDate: "2026-11-24T12:00:00+03:00",
      msisdn: "254712345678",
      sender: "MPESA",
      transactiontype: "c2b-pay-bill-debit",
      billreference: "nobody",
      amount: "10.00",
      organizationname: "Demo",
    }));
  return inProcess(async (run) => {
    await run.db.write([run.services.jobs.schedule("reconcile", SHORTCODE, DEMO_MERCHANT, run.time.now())]);
    const dying = holding(run.db, "SET status = ?, next_offset"); // before it stores how far it has come
    const dead = processOn(run, dying.db);
    dead.claimNow();
    await until(() => dying.held.length > 0);
    assert.equal(await run.count("payments"), 2);
    run.time.skip(LEASE_MS + 1_000);
    const other = processOn(run, run.db);
    other.claimNow();
    await other.idle();
    assert.equal(await run.count("payments"), 6, "all three pages");
    dying.release();
    await dead.idle();
    await Promise.all([dead.stop(1_000), other.stop(1_000)]);
  }, {
    withoutJobs: true,
    daraja: async (request) => {
      if (!request.url.includes("/pulltransactions/v1/query")) return null;
      const { OffSetValue: offset } = await request.json() as { OffSetValue: string };
      const page = Number(offset) / 2;
      return Response.json({
        ResponseRefID: "x",
        ResponseCode: "1000",
        ResponseMessage: "Success",
        Response: page < 3 ? [rowsOf(page)] : [[]],
      });
    },
  });
});
