import assert from "node:assert/strict";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { act, createPayout, getPayout, payoutBody } from "../../support/payouts.ts";
import { BEFORE_MIDNIGHT_MS, timesOfDay } from "../../support/time.ts";

const HOUR = 3_600_000;
const post = (run: InProcess, changes: Record<string, unknown> = {}) =>
  run.call<ProblemBody>("POST", "/v1/payouts", payoutBody({ allow_duplicate: true, ...changes }));
const totals = async (run: InProcess) =>
  (await run.sql("SELECT total FROM counters WHERE name LIKE 'payout/%' ORDER BY name")).map(([total]) => total);

for (const [when, startMs] of timesOfDay) {
  Deno.test(`50 payouts at once against a daily cap that fits 10: exactly 10 pass, ${when}`, () =>
    inProcess(async (run) => {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => post(run, { reference: `r-${i}` })));
      const passed = answers.filter(({ status }) => status === 202);
      assert.equal(passed.length, 10);
      const refused = answers.filter(({ status }) => status === 422);
      assert.equal(refused.length, 40);
      for (const { body } of refused) {
        assert.equal(body.code, "limit_exceeded");
        assert.match(body.detail, /KES 15000 may be sent in a day, and KES 0 of it is left today/);
      }
      await run.pass(60_000);
      assert.equal(run.simulator.world.transactions.list().length, 10);
    }, { startMs, env: { PAYOUT_DAILY_PER_MERCHANT_KES: "15000" } }));

  Deno.test(`a phone has a daily cap and a count an hour; each refusal says which, ${when}`, () =>
    inProcess(async (run) => {
      await createPayout(run, { amount: 200_000 });
      const day = await post(run, { amount: 150_000 });
      assert.deepEqual([day.status, day.body.code, day.body.errors?.[0]?.pointer], [422, "limit_exceeded", "/amount"]);
      assert.match(day.body.detail, /one phone in a day, and KES 1000 of it is left/);
      await createPayout(run, { amount: 100_000 });
      const count = await post(run, { amount: 1_000, phone_number: "0722000111" });
      assert.equal(count.status, 202);
      assert.equal((await post(run, { amount: 1_000, phone_number: "0722000111" })).status, 202);
      const third = await post(run, { amount: 1_000, phone_number: "0722000111" });
      assert.equal(third.body.errors?.[0]?.pointer, "/phone_number");
      assert.match(third.body.detail, /2 payouts may go to one phone in an hour/);
      await run.pass(HOUR);
      assert.equal((await post(run, { amount: 1_000, phone_number: "0722000111" })).status, 202);
    }, { startMs, env: { PAYOUT_DAILY_PER_PHONE_KES: "3000", PAYOUTS_PER_PHONE_PER_HOUR: "2" } }));

  Deno.test(`failed, rejected and cancelled payouts give their allowance back, once, ${when}`, () =>
    inProcess(async (run) => {
      // These stay, so that a total which falls too far does not stop at 0 and look right.
      const standing = { amount: 1_000_000, reference: "standing" };
      for (const phone_number of ["0712345678", "254712342040"]) await createPayout(run, { ...standing, phone_number });
      const both = [2_000_000, 1_000_000, 1_000_000, 1, 1];
      assert.deepEqual(await totals(run), both);
      const cancelled = await createPayout(run);
      assert.deepEqual((await totals(run))[0], 2_150_000);
      await act(run, cancelled.id, "cancel");
      await act(run, cancelled.id, "cancel");
      assert.deepEqual(await totals(run), both);
      const rejected = await createPayout(run, { amount: 1_000_000 });
      await act(run, rejected.id, "reject", { client: "cli_approver" }, { reason: "no" });
      await act(run, rejected.id, "reject", { client: "cli_approver" }, { reason: "no" });
      assert.deepEqual(await totals(run), both);
      const failing = await createPayout(run, { phone_number: "254712342040" });
      await createPayout(run, { phone_number: "254712342040" });
      await run.pass(60_000);
      assert.equal((await getPayout(run, failing.id)).status, "failed");
      assert.deepEqual(await totals(run), both);
      const capability = run.services.capabilities.mint("payout_result", failing.id);
      for (const ResultCode of [2040, 1, 8]) {
        const Result = { ResultType: 0, ResultCode, ResultDesc: "declined", ConversationID: "AG_1" };
        await run.notify(capability, JSON.stringify({ Result }));
        await run.idle();
      }
      assert.deepEqual(await totals(run), both, "further notices of the failure give nothing back again");
    }, { startMs }));
}

Deno.test("a day of payouts ends at midnight in Nairobi", () =>
  inProcess(async (run) => {
    await createPayout(run, { amount: 300_000 });
    await run.pass(1_999);
    assert.equal((await post(run, { amount: 1_000 })).status, 422);
    await run.pass(1);
    assert.equal((await post(run, { amount: 300_000 })).status, 202);
  }, { startMs: BEFORE_MIDNIGHT_MS, env: { PAYOUT_DAILY_PER_MERCHANT_KES: "3000" } }));

Deno.test("what a merchant refuses itself is the stricter of its own limits and the service's", () =>
  inProcess(async (run) => {
    const operator = { client: "cli_platform" } as const;
    const merchant = "mer_01kamcvd000000000000000001";
    const set = await run.call(
      "PATCH",
      "/v1/payout-limits",
      { merchant, max_amount: 100_000, approval_from: 50_000 },
      operator,
    );
    assert.deepEqual([set.status, set.body["max_amount"], set.body["daily_amount"]], [200, 100_000, null]);
    const over = await post(run, { amount: 100_100 });
    assert.deepEqual([over.status, over.body.errors?.[0]?.pointer], [422, "/amount"]);
    assert.equal((await createPayout(run, { amount: 50_000 })).status, "awaiting_approval");
    await run.call("PATCH", "/v1/payout-limits", { merchant, max_amount: null, approval_from: null }, operator);
    assert.equal((await createPayout(run, { amount: 100_100 })).status, "queued");
    const wrong = await run.call<ProblemBody>("PATCH", "/v1/payout-limits", { merchant: "mer_none" }, operator);
    assert.deepEqual([wrong.status, wrong.body.errors?.[0]?.pointer], [422, "/merchant"]);
    assert.equal((await run.call("PATCH", "/v1/payout-limits", { merchant })).status, 403);
  }, { withoutJobs: true }));
