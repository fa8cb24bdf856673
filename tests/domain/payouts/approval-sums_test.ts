import assert from "node:assert/strict";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import { deleteExpiredRows } from "../../../src/domain/retention/delete-expired.ts";
import { type CallOptions, type InProcess, inProcess } from "../../support/in-process.ts";
import { payoutBody } from "../../support/payouts.ts";

/* tests/security/approval-sums_test.ts has what an intruder would try; this has the edges of the sums. */

const HOUR_MS = 3_600_000;

let made = 0;
async function send(run: InProcess, amount: number, changes: Record<string, unknown> = {}, options: CallOptions = {}) {
  const body = payoutBody({ amount, reference: `sum-${made++}`, ...changes });
  const { status, body: payout } = await run.call<PayoutView>("POST", "/v1/payouts", body, options);
  assert.equal(status, 202, JSON.stringify(payout));
  return payout.status;
}
const other = { client: "cli_other" } as const;

Deno.test("a sum that reaches its threshold exactly awaits approval, and one that is less does not", () =>
  inProcess(async (run) => {
    assert.equal(await send(run, 1_000_000), "queued");
    assert.equal(await send(run, 1_498_000), "queued");
    assert.equal(await send(run, 1_000), "queued");
    assert.equal(await send(run, 1_000), "awaiting_approval");
  }, { env: { PAYOUT_APPROVAL_FROM_KES: "100000", PAYOUT_APPROVAL_FROM_PER_MAKER_KES: "25000" }, withoutJobs: true }));

Deno.test("the sum of a payee is of its merchant alone, and lower than that of its maker", () =>
  inProcess(async (run) => {
    assert.equal(await send(run, 900_000, {}, other), "queued");
    assert.equal(await send(run, 900_000), "queued", "what another merchant pays does not count");
    assert.equal(await send(run, 900_000), "awaiting_approval");
    assert.equal(await send(run, 900_000, { phone_number: "0722000001" }), "queued");
    assert.equal(await send(run, 900_000, { phone_number: "0722000002" }), "awaiting_approval", "the maker's sum");
  }, {
    env: { PAYOUT_APPROVAL_FROM_PER_PAYEE_KES: "15000", PAYOUT_APPROVAL_FROM_PER_MAKER_KES: "20000" },
    withoutJobs: true,
  }));

Deno.test("a sum is kept as long as it counts, also where old rows are deleted", () =>
  inProcess(async (run) => {
    assert.equal(await send(run, 2_000_000), "queued");
    run.time.skip(23 * HOUR_MS);
    await deleteExpiredRows(run.services);
    assert.equal(await send(run, 600_000), "awaiting_approval");
  }, { env: { PAYOUT_APPROVAL_FROM_KES: "100000", PAYOUT_APPROVAL_FROM_PER_MAKER_KES: "25000" }, withoutJobs: true }));

Deno.test("a batch of exactly the sum awaits approval, and of several payouts of one request each counts", () =>
  inProcess(async (run) => {
    const batch = async (amounts: readonly number[]) => {
      const payouts = amounts.map((amount, i) =>
        payoutBody({ amount, phone_number: `07220000${10 + i}`, reference: `batch-${made++}` })
      );
      assert.equal((await run.call("POST", "/v1/payout-batches", { payouts })).status, 202);
      return (await run.sql("SELECT status, count(*) FROM payouts GROUP BY status ORDER BY status")).map((row) => [
        ...row,
      ]);
    };
    assert.deepEqual(await batch([500_000, 500_000, 499_900]), [["queued", 3]]);
    assert.deepEqual(await batch([700_000, 800_000]), [["awaiting_approval", 2], ["queued", 3]]);
    assert.deepEqual(await batch([400_000, 400_000, 400_000]), [["awaiting_approval", 5], ["queued", 3]]);
  }, {
    env: { PAYOUT_APPROVAL_FROM_BATCH_KES: "15000", PAYOUT_APPROVAL_FROM_PER_MAKER_KES: "20000" },
    withoutJobs: true,
  }));

Deno.test("somebody whom another merchant has paid, or to whom a payout failed, is somebody new", () =>
  inProcess(async (run) => {
    assert.equal(await send(run, 100_000, {}, other), "queued");
    assert.equal(await send(run, 100_000, { phone_number: "254700002040" }), "queued");
    await run.pass();
    assert.deepEqual(await run.sql("SELECT status FROM payouts ORDER BY status"), [["failed"], ["succeeded"]]);
    assert.equal(await send(run, 900_000), "awaiting_approval");
    assert.equal(await send(run, 900_000, { phone_number: "254700002040" }), "awaiting_approval");
    assert.equal(await send(run, 900_000, {}, other), "queued");
  }, { env: { PAYOUT_APPROVAL_FROM_NEW_PAYEE_KES: "5000" } }));
