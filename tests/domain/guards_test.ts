import assert from "node:assert/strict";
import { systemContext } from "../../src/context/context.ts";
import { ConstraintError } from "../../src/db/database.ts";
import { cancel } from "../../src/domain/checkouts/machine.ts";
import { saveCheckout } from "../../src/domain/checkouts/save.ts";
import { loadCheckout } from "../../src/domain/checkouts/store.ts";
import { applyFact as applyToPayout } from "../../src/domain/payouts/machine.ts";
import { savePayout } from "../../src/domain/payouts/save.ts";
import { loadPayout } from "../../src/domain/payouts/store.ts";
import { applyFact as applyToRefund } from "../../src/domain/refunds/machine.ts";
import { saveRefund } from "../../src/domain/refunds/save.ts";
import { loadRefund } from "../../src/domain/refunds/store.ts";
import { createCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { createRefund, paidCheckout, payPaybill } from "../support/money.ts";
import { createPayout } from "../support/payouts.ts";

const MERCHANT = "mer_01kamcvd000000000000000001";
const contextOf = (run: InProcess) => systemContext(run.services, MERCHANT, "system", "test", () => {});

/** What was loaded before another writer's change cannot be stored over it. */
const isConflict = (error: unknown): boolean => error instanceof ConstraintError && error.rule === "conflict";

function found<T>(row: T | null): T {
  assert.ok(row !== null);
  return row;
}

Deno.test("of two changes to a payout that were made from one state, only the first is stored", () =>
  inProcess(async (run) => {
    const ctx = contextOf(run);
    const { id } = await createPayout(run);
    const before = found(await loadPayout(ctx, id));
    const sending = applyToPayout(before, { kind: "started", n: 1 }, run.time.now());
    await savePayout(ctx, before, applyToPayout(before, { kind: "cancelled" }, run.time.now()), "payout.cancelled");
    await assert.rejects(savePayout(ctx, before, sending, "payout.sending"), isConflict);
    const after = found(await loadPayout(ctx, id));
    assert.deepEqual([after.status, after.sends, after.version], ["cancelled", 0, before.version + 1]);
  }, { withoutJobs: true }));

Deno.test("of two changes to a refund that were made from one state, only the first is stored", () =>
  inProcess(async (run) => {
    const ctx = contextOf(run);
    const { id } = await createRefund(run, (await paidCheckout(run, { phone_number: "0712349017" })).id);
    await run.pass(100);
    const before = found(await loadRefund(ctx, id));
    const overdue = applyToRefund(before, { kind: "overdue" }, run.time.now());
    await saveRefund(ctx, before, overdue, "refund.mark_in_doubt");
    const polled = applyToRefund(before, { kind: "polled" }, run.time.now());
    await assert.rejects(saveRefund(ctx, before, polled, "refund.ask"), isConflict);
    const after = found(await loadRefund(ctx, id));
    assert.deepEqual([after.status, after.version], ["in_doubt", before.version + 1]);
  }));

Deno.test("of two changes to a checkout that were made from one state, only the first is stored", () =>
  inProcess(async (run) => {
    const ctx = contextOf(run);
    const { id } = await createCheckout(run);
    const before = found(await loadCheckout(ctx, id));
    await saveCheckout(ctx, before, cancel(before, run.time.now()), "checkout.cancelled");
    const expired = {
      ...before,
      checkout: { ...before.checkout, status: "expired" as const, expired_at: run.time.now() },
    };
    await assert.rejects(saveCheckout(ctx, before, expired, "checkout.followed"), isConflict);
    const after = found(await loadCheckout(ctx, id));
    assert.deepEqual([after.checkout.status, after.checkout.version], ["cancelled", before.checkout.version + 1]);
  }));

Deno.test("a payment that moved to another checkout meanwhile is not moved again", () =>
  inProcess(async (run) => {
    const ctx = contextOf(run);
    const [one, two] = [await createCheckout(run), await createCheckout(run)];
    const receipt = await payPaybill(run);
    const [[paymentId]] = await run.sql("SELECT id FROM payments") as [[string]];
    const before = found(await loadCheckout(ctx, two.id, receipt));
    assert.equal((await run.call("POST", `/v1/payments/${paymentId}/match`, { checkout: one.id })).status, 200);
    const taken = before.payments.map((p) => ({ ...p, checkout_id: two.id, status: "matched" as const }));
    const after = { ...before, checkout: { ...before.checkout, status: "succeeded" as const }, payments: taken };
    await assert.rejects(saveCheckout(ctx, before, after, "checkout.paid_by_hand"), isConflict);
    assert.deepEqual(await run.sql("SELECT checkout_id FROM payments"), [[one.id]]);
    assert.equal(found(await loadCheckout(ctx, two.id)).checkout.status, "open");
  }));

Deno.test("a change that frees or settles nothing leaves what is promised and what went back as it is", () =>
  inProcess(async (run) => {
    const ctx = contextOf(run);
    const payment = await paidCheckout(run, { amount: 300_000 });
    const first = await createRefund(run, payment.id, { method: "payout", amount: 50_000 });
    await run.pass();
    await createRefund(run, payment.id, { method: "payout", amount: 100_000 });
    const totals = () => run.sql("SELECT promised, refunded FROM refund_totals");
    const before = found(await loadRefund(ctx, first.id));
    assert.deepEqual([before.status, await totals()], ["succeeded", [[150_000, 50_000]]]);
    await saveRefund(ctx, before, { ...before, polls: before.polls + 1 }, "refund.ask");
    assert.deepEqual(await totals(), [[150_000, 50_000]]);
    await run.pass();
    assert.deepEqual(await totals(), [[150_000, 150_000]]);
  }));

Deno.test("a refund that failed frees its own part alone, and one that succeeds after all takes it again", () =>
  inProcess(async (run) => {
    const ctx = contextOf(run);
    const payment = await paidCheckout(run, { amount: 3_000_000 });
    const part = (amount: number) => createRefund(run, payment.id, { method: "payout", amount });
    const one = await part(1_000_000); // each of them waits for an approval
    const two = await part(1_500_000);
    const totals = () => run.sql("SELECT promised, refunded FROM refund_totals");
    assert.deepEqual(await totals(), [[2_500_000, 0]]);
    await run.call("POST", `/v1/payouts/${one.payout}/reject`, { reason: "No" }, { client: "cli_approver" });
    await run.pass();
    assert.deepEqual(await totals(), [[1_500_000, 0]]);
    const failed = found(await loadRefund(ctx, one.id));
    assert.equal(failed.status, "failed");
    const payout = { status: "succeeded" as const, receipt: "UKN1A2B3C4", paid_at: run.time.now(), failure: null };
    await saveRefund(ctx, failed, applyToRefund(failed, { kind: "payout", payout }, run.time.now()), "refund.followed");
    assert.deepEqual(await totals(), [[2_500_000, 1_000_000]]);
    assert.equal(found(await loadRefund(ctx, two.id)).status, "queued");
    assert.deepEqual(await run.sql("SELECT status FROM payments WHERE id = ?", payment.id), [["matched"]]);
  }));

Deno.test("a refund without an amount gives back what no other refund has promised yet", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    await createRefund(run, payment.id, { method: "payout", amount: 50_000 });
    const rest = await createRefund(run, payment.id, { method: "payout" });
    assert.equal(rest.amount, 100_000);
    await run.pass();
    assert.deepEqual(await run.sql("SELECT promised, refunded FROM refund_totals"), [[150_000, 150_000]]);
  }));

Deno.test("a refund raises the version of the checkout, so that a writer who loaded it before reads again", () =>
  inProcess(async (run) => {
    const ctx = contextOf(run);
    const payment = await paidCheckout(run);
    const before = found(await loadCheckout(ctx, payment.checkout ?? ""));
    await createRefund(run, payment.id);
    await run.pass();
    const after = found(await loadCheckout(ctx, payment.checkout ?? ""));
    assert.ok(after.checkout.version > before.checkout.version);
    const late = saveCheckout(ctx, before, cancel(before, run.time.now()), "checkout.cancelled");
    await assert.rejects(late, isConflict);
  }));
