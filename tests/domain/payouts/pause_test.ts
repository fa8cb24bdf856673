import assert from "node:assert/strict";
import type { PausesView } from "../../../src/domain/payouts/control-contract.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { createPayout, getPayout } from "../../support/payouts.ts";

const HOUR = 3_600_000;
const operator = { client: "cli_platform" } as const;
const demo = "mer_01kamcvd000000000000000001";
const control = (run: InProcess, verb: "pause" | "resume", body: Record<string, unknown> = {}) =>
  run.call<PausesView>("POST", `/v1/payouts/${verb}`, body, operator);
const health = async (run: InProcess) => {
  const { status, body } = await run.call("GET", "/health/ready", undefined, { client: null });
  return [status, body["payouts"]];
};

Deno.test("paused, nothing is sent; resumed, what waited goes at once", () =>
  inProcess(async (run) => {
    const { status, body } = await control(run, "pause", { reason: "Daraja is down" });
    assert.deepEqual([status, body.paused, body.pauses[0]?.reason], [200, true, "Daraja is down"]);
    assert.deepEqual(await health(run), [200, "paused"]);
    assert.equal(run.logged("payouts_paused")[0]?.level, "alert");
    const { id } = await createPayout(run);
    await run.pass(HOUR);
    assert.equal((await getPayout(run, id)).status, "queued");
    assert.equal(run.simulator.world.transactions.list().length, 0);
    const resumed = await control(run, "resume");
    assert.deepEqual(resumed.body, { paused: false, pauses: [] });
    await run.pass();
    assert.equal((await getPayout(run, id)).status, "succeeded");
    assert.deepEqual(await health(run), [200, "running"]);
    assert.ok(run.logged("payouts_resumed").length > 0);
  }));

Deno.test("one merchant is paused, another goes on", () =>
  inProcess(async (run) => {
    await control(run, "pause", { merchant: demo });
    assert.deepEqual(await health(run), [200, "partly_paused"]);
    const held = await createPayout(run);
    const other = await createPayout(run, {}, { client: "cli_other" });
    await run.pass(HOUR);
    assert.equal((await getPayout(run, held.id)).status, "queued");
    assert.equal((await getPayout(run, other.id, { client: "cli_other" })).status, "succeeded");
    await control(run, "resume"); // of all: the merchant's own pause stays
    await run.pass();
    assert.equal((await getPayout(run, held.id)).status, "queued");
    await control(run, "resume", { merchant: demo });
    await run.pass();
    assert.equal((await getPayout(run, held.id)).status, "succeeded");
  }));

Deno.test("a pause between the look and the send wins", () => {
  const here: { run?: InProcess; pause: boolean } = { pause: false };
  return inProcess(async (run) => {
    here.run = run;
    here.pause = true;
    const { id } = await createPayout(run);
    await run.pass(HOUR);
    assert.equal((await getPayout(run, id)).status, "queued");
    assert.equal(run.simulator.world.transactions.list().length, 0);
  }, {
    wrapDatabase: (db) => ({
      read: (statements) => db.read(statements),
      close: () => db.close(),
      async write(statements) {
        if (here.pause && statements.some(({ sql }) => sql.startsWith("UPDATE payouts"))) {
          here.pause = false;
          await control(here.run as InProcess, "pause"); // set before the first payout
        }
        return await db.write(statements);
      },
    }),
  });
});

Deno.test("while paused, what was submitted is followed up, and what can't be found is not sent again", () =>
  inProcess(async (run) => {
    const lost = await createPayout(run, { phone_number: "254712349017" });
    const silent = await createPayout(run, { phone_number: "254712349014" });
    await run.pass(100);
    await control(run, "pause");
    await run.pass(2 * HOUR);
    assert.equal((await getPayout(run, silent.id)).status, "succeeded");
    assert.equal((await getPayout(run, lost.id)).status, "in_doubt");
    const sent = run.simulator.world.requests.list().filter(({ operation }) => operation === "b2c");
    assert.equal(sent.length, 2);
  }));

Deno.test("pausing twice is one pause; an unknown merchant is a 422; the switch is audited", () =>
  inProcess(async (run) => {
    await control(run, "pause");
    assert.equal((await control(run, "pause")).body.pauses.length, 1);
    const wrong = await run.call<ProblemBody>("POST", "/v1/payouts/pause", { merchant: "mer_x" }, operator);
    assert.deepEqual([wrong.status, wrong.body.errors?.[0]?.pointer], [422, "/merchant"]);
    const audited = await run.sql("SELECT actor, action FROM audit WHERE subject_id = '*'");
    assert.deepEqual(audited[0], ["cli_platform", "payouts.paused"]);
  }));
