import assert from "node:assert/strict";
import { type Context, systemContext } from "../../../src/context/context.ts";
import {
  amountError,
  limitsOf,
  type Reservation,
  reservationsOf,
  reserve,
} from "../../../src/domain/payouts/limits.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { createPayout, getPayout, payoutBody } from "../../support/payouts.ts";
import { fresh } from "./facts.ts";

const MERCHANT = "mer_01kamcvd000000000000000001";
const OTHER = "mer_01kamcvd000000000000000002";
const contextOf = (run: InProcess, merchant = MERCHANT): Context =>
  systemContext(run.services, merchant, "system", "test", () => {});
const setLimits = async (run: InProcess, limits: Record<string, number | null>) => {
  const { status } = await run.call("PATCH", "/v1/payout-limits", { merchant: MERCHANT, ...limits }, {
    client: "cli_operator",
  });
  assert.equal(status, 200);
};

const columns = [
  ["max_amount", "maxAmount"],
  ["daily_amount", "daily"],
  ["daily_amount_per_phone", "dailyPerPhone"],
  ["hourly_count_per_phone", "hourlyCountPerPhone"],
  ["approval_from", "approvalFrom"],
] as const;

Deno.test("of a merchant's limit and the service's, the stricter one counts, for each limit and for approvals", () =>
  inProcess(async (run) => {
    const ctx = contextOf(run);
    const service = await limitsOf(ctx);
    for (const [column, name] of columns) {
      await setLimits(run, { [column]: service[name] - 1 });
      assert.equal((await limitsOf(ctx))[name], service[name] - 1, `${column} is stricter`);
      await setLimits(run, { [column]: service[name] + 1 });
      assert.equal((await limitsOf(ctx))[name], service[name], `${column} is laxer`);
      await setLimits(run, { [column]: null });
      assert.deepEqual(await limitsOf(ctx), service);
    }
    await setLimits(run, { min_amount: service.minAmount + 1 });
    assert.equal((await limitsOf(ctx)).minAmount, service.minAmount + 1);
    assert.deepEqual(await limitsOf(contextOf(run, OTHER)), service, "another merchant has limits of its own");
  }, { withoutJobs: true }));

Deno.test("an amount below the least or above the largest is refused, and both ends are allowed", () =>
  inProcess(async (run) => {
    const limits = await limitsOf(contextOf(run));
    for (const amount of [limits.minAmount, limits.maxAmount]) assert.equal(amountError(limits, amount), null);
    for (const amount of [limits.minAmount - 1, limits.maxAmount + 1]) {
      assert.notEqual(amountError(limits, amount), null);
    }
  }, { withoutJobs: true }));

const DAY_LIMITS = {
  minAmount: 1,
  maxAmount: 1_000,
  daily: 900,
  dailyPerPhone: 600,
  hourlyCountPerPhone: 3,
  approvalFrom: 1_000,
  approvalFromPerMaker: 1_000,
  approvalFromPerPayee: 1_000,
  approvalFromBatch: 1_000,
  approvalFromNewPayee: 1_000,
};
const reservationsFor = (...payouts: Parameters<typeof fresh>[0][]): Reservation[] =>
  reservationsOf(payouts.map((changes) => ({ payout: fresh(changes), amountAt: "", phoneAt: "" })), DAY_LIMITS);
const bytes = (last: number) => new Uint8Array(16).fill(last);

Deno.test("a payout counts for its merchant's day, for its phone's day and for its phone's hour, each up to its cap", () => {
  const [day, phone, hour] = reservationsFor({ amount: 100 });
  assert.deepEqual([day, phone, hour].map((r) => [r?.amount, r?.cap]), [[100, 900], [100, 600], [1, 3]]);
  const names = (changes: Parameters<typeof fresh>[0]) =>
    reservationsFor({ amount: 100, ...changes }).map((r) => r.name);
  const shared = (a: readonly string[], b: readonly string[]) => a.map((name, i) => name === b[i]);
  const first = names({});
  assert.deepEqual(shared(first, names({})), [true, true, true]);
  assert.deepEqual(shared(first, names({ phone_index: bytes(1) })), [true, false, false], "another phone");
  assert.deepEqual(shared(first, names({ merchant_id: OTHER })), [false, false, false], "another merchant");
});

