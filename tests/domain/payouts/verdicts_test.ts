import assert from "node:assert/strict";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import { type InProcess, inProcess, type InProcessOptions, type ProblemBody } from "../../support/in-process.ts";
import { checkLedger, createRefund, getRefund, holdings, paidCheckout } from "../../support/money.ts";
import { failureNotice, notFoundNotice, paidNotice, tell } from "../../support/notices.ts";
import { act, createPayout, eventTypes, getPayout } from "../../support/payouts.ts";

/* Issue 13, items 10, 12 and 20: what a person decides about a payout, and what M-Pesa says about it later. */

const HOUR_MS = 3_600_000;
const operator = { client: "cli_operator" } as const;
const evidence = "Portal statement of 24 November";

type Verdict = { readonly outcome: "succeeded" | "failed"; readonly receipt?: string };
const resolve = (run: InProcess, id: string, verdict: Verdict) =>
  act<Omit<PayoutView, "status"> & Omit<ProblemBody, "status"> & { readonly status: unknown }>(
    run,
    id,
    "resolve",
    operator,
    { evidence, ...verdict },
  );
const resolveRefund = (run: InProcess, id: string, verdict: Verdict) =>
  run.call<ProblemBody>("POST", `/v1/refunds/${id}/resolve`, { evidence, ...verdict }, operator);
const asked = (run: InProcess, ...operations: string[]) =>
  run.simulator.world.requests.list().filter(({ operation }) => operations.includes(operation)).length;

let count = 0;
/** A payout in doubt, which Daraja took and then forgot. */
async function inDoubt(run: InProcess, changes: Record<string, unknown> = {}): Promise<PayoutView> {
  const phone_number = `25470${String(count++).padStart(3, "0")}9017`;
  const { id } = await createPayout(run, { phone_number, ...changes });
  await run.pass(100);
  await tell(run, id, "payout_timeout", {});
  const payout = await getPayout(run, id);
  assert.equal(payout.status, "in_doubt");
  return payout;
}

Deno.test("one receipt resolves one payout or refund of a merchant, and no second one", () =>
  inProcess(async (run) => {
    const [first, second] = [await inDoubt(run), await inDoubt(run)];
    const refund = await createRefund(run, (await paidCheckout(run, { phone_number: "0712349017" })).id);
    await run.pass(100);
    await tell(run, refund.id, "refund_timeout", {});
    assert.equal((await resolve(run, first.id, { outcome: "succeeded", receipt: "UKM1A2B3C4" })).status, 200);
    const again = await resolve(run, second.id, { outcome: "succeeded", receipt: "ukm1a2b3c4" });
    assert.deepEqual([again.status, again.body.code], [409, "wrong_state"]);
    assert.match(again.body.detail, new RegExp(first.id));
    assert.equal((await getPayout(run, second.id)).status, "in_doubt");
    assert.equal((await resolveRefund(run, refund.id, { outcome: "succeeded", receipt: "UKM1A2B3C4" })).status, 409);
    await tell(run, second.id, "payout_result", paidNotice(second, "UKM9Z9Z9Z9"));
    assert.equal((await resolveRefund(run, refund.id, { outcome: "succeeded", receipt: "UKM9Z9Z9Z9" })).status, 409);
    assert.equal((await resolveRefund(run, refund.id, { outcome: "succeeded", receipt: "UKM5A2B3C4" })).status, 200);
    const other = await inDoubt(run);
    assert.equal((await resolve(run, other.id, { outcome: "succeeded", receipt: "UKM5A2B3C4" })).status, 409);
    assert.equal((await resolve(run, other.id, { outcome: "succeeded" })).status, 200);
  }));

Deno.test("of two people who give one receipt at once, one is taken", () =>
  inProcess(async (run) => {
    const payouts = [await inDoubt(run), await inDoubt(run), await inDoubt(run)];
    const answers = await Promise.all(
      payouts.map(({ id }) => resolve(run, id, { outcome: "succeeded", receipt: "UKM1A2B3C4" })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409]);
    assert.deepEqual((await run.sql("SELECT count(*) FROM payouts WHERE status = 'succeeded'"))[0], [1]);
  }));

