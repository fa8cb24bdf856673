import assert from "node:assert/strict";
import { ConstraintError, type Database } from "../../src/db/database.ts";
import { fanOut } from "../../src/webhooks/deliveries/fan-out.ts";
import { jobHandlers } from "../../src/app/job-handlers.ts";
import { createEvent, deliveriesOf, register, withFakeNetwork } from "./support.ts";

Deno.test("an event is stored with its job in one batch, so a process that dies after it loses nothing", () =>
  withFakeNetwork(async (run, network) => {
    const { id } = await register(run);
    await createEvent(run); // nothing runs: as if the process had died here
    assert.equal(await run.count("jobs WHERE kind = 'event'"), 1);
    assert.equal(await run.count("deliveries"), 0);
    run.services.jobs.start(jobHandlers(run.services));
    await run.pass(11_000);
    await run.sweep();
    assert.equal(network.received.length, 1);
    assert.equal((await deliveriesOf(run, id))[0]?.status, "succeeded");
  }, { withoutJobs: true }));

Deno.test("fanning an event out twice makes one delivery", () =>
  withFakeNetwork(async (run) => {
    await register(run);
    await createEvent(run);
    const rows = await run.sql("SELECT subject_id FROM jobs WHERE kind = 'event'");
    const ids = rows.map(([id]) => String(id));
    await Promise.all([fanOut(run.services, ids), fanOut(run.services, ids)]);
    await fanOut(run.services, ids);
    assert.equal(await run.count("deliveries"), 1);
    assert.equal(await run.count("jobs WHERE kind = 'event'"), 0);
    assert.equal(await run.count("jobs WHERE kind = 'deliveries'"), 1);
  }, { withoutJobs: true }));

Deno.test("what a process took on and never sent is sent when its lease has run out", () =>
  withFakeNetwork(async (run, network) => {
    await register(run);
    await createEvent(run);
    const rows = await run.sql("SELECT subject_id FROM jobs WHERE kind = 'event'");
    await fanOut(run.services, rows.map(([id]) => String(id)));
    const until = run.time.now() + 60_000;
    await run.db.write([{ sql: "UPDATE deliveries SET lease = 'dead', run_at = ?", args: [until] }]);
    run.services.jobs.start(jobHandlers(run.services));
    await run.pass(59_000);
    await run.sweep();
    assert.equal(network.received.length, 0);
    await run.pass(2_000);
    await run.sweep();
    assert.equal(network.received.length, 1);
  }, { withoutJobs: true }));

Deno.test("when an outcome can't be stored the event comes again, with the same id", () => {
  let failing = false;
  const wrapDatabase = (db: Database): Database => ({
    read: (statements) => db.read(statements),
    write: (statements) =>
      failing && statements.some(({ sql }) => sql.includes("response_status = ?"))
        ? Promise.reject(new Error("the store is away"))
        : db.write(statements),
    close: () => db.close(),
  });
  return withFakeNetwork(async (run, network) => {
    const { id } = await register(run);
    failing = true;
    await createEvent(run);
    await run.idle();
    assert.equal((await deliveriesOf(run, id))[0]?.status, "pending");
    failing = false;
    await run.pass(120_000);
    await run.sweep();
    assert.equal(network.received.length, 2);
    assert.equal(new Set(network.received.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.deepEqual((await deliveriesOf(run, id)).map(({ status }) => status), ["succeeded"]);
  }, { wrapDatabase });
});

Deno.test("deliveries need no wake-up: the sweep finds what is due", () =>
  withFakeNetwork(async (run, network) => {
    await register(run);
    network.reply = () => ({ status: network.received.length < 2 ? 500 : 200 });
    await createEvent(run);
    await run.idle();
    await run.pass(60_000);
    assert.equal(network.received.length, 1);
    await run.sweep();
    assert.equal(network.received.length, 2);
  }, { loseWakeUps: true }));

Deno.test("one event whose fan-out fails each time does not keep the events beside it from their endpoint", () => {
  let bad: string | null = null;
  const wrapDatabase = (db: Database): Database => ({
    read: (statements) => db.read(statements),
    write: (statements) => {
      const rows = statements.find(({ sql }) => sql.startsWith("INSERT INTO deliveries"))?.args.map(String).join() ??
        "";
      bad ??= /evt_\w+/.exec(rows)?.[0] ?? null;
      return bad !== null && rows.includes(bad)
        ? Promise.reject(new ConstraintError("check", "length(event_id) > 0"))
        : db.write(statements);
    },
    close: () => db.close(),
  });
  return withFakeNetwork(async (run, network) => {
    await register(run);
    await Promise.all(["a", "b", "c", "d"].map((reference) => createEvent(run, reference)));
    await run.pass(30_000);
    await run.sweep();
    const sent = new Set(network.received.map(({ headers }) => headers["webhook-id"]));
    assert.equal(sent.size, 3);
    assert.ok(bad !== null && !sent.has(bad));
  }, { wrapDatabase });
});