Deno.test("the day is Nairobi's, and an hour is an hour", () => {
  const at = (iso: string) => reservationsFor({ amount: 1, created_at: Date.parse(iso) }).map(({ name }) => name);
  const same = (a: string, b: string) => at(a).map((name, i) => name === at(b)[i]);
  assert.deepEqual(same("2026-11-22T20:10:00Z", "2026-11-22T20:50:00Z"), [true, true, true]);
  assert.deepEqual(same("2026-11-22T18:10:00Z", "2026-11-22T20:50:00Z"), [true, true, false]);
  assert.deepEqual(same("2026-11-22T20:59:00Z", "2026-11-22T21:01:00Z"), [false, false, false], "midnight in Nairobi");
  assert.deepEqual(same("2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z").slice(0, 2), [true, true], "03:00 in Nairobi");
});

Deno.test("the payouts of a batch are added up for each counter", () => {
  const [day, first, hour, second] = reservationsFor(
    { amount: 100 },
    { amount: 200 },
    { amount: 300, phone_index: bytes(1) },
  );
  assert.deepEqual([day?.amount, first?.amount, hour?.amount, second?.amount], [600, 300, 2, 300]);
});

Deno.test("what is reserved adds up, and a cap that was lowered counts at once", () =>
  inProcess(async (run) => {
    const of = (amount: number, cap: number): Reservation => ({
      name: "payout/test",
      amount,
      cap,
      expiresAt: run.time.now() + 1,
      pointers: [],
      explain: () => "",
    });
    await run.db.write([reserve([of(300, 1_000)])]);
    await run.db.write([reserve([of(300, 1_000)])]);
    assert.deepEqual(await run.sql("SELECT total, cap FROM counters"), [[600, 1_000]]);
    await assert.rejects(run.db.write([reserve([of(500, 1_000)])]));
    await assert.rejects(run.db.write([reserve([of(100, 650)])]));
    await run.db.write([reserve([of(50, 650)])]);
    assert.deepEqual(await run.sql("SELECT total, cap FROM counters"), [[650, 650]]);
  }, { withoutJobs: true }));

Deno.test("a payout that proves paid after it was called failed is stored, though the day's limit is used up by now", () =>
  inProcess(async (run) => {
    const payout = await createPayout(run, { phone_number: "254700009017" });
    await run.pass(100);
    const tell = async (ResultCode: number, ResultParameter: unknown[] = []) => {
      const Result = {
        ResultType: 0,
        ResultCode,
        ResultDesc: "",
        ConversationID: "AG_1",
        ResultParameters: { ResultParameter },
      };
      await run.notify(run.services.capabilities.mint("payout_result", payout.id), JSON.stringify({ Result }));
      await run.idle();
    };
    await tell(2040);
    assert.equal((await getPayout(run, payout.id)).status, "failed");
    await createPayout(run, { amount: 300_000, phone_number: "0722000111" });
    assert.equal((await run.call("POST", "/v1/payouts", payoutBody({ amount: 1_000 }))).status, 422);
    await tell(0, [{ Key: "TransactionAmount", Value: 1_500 }, { Key: "TransactionReceipt", Value: "UKM1A2B3C4" }]);
    assert.equal((await getPayout(run, payout.id)).status, "succeeded");
    const [[total]] = await run.sql("SELECT total FROM counters WHERE name LIKE 'payout/day/%'") as [[number]];
    assert.ok(total >= 300_000);
    assert.equal((await run.call("POST", "/v1/payouts", payoutBody({ amount: 1_000 }))).status, 422);
  }, { env: { PAYOUT_DAILY_PER_MERCHANT_KES: "3000" } }));

Deno.test("a late success takes the allowance that its failure gave back", () =>
  inProcess(async (run) => {
    const payout = await createPayout(run, { phone_number: "254700009017" });
    await run.pass(100);
    const totals = async () =>
      (await run.sql("SELECT total FROM counters WHERE name LIKE 'payout/%' ORDER BY name")).map(([total]) => total);
    const tell = async (ResultCode: number) => {
      const Result = { ResultType: 0, ResultCode, ResultDesc: "", ConversationID: "AG_1" };
      await run.notify(run.services.capabilities.mint("payout_result", payout.id), JSON.stringify({ Result }));
      await run.idle();
    };
    assert.deepEqual(await totals(), [150_000, 150_000, 1]);
    await tell(2040);
    assert.deepEqual(await totals(), [0, 0, 0]);
    await tell(0);
    assert.deepEqual(await totals(), [150_000, 150_000, 1]);
  }));
