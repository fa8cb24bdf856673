import assert from "node:assert/strict";
import type { BatchView } from "../../../src/domain/payouts/batch-contract.ts";
import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { createRefund, getRefund, paidCheckout } from "../../support/money.ts";
import { failureNotice, notFoundNotice, tell } from "../../support/notices.ts";
import { act, createPayout, getPayout, payoutBody } from "../../support/payouts.ts";

/* What comes before its time, or after it: a job that is woken early, and a person who decides too late. */

const approver = { client: "cli_approver" } as const;
const large = { amount: 1_000_000 };

/** The job runs now, though it is planned for later. */
async function runEarly(run: InProcess, kind: "payout" | "refund" | "checkout", id: string): Promise<void> {
  await run.db.write([run.services.jobs.schedule(kind, id, DEMO_MERCHANT, run.time.now())]);
  run.services.jobs.claimNow();
  await run.idle();
}
const asked = (run: InProcess) =>
  run.simulator.world.requests.list().filter(({ operation }) => operation !== "oauth").length;

Deno.test("a job that is woken before its time sends nothing, asks nothing and ends nothing", () =>
  inProcess(async (run) => {
    const waiting = await createPayout(run, large);
    const sent = await createPayout(run, { phone_number: "254700009017" });
    await run.pass(100);
    const payment = await paidCheckout(run, { phone_number: "0712349017" });
    const refund = await createRefund(run, payment.id);
    await run.pass(100);
    const prompted = await createCheckout(run, { phone_number: "254700009001", reference: "later" });
    const read = async () => [
      (await getPayout(run, waiting.id)).status,
      (await getPayout(run, sent.id)).status,
      (await getRefund(run, refund.id)).status,
      (await getCheckout(run, prompted.id)).status,
    ];
    const [before, calls] = [await read(), asked(run)];
    assert.equal(before[0], "awaiting_approval");
    await runEarly(run, "payout", waiting.id);
    await runEarly(run, "payout", sent.id);
    await runEarly(run, "refund", refund.id);
    await runEarly(run, "checkout", prompted.id);
    assert.deepEqual([await read(), asked(run)], [before, calls]);
  }));

Deno.test("only a payout that awaits approval is approved or rejected, and a decision needs its scope", () =>
  inProcess(async (run) => {
    const queued = await createPayout(run, { phone_number: "254700009017" });
    const refused = async (verb: string, body?: unknown) => {
      const answer = await act<ProblemBody>(run, queued.id, verb, approver, body);
      assert.deepEqual([answer.status, answer.body.code], [409, "wrong_state"], verb);
    };
    await refused("approve");
    await refused("reject", { reason: "Not on the list" });
    await run.pass(100);
    await refused("approve");
    await refused("reject", { reason: "Not on the list" });
    const waiting = await createPayout(run, large);
    const token = await run.token("cli_approver", "payouts:read");
    for (const [verb, body] of [["approve", undefined], ["reject", { reason: "No" }], ["cancel", undefined]] as const) {
      assert.equal((await act(run, waiting.id, verb, { token }, body)).status, 403, verb);
    }
    assert.equal((await getPayout(run, waiting.id)).status, "awaiting_approval");
  }));

Deno.test("what M-Pesa does not find yet stays in doubt, and a queue timeout leaves a doubt", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, { phone_number: "254700009017" });
    await run.pass(100);
    await tell(run, id, "payout_timeout", {});
    const read = async () => {
      const { status, needs_person } = await getPayout(run, id);
      return [status, needs_person, (await run.sql("SELECT held FROM payouts"))[0]?.[0]];
    };
    assert.deepEqual(await read(), ["in_doubt", false, 1]);
    await tell(run, id, "status_result", notFoundNotice());
    assert.deepEqual(await read(), ["in_doubt", false, 1], "it may be found later");
    await tell(run, id, "payout_result", failureNotice(await getPayout(run, id)));
    assert.deepEqual(await read(), ["failed", false, 0]);
  }));

const batch = <T = ProblemBody>(run: InProcess, payouts: readonly unknown[], query = "") =>
  run.call<T>("POST", `/v1/payout-batches${query}`, { payouts });

Deno.test("the payouts of a batch count towards the limits of the day", () =>
  inProcess(async (run) => {
    const rows = ["0722000111", "0722000112"].map((phone_number) =>
      payoutBody({ phone_number, reference: phone_number })
    );
    assert.equal((await batch(run, rows)).status, 202);
    const { status, body } = await run.call<ProblemBody>("POST", "/v1/payouts", payoutBody());
    assert.deepEqual([status, body.code], [422, "limit_exceeded"]);
    const again = await batch(run, rows.map((row) => ({ ...row, reference: "again" })));
    assert.deepEqual([again.status, again.body.code], [422, "limit_exceeded"]);
    assert.equal(await run.count("payouts"), 2);
  }, { env: { PAYOUT_DAILY_PER_MERCHANT_KES: "4000" }, withoutJobs: true }));

Deno.test("a row with a forbidden amount is never paid, also where the valid rows are taken", () =>
  inProcess(async (run) => {
    const rows = [
      payoutBody({ reference: "good" }),
      payoutBody({ reference: "large", amount: 400_000, phone_number: "0722000111" }),
      payoutBody({ reference: "small", amount: 500, phone_number: "0722000112" }),
    ];
    const { status, body } = await batch<BatchView>(run, rows, "?accept_valid=true");
    assert.equal(status, 202, JSON.stringify(body));
    assert.deepEqual(body.data.map(({ reference }) => reference), ["good"]);
    assert.equal(await run.count("payouts"), 1);
  }, { env: { PAYOUT_MIN_KES: "10", PAYOUT_MAX_KES: "2000" }, withoutJobs: true }));

Deno.test("an amount in a file is whole shillings in digits, and nothing that a program would read as a number", () =>
  inProcess(async (run) => {
    const header = "phone_number,amount_kes,reference,purpose,remarks";
    for (const amount of ["1e3", "0x10", "1500.50", "1500.00", "15 00", "+20", "1500-", "", "９"]) {
      const raw = `${header}\r\n0712345678,${amount},emp-1,salary,\r\n`;
      const { status, body } = await run.call<ProblemBody>("POST", "/v1/payout-batches", undefined, {
        raw,
        headers: { "content-type": "text/csv; charset=utf-8" },
      });
      assert.deepEqual([status, body.errors?.[0]?.pointer], [422, "/rows/2/amount_kes"], amount);
    }
    assert.equal(await run.count("payouts"), 0);
  }, { withoutJobs: true }));
