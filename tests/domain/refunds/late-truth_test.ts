import assert from "node:assert/strict";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import type { RefundView } from "../../../src/domain/refunds/contract.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
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
import { failureNotice, notReversedNotice, paidNotice, reversedNotice, tell } from "../../support/notices.ts";
import { act, eventTypes, getPayout } from "../../support/payouts.ts";

/* Issue 13, item 10: a refund that failed and turns out paid is never hidden. */

const operator = { client: "cli_operator" } as const;
/** Daraja takes payouts and reversals of this payer and forgets them: only what the test tells settles them. */
const FORGOTTEN = { phone_number: "0712349017" };

interface Refunds {
  readonly payment: PaymentView;
  readonly first: RefundView;
  readonly second: RefundView;
}

/** Refund 1 by payout fails; refund 2 is on its way. */
async function twoRefunds(run: InProcess, method: "reversal" | "payout", amount?: number): Promise<Refunds> {
  const payment = await paidCheckout(run, FORGOTTEN);
  const first = await createRefund(run, payment.id, { method: "payout", ...(amount === undefined ? {} : { amount }) });
  await run.pass(100);
  await tell(run, first.payout ?? "", "payout_result", failureNotice(await getPayout(run, first.payout ?? "")));
  assert.equal((await getRefund(run, first.id)).status, "failed");
  const second = await createRefund(run, payment.id, { method });
  await run.pass(100);
  return { payment, first, second };
}

const payLate = async (run: InProcess, { payout }: RefundView, receipt = "UKM1A2B3C4"): Promise<void> =>
  tell(run, payout ?? "", "payout_result", paidNotice(await getPayout(run, payout ?? ""), receipt));
const giveBack = async (run: InProcess, { payment, second }: Refunds): Promise<void> =>
  second.payout === null
    ? await tell(run, second.id, "refund_result", reversedNotice(payment.receipt ?? ""))
    : await payLate(run, second, "UKM2A2B3C4");

for (const method of ["reversal", "payout"] as const) {
  for (const order of ["after", "before"] as const) {
    Deno.test(`a failed refund that proves paid ${order} another by ${method} is shown, told, alerted and posted`, () =>
      inProcess(async (run) => {
        const refunds = await twoRefunds(run, method);
        const { payment, first, second } = refunds;
        if (order === "after") await giveBack(run, refunds);
        await payLate(run, first);
        if (order === "before") await giveBack(run, refunds);
        for (const { id } of [first, second]) assert.equal((await getRefund(run, id)).status, "succeeded");
        const shown = await getPayment(run, payment.id);
        assert.deepEqual([shown.status, shown.amount, shown.amount_refunded], ["refunded", 150_000, 300_000]);
        const events = await run.sql("SELECT data FROM events WHERE type = 'payment.over_refunded'");
        assert.deepEqual(events.map(([data]) => JSON.parse(String(data)).amount_refunded), [300_000]);
        assert.deepEqual(
          run.logged("payment_over_refunded").map(({ level, fields }) => [level, fields["amount_refunded"]]),
          [["alert", 300_000]],
        );
        assert.equal(run.logged("payout_paid_after_failure")[0]?.level, "alert");
        assert.equal(run.logged("refund_paid_after_failure")[0]?.level, "alert");
        const held = await holdings(run);
        assert.deepEqual([held["mpesa_utility"], held["merchant_available"]], [-150_000, -150_000]);
        assert.deepEqual((await checkLedger(run)).map(({ kind, expected, found }) => [kind, expected, found]), [
          ["over_refunded", 150_000, 300_000],
        ]);
        assert.equal((await askRefund(run, payment.id, { method: "payout" })).status, 409);
      }));
  }
}

