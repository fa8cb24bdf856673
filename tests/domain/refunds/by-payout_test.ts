import assert from "node:assert/strict";
import { inProcess } from "../../support/in-process.ts";
import {
  askRefund,
  checkLedger,
  createRefund,
  getPayment,
  getRefund,
  holdings,
  paidCheckout,
  payPaybill,
} from "../../support/money.ts";
import { act, createPayout, eventTypes, getPayout } from "../../support/payouts.ts";

Deno.test("a part of a payment goes back as a payout to the payer, and the rest stays refundable", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const refund = await createRefund(run, payment.id, { method: "payout", amount: 50_000 });
    assert.match(refund.payout ?? "", /^pyt_/);
    await run.pass();
    const done = await getRefund(run, refund.id);
    const payout = await getPayout(run, refund.payout ?? "");
    assert.deepEqual([done.status, done.receipt, payout.amount], ["succeeded", payout.receipt, 50_000]);
    assert.equal(run.simulator.world.transactions.list().at(-1)?.phone, "254712345678");
    assert.equal((await getPayment(run, payment.id)).status, "matched");
    assert.deepEqual(await holdings(run), { merchant_available: 100_000, mpesa_utility: 100_000 });

    assert.equal((await askRefund(run, payment.id)).status, 409); // a reversal would give the whole back
    assert.equal((await askRefund(run, payment.id, { method: "payout", amount: 100_100 })).status, 422);
    const rest = await createRefund(run, payment.id, { method: "payout" });
    assert.equal(rest.amount, 100_000);
    await run.pass();
    assert.equal((await getPayment(run, payment.id)).status, "refunded");
    assert.deepEqual(await holdings(run), { merchant_available: 0, mpesa_utility: 0 });
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a payout that fails fails its refund, and its part of the payment is free again", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const account = run.simulator.world.accounts.find("600000");
    assert.ok(account);
    account.utilityCents = 0;
    const refund = await createRefund(run, payment.id, { method: "payout" });
    await run.pass();
    const failed = await getRefund(run, refund.id);
    assert.deepEqual([failed.status, failed.failure?.code], ["failed", "insufficient_float"]);
    assert.deepEqual(await eventTypes(run, refund.id), ["refund.created", "refund.submitted", "refund.failed"]);
    assert.equal((await askRefund(run, payment.id)).status, 202);
  }));

Deno.test("a refund by payout needs the approval that a payout of its amount needs", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, { amount: 2_000_000 });
    const refund = await createRefund(run, payment.id, { method: "payout" });
    await run.pass();
    assert.equal((await getRefund(run, refund.id)).status, "queued");
    assert.equal((await getPayout(run, refund.payout ?? "")).status, "awaiting_approval");
    await act(run, refund.payout ?? "", "approve", { client: "cli_approver" });
    await run.pass();
    assert.equal((await getRefund(run, refund.id)).status, "succeeded");

    const second = await createRefund(run, (await paidCheckout(run, { amount: 2_000_000 })).id, { method: "payout" });
    await act(run, second.payout ?? "", "reject", { client: "cli_approver" }, { reason: "No" });
    await run.pass();
    const stopped = await getRefund(run, second.id);
    assert.deepEqual([stopped.status, stopped.failure?.code], ["failed", "payout_stopped"]);
  }));

Deno.test("refunds by payout asked for at once never pass what was paid", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const asked = await Promise.all(
      Array.from({ length: 10 }, () => askRefund(run, payment.id, { method: "payout", amount: 40_000 })),
    );
    assert.equal(asked.filter(({ status }) => status === 202).length, 3);
    await run.pass(10_000);
    const sent = run.simulator.world.transactions.list().filter(({ kind }) => kind === "b2c");
    assert.equal(sent.length, 3);
  }));

Deno.test("a refund by payout obeys the limits of payouts", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const { status, body } = await askRefund<{ code: string }>(run, payment.id, { method: "payout", amount: 60_000 });
    assert.equal(status, 202, JSON.stringify(body));
    const past = await askRefund<{ code: string }>(run, payment.id, { method: "payout", amount: 60_000 });
    assert.deepEqual([past.status, past.body.code], [422, "limit_exceeded"]);
    assert.equal(await run.count("refunds"), 1);
    assert.equal((await run.sql("SELECT promised FROM refund_totals"))[0]?.[0], 60_000);
  }, { env: { PAYOUT_DAILY_PER_PHONE_KES: "1000" } }));

Deno.test("a payer whose number M-Pesa keeps to itself can't be sent a payout", () =>
  inProcess(async (run) => {
    const receipt = await payPaybill(run);
    const { body } = await run.call<{ data: { id: string }[] }>("GET", `/v1/payments?receipt=${receipt}`);
    const asked = await askRefund<{ errors: { pointer: string }[] }>(run, body.data[0]?.id ?? "", { method: "payout" });
    assert.deepEqual([asked.status, asked.body.errors[0]?.pointer], [422, "/method"]);
  }));

Deno.test("a refund by payout needs the scope of payouts too", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const token = await run.token("cli_demo", "refunds:write");
    assert.equal((await askRefund(run, payment.id, { method: "payout" }, { token })).status, 403);
  }));

Deno.test("a duplicate payment that is given back leaves nothing waiting", () =>
  inProcess(async (run) => {
    await paidCheckout(run);
    const made = await paidCheckout(run, { account_reference: "INV9", phone_number: "0722000222" });
    const duplicate = await payPaybill(run, { reference: made.account_reference ?? "" });
    const { body } = await run.call<{ data: { id: string; status: string }[] }>(
      "GET",
      `/v1/payments?receipt=${duplicate}`,
    );
    assert.equal(body.data[0]?.status, "duplicate_payment");
    await createRefund(run, body.data[0]?.id ?? "");
    await createPayout(run, { amount: 10_000 });
    await run.pass();
    assert.deepEqual(await holdings(run), { merchant_available: 290_000, mpesa_utility: 290_000, refunds: 0 });
    assert.deepEqual(await checkLedger(run), []);
  }));