Deno.test("a receipt that a person gave and M-Pesa then reports for another payout flags both", () =>
  inProcess(async (run) => {
    const [guessed, real] = [await inDoubt(run), await inDoubt(run)];
    await resolve(run, guessed.id, { outcome: "succeeded", receipt: "UKM1A2B3C4" });
    await tell(run, real.id, "payout_result", paidNotice(real));
    const [a, b] = [await getPayout(run, guessed.id), await getPayout(run, real.id)];
    assert.deepEqual([a.status, a.needs_person, b.status, b.receipt, b.needs_person], [
      "succeeded",
      true,
      "succeeded",
      "UKM1A2B3C4",
      true,
    ]);
    assert.deepEqual(run.logged("receipt_given_twice").map(({ level, fields }) => [level, fields["subject"]]), [
      ["alert", guessed.id],
    ]);
    const listed = await run.call<{ data: { id: string }[] }>("GET", "/v1/payouts?needs_person=true");
    assert.deepEqual(listed.body.data.map(({ id }) => id).sort(), [a.id, b.id].sort());
    await tell(run, real.id, "payout_result", paidNotice(real)); // once more
    assert.equal(run.logged("receipt_given_twice").length, 1);

    assert.equal((await resolve(run, real.id, { outcome: "failed" })).status, 409); // M-Pesa reported it paid
    assert.equal((await resolve(run, real.id, { outcome: "succeeded" })).body.needs_person, false);
    const same = await resolve(run, guessed.id, { outcome: "succeeded", receipt: "UKM1A2B3C4" });
    assert.equal(same.status, 409);
    const corrected = await resolve(run, guessed.id, { outcome: "failed" });
    assert.deepEqual([corrected.body.status, corrected.body.needs_person, corrected.body.receipt], [
      "failed",
      false,
      null,
    ]);
    assert.deepEqual(await holdings(run), { merchant_available: -150_000, mpesa_utility: -150_000 });
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a receipt that a person gave for a refund and M-Pesa then reports for a payout flags both", () =>
  inProcess(async (run) => {
    const refund = await createRefund(run, (await paidCheckout(run, { phone_number: "0712349017" })).id);
    await run.pass(100);
    await tell(run, refund.id, "refund_timeout", {});
    await resolveRefund(run, refund.id, { outcome: "succeeded", receipt: "UKM1A2B3C4" });
    const real = await inDoubt(run);
    await tell(run, real.id, "payout_result", paidNotice(real));
    assert.equal((await getRefund(run, refund.id)).needs_person, true);
    assert.equal((await getPayout(run, real.id)).needs_person, true);
    const [audited] = await run.sql("SELECT subject_id FROM audit WHERE action = 'refund.receipt_shared'");
    assert.deepEqual(audited, [refund.id]);
  }));

Deno.test("resolved as failed, then paid: it succeeds, is posted, alerted, and needs a person again", () =>
  inProcess(async (run) => {
    const payout = await inDoubt(run);
    await resolve(run, payout.id, { outcome: "failed" });
    assert.deepEqual(await holdings(run), {});
    await tell(run, payout.id, "payout_result", paidNotice(payout));
    const paid = await getPayout(run, payout.id);
    assert.deepEqual([paid.status, paid.receipt, paid.needs_person], ["succeeded", "UKM1A2B3C4", true]);
    assert.equal(run.logged("payout_paid_after_failure")[0]?.level, "alert");
    assert.equal(run.logged("payout_needs_person").at(-1)?.fields["resolved"], "failed");
    assert.deepEqual(await holdings(run), { merchant_available: -150_000, mpesa_utility: -150_000 });
    assert.equal((await resolve(run, payout.id, { outcome: "failed" })).status, 409);
    const seen = await resolve(run, payout.id, { outcome: "succeeded" });
    assert.deepEqual([seen.status, seen.body.needs_person], [200, false]);
    assert.equal((await resolve(run, payout.id, { outcome: "succeeded" })).status, 409);
    assert.equal((await eventTypes(run, payout.id)).filter((type) => type === "payout.succeeded").length, 1);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("resolved as succeeded, then 2040: it needs a person again, who may stand by it", () =>
  inProcess(async (run) => {
    const payout = await inDoubt(run);
    await resolve(run, payout.id, { outcome: "succeeded" });
    await tell(run, payout.id, "payout_result", failureNotice(payout, 2040));
    const contradicted = await getPayout(run, payout.id);
    assert.deepEqual([contradicted.status, contradicted.needs_person], ["succeeded", true]);
    assert.equal(run.logged("payout_needs_person").at(-1)?.fields["resolved"], "succeeded");
    const decided = await resolve(run, payout.id, { outcome: "succeeded" });
    assert.deepEqual([decided.body.status, decided.body.needs_person], ["succeeded", false]);
    await tell(run, payout.id, "payout_result", failureNotice(payout, 1));
    assert.equal((await getPayout(run, payout.id)).needs_person, false); // the person knew that M-Pesa calls it failed
    assert.deepEqual(await holdings(run), { merchant_available: -150_000, mpesa_utility: -150_000 });
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a payout that a person corrects to failed is posted back, and once more when it proves paid", () =>
  inProcess(async (run) => {
    const payout = await inDoubt(run);
    await resolve(run, payout.id, { outcome: "succeeded", receipt: "UKM5A2B3C4" });
    await tell(run, payout.id, "payout_result", failureNotice(payout, 2040));
    const corrected = await resolve(run, payout.id, { outcome: "failed" });
    assert.deepEqual([corrected.body.status, corrected.body.failure?.code, corrected.body.receipt], [
      "failed",
      "recipient_not_registered",
      null,
    ]);
    assert.deepEqual(await holdings(run), { merchant_available: 0, mpesa_utility: 0 });
    assert.deepEqual(await checkLedger(run), []);
    await tell(run, payout.id, "payout_result", paidNotice(payout, "UKM7A2B3C4"));
    const paid = await getPayout(run, payout.id);
    assert.deepEqual([paid.status, paid.needs_person], ["succeeded", true]);
    assert.deepEqual(await holdings(run), { merchant_available: -150_000, mpesa_utility: -150_000 });
    assert.deepEqual((await checkLedger(run)).map(({ kind, subjects }) => [kind, subjects]), [
      ["out_contradicted", [payout.id]],
    ]);
    const other = await inDoubt(run); // the receipt that was taken back is free again
    assert.equal((await resolve(run, other.id, { outcome: "succeeded", receipt: "UKM5A2B3C4" })).status, 200);
  }));

/** Holds requests for money that leaves until the test lets them go. */
function heldCalls(from: number): { options: InProcessOptions; calls: () => number; release: () => void } {
  const gate = Promise.withResolvers<void>();
  let calls = 0;
  return {
    calls: () => calls,
    release: () => gate.resolve(),
    options: {
      daraja: async (request) => {
        if (!/\/(b2c|reversal)\//.test(request.url)) return null;
        if (++calls < from) return new Response("<html>Service Unavailable</html>", { status: 503 });
        await gate.promise;
        return null;
      },
    },
  };
}

Deno.test("nobody resolves a payout while a request for it is under way", () => {
  const held = heldCalls(2);
  return inProcess(async (run) => {
    const { id } = await createPayout(run);
    await run.pass(100);
    await run.notify(run.services.capabilities.mint("status_result", id), JSON.stringify(notFoundNotice()));
    const sending = run.pass(1_000); // sent again, because it was not found
    while (held.calls() < 2) await new Promise((next) => setTimeout(next, 1));
    const early = await resolve(run, id, { outcome: "failed" });
    assert.deepEqual([early.status, early.body.code], [409, "wrong_state"]);
    assert.match(early.body.detail, /under way/);
    held.release();
    await sending;
    await run.pass();
    assert.equal((await getPayout(run, id)).status, "succeeded");
    assert.equal(run.simulator.world.transactions.list().length, 1);
  }, held.options);
});

Deno.test("nobody resolves a refund while a request for it is under way", () => {
  const held = heldCalls(2);
  return inProcess(async (run) => {
    const { id } = await createRefund(run, (await paidCheckout(run)).id);
    await run.pass(100);
    const sending = run.pass(60_000); // asked again, because the answer was unclear
    while (held.calls() < 2) await new Promise((next) => setTimeout(next, 1));
    const early = await resolveRefund(run, id, { outcome: "failed" });
    assert.deepEqual([early.status, early.body.code], [409, "wrong_state"]);
    held.release();
    await sending;
    await run.pass();
    assert.equal((await getRefund(run, id)).status, "succeeded");
  }, held.options);
});

Deno.test("a request that died with its process does not keep a person from deciding for ever", () => {
  return inProcess(async (run) => {
    const payout = await inDoubt(run);
    await run.db.write([{
      sql: "UPDATE payouts SET sends = sends + 1, sent_at = ? WHERE id = ?",
      args: [run.time.now(), payout.id],
    }]);
    assert.equal((await resolve(run, payout.id, { outcome: "failed" })).status, 409);
    await run.pass(HOUR_MS);
    assert.equal((await resolve(run, payout.id, { outcome: "failed" })).status, 200);
  });
});

for (const outcome of ["succeeded", "failed"] as const) {
  Deno.test(`once a person has said ${outcome}, nothing is sent or asked by itself`, () =>
    inProcess(async (run) => {
      const payout = await inDoubt(run);
      const refund = await createRefund(run, (await paidCheckout(run, { phone_number: "0712349017" })).id);
      await run.pass(100);
      await tell(run, refund.id, "refund_timeout", {});
      assert.equal((await resolve(run, payout.id, { outcome })).status, 200);
      assert.equal((await resolveRefund(run, refund.id, { outcome })).status, 200);
      const before = asked(run, "b2c", "reversal", "status");
      await tell(run, payout.id, "status_result", notFoundNotice());
      await tell(run, payout.id, "payout_timeout", {});
      await tell(run, refund.id, "refund_timeout", {});
      await act(run, payout.id, "refresh");
      await run.call("POST", `/v1/refunds/${refund.id}/refresh`);
      await run.pass(30 * HOUR_MS);
      assert.equal(asked(run, "b2c", "reversal", "status"), before);
      assert.equal((await getPayout(run, payout.id)).status, outcome);
      assert.equal((await getRefund(run, refund.id)).status, outcome);
      assert.deepEqual(await run.sql("SELECT kind FROM jobs WHERE kind IN ('payout', 'refund')"), []);
    }));
}

Deno.test("an approval after its time is refused, also when the job that expires it is late", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, { amount: 1_000_000 });
    await run.pass(72 * HOUR_MS);
    const late = await act<ProblemBody>(run, id, "approve", { client: "cli_approver" });
    assert.deepEqual([late.status, late.body.code], [409, "wrong_state"]);
    assert.equal((await getPayout(run, id)).status, "awaiting_approval");
    const other = await createPayout(run, { amount: 1_000_000 });
    await run.pass(24 * HOUR_MS - 1);
    assert.equal((await act(run, other.id, "approve", { client: "cli_approver" })).status, 200);
  }, { withoutJobs: true }));

Deno.test("a payment to a business that status calls not found is never sent again", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, {
      phone_number: undefined,
      purpose: undefined,
      destination: { type: "till", number: "777770" },
    });
    await run.pass(100);
    await tell(run, id, "payout_timeout", {});
    await tell(run, id, "status_result", notFoundNotice());
    assert.equal((await getPayout(run, id)).status, "in_doubt");
    await run.pass(2 * HOUR_MS);
    assert.equal(asked(run, "b2b"), 1);
  }, {
    callback: async (request) =>
      /B2BUtility|BillReferenceNumber|DebitAccount/.test(await request.clone().text())
        ? new Response("", { status: 503 })
        : null,
  }));

const totals = async (run: InProcess) =>
  (await run.sql("SELECT total FROM counters WHERE name LIKE 'payout/day/%'"))[0]?.[0];

Deno.test("a late success past the daily cap is stored, counts, and leaves no room", () =>
  inProcess(async (run) => {
    const late = await inDoubt(run);
    await tell(run, late.id, "payout_result", failureNotice(late));
    const [second, third] = [await inDoubt(run), await inDoubt(run)];
    assert.equal(await totals(run), 300_000);
    await tell(run, late.id, "payout_result", paidNotice(late));
    assert.deepEqual([(await getPayout(run, late.id)).status, await totals(run)], ["succeeded", 450_000]);
    await tell(run, second.id, "payout_result", failureNotice(second));
    assert.equal(await totals(run), 300_000); // of the first and the third
    const refused = await run.call<ProblemBody>("POST", "/v1/payouts", {
      amount: 1_000,
      currency: "KES",
      phone_number: "0722000111",
      reference: "more",
      purpose: "business",
    });
    assert.deepEqual([refused.status, refused.body.code], [422, "limit_exceeded"]);
    await tell(run, third.id, "payout_result", failureNotice(third));
    assert.equal(await totals(run), 150_000);
    await createPayout(run, { phone_number: "0722000111" });
    assert.equal(await totals(run), 300_000);
  }, { env: { PAYOUT_DAILY_PER_MERCHANT_KES: "3000" } }));

Deno.test("each further failure notice gives nothing back again", () =>
  inProcess(async (run) => {
    const [failed] = [await inDoubt(run), await inDoubt(run)];
    assert.equal(await totals(run), 300_000);
    for (const code of [2040, 1, 2001]) await tell(run, failed.id, "payout_result", failureNotice(failed, code));
    assert.equal(await totals(run), 150_000);
  }));