Deno.test("what went back too much leaves no room for a further refund when the second one fails", () =>
  inProcess(async (run) => {
    const refunds = await twoRefunds(run, "reversal", 50_000);
    const { payment, first, second } = refunds;
    await payLate(run, first); // 500 went back, 1,500 are promised
    assert.equal((await getPayment(run, payment.id)).amount_refunded, 50_000);
    assert.equal((await askRefund(run, payment.id, { method: "payout", amount: 100 })).status, 409);
    await tell(run, second.id, "refund_result", notReversedNotice());
    assert.equal((await getRefund(run, second.id)).status, "failed");
    const past = await askRefund<ProblemBody>(run, payment.id, { method: "payout", amount: 100_100 });
    assert.equal(past.status, 422);
    assert.equal((await askRefund(run, payment.id, { method: "payout", amount: 100_000 })).status, 202);
    assert.deepEqual(await run.sql("SELECT cap, promised, refunded FROM refund_totals"), [[150_000, 150_000, 50_000]]);
    assert.equal(run.logged("payment_over_refunded").length, 0);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("more than was paid goes back from the merchant's money, not from that of others in suspense", () =>
  inProcess(async (run) => {
    const receipt = await payPaybill(run, { phone: "254712349017" });
    const [[id] = []] = await run.sql("SELECT id FROM payments WHERE receipt = ?", receipt);
    const payment = await getPayment(run, String(id));
    const resolve = (refund: string, outcome: string) =>
      run.call("POST", `/v1/refunds/${refund}/resolve`, { outcome, evidence: "Portal statement" }, operator);
    const first = await createRefund(run, payment.id);
    await run.pass(100);
    await tell(run, first.id, "refund_timeout", {});
    assert.equal((await resolve(first.id, "failed")).status, 200);
    const second = await createRefund(run, payment.id);
    await run.pass(100);
    await tell(run, first.id, "refund_result", reversedNotice(receipt));
    await tell(run, second.id, "refund_result", reversedNotice(receipt, 1_500, "UKR2A2B3C4"));
    assert.equal((await getPayment(run, payment.id)).amount_refunded, 300_000);
    assert.deepEqual(await holdings(run), { merchant_available: -150_000, mpesa_utility: -150_000, suspense: 0 });
    assert.deepEqual((await checkLedger(run)).map(({ kind }) => kind), ["over_refunded", "out_contradicted"]);
  }));

Deno.test("a payout that a person says was paid, and then was not, takes its refund and the ledger back with it", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, FORGOTTEN);
    const refund = await createRefund(run, payment.id, { method: "payout" });
    const payout = refund.payout ?? "";
    await run.pass(100);
    await tell(run, payout, "payout_timeout", {});
    const say = (outcome: string) => act(run, payout, "resolve", operator, { outcome, evidence: "Portal statement" });
    assert.equal((await say("succeeded")).status, 200);
    await run.pass(100);
    assert.equal((await getPayment(run, payment.id)).status, "refunded");
    await tell(run, payout, "payout_result", failureNotice(await getPayout(run, payout)));
    assert.equal((await getPayout(run, payout)).needs_person, true);
    assert.equal((await say("failed")).status, 200);
    await run.pass(100);
    assert.equal((await getRefund(run, refund.id)).status, "failed");
    const shown = await getPayment(run, payment.id);
    assert.deepEqual([shown.status, shown.amount_refunded], ["matched", 0]);
    assert.deepEqual(await holdings(run), { merchant_available: 150_000, mpesa_utility: 150_000 });
    assert.deepEqual(await checkLedger(run), []);
    await payLate(run, refund); // and it was paid after all
    assert.equal((await getPayment(run, payment.id)).status, "refunded");
    assert.deepEqual(await holdings(run), { merchant_available: 0, mpesa_utility: 0 });
    assert.deepEqual((await checkLedger(run)).map(({ kind, subjects }) => [kind, subjects]), [
      ["out_contradicted", [payout]],
    ]);
    assert.deepEqual((await eventTypes(run, refund.id)).slice(-3), [
      "refund.succeeded",
      "refund.failed",
      "refund.succeeded",
    ]);
  }));

Deno.test("a reversal that a person says went back, and then did not, gives the payment its status again", () =>
  inProcess(async (run) => {
    const receipt = await payPaybill(run, { phone: "254712349017" });
    const [[id] = []] = await run.sql("SELECT id FROM payments WHERE receipt = ?", receipt);
    const refund = await createRefund(run, String(id));
    await run.pass(100);
    await tell(run, refund.id, "refund_timeout", {});
    const say = (outcome: string) =>
      run.call("POST", `/v1/refunds/${refund.id}/resolve`, { outcome, evidence: "Portal statement" }, operator);
    assert.equal((await say("succeeded")).status, 200);
    assert.equal((await getPayment(run, String(id))).status, "refunded");
    assert.deepEqual(await holdings(run), { mpesa_utility: 0, suspense: 0 });
    await tell(run, refund.id, "refund_result", notReversedNotice(2001));
    const contradicted = await getRefund(run, refund.id);
    assert.deepEqual([contradicted.status, contradicted.needs_person], ["succeeded", true]);
    assert.equal(run.logged("refund_needs_person").at(-1)?.fields["resolved"], "succeeded");
    assert.equal((await say("failed")).status, 200);
    const shown = await getPayment(run, String(id));
    assert.deepEqual([shown.status, shown.amount_refunded], ["unmatched", 0]);
    assert.deepEqual(await holdings(run), { mpesa_utility: 150_000, suspense: 150_000 });
    assert.deepEqual(await checkLedger(run), []);
    assert.equal((await getRefund(run, refund.id)).needs_person, false);
    assert.equal((await getRefund(run, refund.id)).failure?.code, "initiator_rejected");
  }));

for (
  const [rule, notice] of [
    ["a reversal of another receipt is not believed", () => reversedNotice("UKM9Z9Z9Z9")],
    ["a result of more than was asked does not count as refunded", (receipt: string) => reversedNotice(receipt, 1_501)],
    ["a result of less than was asked does not count as refunded", (receipt: string) => reversedNotice(receipt, 1_499)],
  ] as const
) {
  Deno.test(rule, () =>
    inProcess(async (run) => {
      const payment = await paidCheckout(run, FORGOTTEN);
      const refund = await createRefund(run, payment.id);
      await run.pass(100);
      await tell(run, refund.id, "refund_result", notice(payment.receipt ?? ""));
      const doubt = await getRefund(run, refund.id);
      assert.deepEqual([doubt.status, doubt.needs_person], ["in_doubt", true]);
      assert.equal((await getPayment(run, payment.id)).amount_refunded, 0);
      assert.deepEqual(await holdings(run), { merchant_available: 150_000, mpesa_utility: 150_000 });
    }));
}

Deno.test("the receipt of a payout is not believed for a reversal", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, FORGOTTEN);
    const part = await createRefund(run, (await paidCheckout(run, FORGOTTEN)).id, {
      method: "payout",
      amount: 100_000,
    });
    await run.pass(100);
    await payLate(run, part, "UKM1A2B3C4");
    const refund = await createRefund(run, payment.id);
    await run.pass(100);
    await tell(run, refund.id, "refund_result", reversedNotice(payment.receipt ?? "", 1_500, "UKM1A2B3C4"));
    assert.equal((await getRefund(run, refund.id)).status, "in_doubt");
  }));
