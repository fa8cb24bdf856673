import assert from "node:assert/strict";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { act, createPayout, eventTypes, getPayout } from "../../support/payouts.ts";

const HOUR = 3_600_000;
const large = { amount: 1_000_000 };
const approver = { client: "cli_approver" } as const;
const spent = async (run: InProcess) =>
  (await run.sql("SELECT total FROM counters WHERE name LIKE 'payout/day/%'"))[0]?.[0];

Deno.test("from KES 10,000 a payout awaits approval; a second client lets it go", () =>
  inProcess(async (run) => {
    assert.equal((await createPayout(run, { amount: 999_900 })).status, "queued");
    const { id, status, approval } = await createPayout(run, large);
    assert.equal(status, "awaiting_approval");
    assert.equal(approval?.decided_by, null);
    await run.pass(HOUR);
    assert.equal((await getPayout(run, id)).status, "awaiting_approval");
    const approved = await act(run, id, "approve", approver);
    assert.deepEqual([approved.status, approved.body.status, approved.body.approval?.decided_by], [
      200,
      "queued",
      "cli_approver",
    ]);
    await run.pass();
    assert.equal((await getPayout(run, id)).status, "succeeded");
    assert.deepEqual(await eventTypes(run, id), [
      "payout.created",
      "payout.approved",
      "payout.submitted",
      "payout.succeeded",
    ]);
  }));

Deno.test("nobody approves a payout of their own", () =>
  inProcess(async (run) => {
    const own = { client: "cli_treasurer" } as const;
    const { id } = await createPayout(run, large, own);
    const { status, body } = await act<ProblemBody>(run, id, "approve", own);
    assert.deepEqual([status, body.code], [403, "own_payout"]);
    assert.equal((await getPayout(run, id)).status, "awaiting_approval");
    assert.equal((await act(run, id, "approve", approver)).status, 200);
    assert.equal((await act<ProblemBody>(run, id, "approve", own)).body.code, "own_payout");
  }, { withoutJobs: true }));

Deno.test("approving twice, approving what was rejected, cancelling what was submitted: 409 with the state", () =>
  inProcess(async (run) => {
    const first = await createPayout(run, large);
    await act(run, first.id, "approve", approver);
    const twice = await act<ProblemBody>(run, first.id, "approve", approver);
    assert.deepEqual([twice.status, twice.body.code], [409, "wrong_state"]);
    assert.match(twice.body.detail, /queued/);

    const second = await createPayout(run, large);
    const rejected = await act(run, second.id, "reject", approver, { reason: "Not on the list" });
    assert.deepEqual([rejected.status, rejected.body.status, rejected.body.reason], [
      200,
      "rejected",
      "Not on the list",
    ]);
    const late = await act<ProblemBody>(run, second.id, "approve", approver);
    assert.deepEqual([late.status, late.body.code], [409, "wrong_state"]);
    assert.match(late.body.detail, /rejected/);

    await run.pass(100);
    const submitted = await act<ProblemBody>(run, first.id, "cancel");
    assert.deepEqual([submitted.status, submitted.body.code], [409, "wrong_state"]);
    assert.match(submitted.body.detail, /submitted/);
    await run.pass();
    assert.equal((await getPayout(run, first.id)).status, "succeeded");
    assert.equal(
      (await act(run, first.id, "resolve", { client: "cli_operator" }, {
        outcome: "failed",
        evidence: "none",
      })).status,
      409,
    );
    assert.equal(run.simulator.world.transactions.list().length, 1);
  }));

Deno.test("a payout that is cancelled before it is submitted never leaves", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run);
    const { status, body } = await act(run, id, "cancel");
    assert.deepEqual([status, body.status], [200, "cancelled"]);
    await run.pass(HOUR);
    assert.equal(run.simulator.world.transactions.list().length, 0);
    assert.equal((await act(run, id, "cancel")).status, 409);
    assert.deepEqual(await eventTypes(run, id), ["payout.created", "payout.cancelled"]);
  }));

Deno.test("what waits too long for approval is rejected, and gives its allowance back", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, large);
    assert.equal(await spent(run), 1_000_000);
    await run.pass(25 * HOUR);
    const expired = await getPayout(run, id);
    assert.deepEqual([expired.status, expired.reason, expired.approval?.decided_by], [
      "rejected",
      "approval_expired",
      "system",
    ]);
    assert.equal(await spent(run), 0);
    assert.equal((await act(run, id, "approve", approver)).status, 409);
  }));

Deno.test("approval does not hurry with PLAN_SCALE, and its time is a setting", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, large);
    await run.pass(HOUR - 1_000);
    assert.equal((await getPayout(run, id)).status, "awaiting_approval");
    await run.pass(2_000);
    assert.equal((await getPayout(run, id)).status, "rejected");
  }, { env: { PLAN_SCALE: "0.01", PAYOUT_APPROVAL_EXPIRES_HOURS: "1" } }));

Deno.test("approve, cancel and reject at once: one of them wins, and money leaves only if it was approved", () =>
  inProcess(async (run) => {
    for (let round = 0; round < 5; round++) {
      const { id } = await createPayout(run, { ...large, reference: `race-${round}` });
      const answers = await Promise.all([
        act(run, id, "approve", approver),
        act(run, id, "reject", approver, { reason: "no" }),
        act(run, id, "cancel"),
      ]);
      await run.pass();
      const { status } = await getPayout(run, id);
      assert.ok(["succeeded", "rejected", "cancelled"].includes(status));
      const moved = run.simulator.world.transactions.list().filter(({ originator_conversation_id }) =>
        originator_conversation_id === answers[0].body.originator_conversation_id
      );
      assert.equal(moved.length, status === "succeeded" ? 1 : 0);
    }
  }));
