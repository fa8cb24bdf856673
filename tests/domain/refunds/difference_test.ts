import assert from "node:assert/strict";
import type { RefundView } from "../../../src/domain/refunds/contract.ts";
import { sha256 } from "../../../src/crypto/hash.ts";
import { payOpenly } from "../../support/accounts.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { confirmation, mpesaTime, PAYBILL } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { interrupted } from "../../support/interrupted.ts";
import { askRefund, checkLedger, getPayment, getRefund, holdings } from "../../support/money.ts";
import { importStatement } from "../../support/statements.ts";
import { act, eventTypes, getPayout } from "../../support/payouts.ts";

const refunding = (run: InProcess, changes: Readonly<Record<string, unknown>> = {}) =>
  createCheckout(run, { account_reference: "INV1", overpayment: "refund_difference", ...changes });
const refunds = async (run: InProcess): Promise<readonly RefundView[]> =>
  (await run.call<{ data: RefundView[] }>("GET", "/v1/refunds")).body.data;
const sent = (run: InProcess) =>
  run.simulator.world.transactions.list().filter(({ kind }) => kind === "b2c").map(({ amount, phone }) => [
    amount,
    phone,
  ]);

Deno.test("a few shillings too much settle the order, and go back to the payer once", () =>
  inProcess(async (run) => {
    const { id } = await refunding(run);
    await payOpenly(run, "INV1", 1_550, "UKM0000001");
    await run.pass(60_000);
    const checkout = await getCheckout(run, id);
    assert.deepEqual([checkout.status, checkout.amount_received, checkout.amount_due], ["succeeded", 150_000, 0]);
    const [refund, ...more] = await refunds(run);
    assert.deepEqual(more, []);
    assert.deepEqual([refund?.amount, refund?.status, refund?.method, refund?.created_by], [
      5_000,
      "succeeded",
      "payout",
      "system",
    ]);
    assert.deepEqual(sent(run), [[50, "254712345678"]]);
    assert.equal((await holdings(run)).merchant_available, 150_000);
    assert.deepEqual(await checkLedger(run), []);
    await run.sweep();
    await run.pass(86_400_000);
    assert.equal(sent(run).length, 1);
  }));

Deno.test("of parts that come to too much, the rest goes back from the newest", () =>
  inProcess(async (run) => {
    const { id } = await refunding(run);
    await payOpenly(run, "INV1", 1_000, "UKM0000001");
    run.time.skip(60_000);
    const newest = await payOpenly(run, "INV1", 620, "UKM0000002");
    await run.pass(60_000);
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual((await refunds(run)).map(({ payment, amount, status }) => [payment, amount, status]), [
      [newest, 12_000, "succeeded"],
    ]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a process that dies after the settlement leaves the work in a row, and the next one does it once", () =>
  inProcess(async (run) => {
    const { id } = await refunding(run);
    await payOpenly(run, "INV1", 1_550, "UKM0000001");
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.equal((await run.sql("SELECT count(*) FROM jobs WHERE kind = 'difference'"))[0]?.[0], 1);
    assert.deepEqual(await refunds(run), []);
    await run.sweep(); // no wake-up arrived
    await run.sweep();
    assert.equal((await refunds(run)).length, 1);
  }, { loseWakeUps: true }));

Deno.test("nothing goes back while money out is paused, and it does once afterwards", () =>
  inProcess(async (run) => {
    const operator = { client: "cli_operator" } as const;
    assert.equal((await run.call("POST", "/v1/payouts/pause", {}, operator)).status, 200);
    await refunding(run);
    await payOpenly(run, "INV1", 1_550, "UKM0000001");
    await run.pass(3_600_000);
    assert.deepEqual(sent(run), []);
    assert.equal((await refunds(run))[0]?.status, "queued");
    assert.equal((await run.call("POST", "/v1/payouts/resume", {}, operator)).status, 200);
    await run.pass(60_000);
    assert.deepEqual(sent(run), [[50, "254712345678"]]);
  }));

Deno.test("a large difference waits for the approval that a payout of its amount needs", () =>
  inProcess(async (run) => {
    await refunding(run);
    await payOpenly(run, "INV1", 21_500, "UKM0000001");
    await run.pass(60_000);
    const [refund] = await refunds(run);
    assert.equal((await getPayout(run, refund?.payout ?? "")).status, "awaiting_approval");
    await act(run, refund?.payout ?? "", "reject", { client: "cli_approver" }, { reason: "Ask the customer first" });
    await run.pass(86_400_000);
    assert.equal((await getRefund(run, refund?.id ?? "")).status, "failed");
    assert.deepEqual([sent(run), (await refunds(run)).length], [[], 1], "what a person refused is not tried again");
  }));

Deno.test("where M-Pesa does not say who paid, the shop and a person are told, once", () =>
  inProcess(async (run) => {
    const { id } = await refunding(run);
    await confirmation(run, PAYBILL, "INV1", { receipt: "UKM0000001", amount: 1_550, at: run.time.now() });
    await run.pass(86_400_000);
    const checkout = await getCheckout(run, id);
    assert.deepEqual([checkout.status, checkout.amount_received], ["succeeded", 155_000]);
    assert.deepEqual(await eventTypes(run, id), ["checkout.created", "checkout.succeeded", "checkout.overpaid"]);
    const [told] = await run.sql("SELECT data ->> '$.version' FROM events WHERE type = 'checkout.overpaid'");
    assert.deepEqual(told, [checkout.version]);
    assert.deepEqual(run.logged("difference_not_refunded").map(({ level }) => level), ["alert"]);
    assert.deepEqual(await refunds(run), []);
  }));

Deno.test("a payer whose SHA-256 is that of a phone that this checkout prompted gets the difference", () =>
  inProcess(async (run) => {
    const { id } = await refunding(run, { phone_number: "254722001032" });
    await run.pass();
    const body = {
      TransactionType: "Pay Bill",
      TransID: "UKM0000001",
      TransTime: mpesaTime(run.time.now()),
      TransAmount: "1550.00",
      BusinessShortCode: PAYBILL.number,
      BillRefNumber: "INV1",
      MSISDN: sha256("254722001032").toHex(),
      FirstName: "JANE",
    };
    await run.notify(run.services.capabilities.mint("c2b_confirmation", PAYBILL.id), JSON.stringify(body));
    await run.pass(60_000);
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual(sent(run), [[50, "254722001032"]]);
  }));

Deno.test("a difference that no payout can carry is told, and stays", () =>
  inProcess(async (run) => {
    const { id } = await refunding(run);
    await payOpenly(run, "INV1", 1_505, "UKM0000001"); // a payout has at least KES 10
    await run.pass(60_000);
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual(await refunds(run), []);
    const [[problem]] = await run.sql("SELECT problem FROM differences") as [[string]];
    assert.match(problem, /at least 1000 cents/);
  }));

Deno.test("a limit that renews is waited for", () =>
  inProcess(async (run) => {
    await refunding(run);
    await payOpenly(run, "INV1", 1_550, "UKM0000001");
    await run.sweep();
    assert.equal((await refunds(run)).length, 0);
    await run.pass(25 * 3_600_000);
    assert.equal((await refunds(run)).length, 0);
    assert.match(
      String((await run.sql("SELECT problem FROM differences"))[0]?.[0]),
      /may be sent to one phone in a day/,
    );
  }, { env: { PAYOUT_DAILY_PER_PHONE_KES: "20" } }));

Deno.test("a person who gives it back first has the last word, and nothing goes back twice", () =>
  inProcess(async (run) => {
    const { id } = await refunding(run);
    const payment = await payOpenly(run, "INV1", 1_550, "UKM0000001");
    assert.equal((await askRefund(run, payment, { method: "payout", amount: 5_000 })).status, 202);
    for (let i = 0; i < 3; i++) {
      await run.sweep();
      await run.pass(60_000);
    }
    assert.equal((await refunds(run)).length, 1);
    assert.deepEqual(sent(run), [[50, "254712345678"]]);
    assert.equal((await getCheckout(run, id)).amount_received, 150_000);
  }, { loseWakeUps: true }));

Deno.test("a person who moves the money first has the last word: nothing is too much there any more", () =>
  inProcess(async (run) => {
    const { id } = await refunding(run);
    const other = await createCheckout(run, { account_reference: "INV2", amount: 155_000 });
    const payment = await payOpenly(run, "INV1", 1_550, "UKM0000001");
    const allocations = [{ checkout: other.id, amount: 155_000 }];
    assert.equal((await run.call("POST", `/v1/payments/${payment}/allocate`, { allocations })).status, 200);
    for (let i = 0; i < 3; i++) await run.sweep();
    assert.deepEqual([(await getCheckout(run, id)).status, (await getCheckout(run, other.id)).status], [
      "open",
      "succeeded",
    ]);
    assert.deepEqual([await refunds(run), await run.count("differences")], [[], 0]);
  }, { loseWakeUps: true }));

Deno.test("what a person matches is right as it is, and a second payment stays for a person", () =>
  inProcess(async (run) => {
    const { id } = await refunding(run);
    const stray = await payOpenly(run, "NOBODY", 1_550, "UKM0000001");
    assert.equal((await run.call("POST", `/v1/payments/${stray}/match`, { checkout: id })).status, 200);
    const second = await payOpenly(run, "INV1", 700, "UKM0000002");
    await run.pass(86_400_000);
    assert.equal((await getPayment(run, second)).status, "duplicate_payment");
    assert.deepEqual([await refunds(run), await run.count("differences")], [[], 0]);
  }));

Deno.test("the merchant's rule counts for checkouts that say nothing", () =>
  inProcess(async (run) => {
    const rule = { overpayment: "refund_difference" };
    const changed = await run.call<typeof rule>("PATCH", "/v1/merchant", rule, { client: "cli_operator" });
    assert.deepEqual([changed.status, changed.body.overpayment], [200, "refund_difference"]);
    await createCheckout(run, { account_reference: "INV1" });
    await payOpenly(run, "INV1", 1_550, "UKM0000001");
    await run.pass(60_000);
    assert.deepEqual(sent(run), [[50, "254712345678"]]);
  }));

/** An order of KES 1,500 that was paid 500 too much, whose difference waits for an approval; gives the order and its payments. */
async function waitingDifference(run: InProcess) {
  const { id } = await refunding(run);
  const first = await payOpenly(run, "INV1", 1_000, "UKM0000001");
  run.time.skip(60_000);
  const newest = await payOpenly(run, "INV1", 1_000, "UKM0000002");
  await run.pass(60_000);
  const [refund] = await refunds(run);
  assert.equal((await getPayout(run, refund?.payout ?? "")).status, "awaiting_approval");
  return { id, first, newest, payout: refund?.payout ?? "" };
}
const approving = { env: { PAYOUT_APPROVAL_FROM_KES: "100" } };
const approve = (run: InProcess, payout: string) => act(run, payout, "approve", { client: "cli_approver" });
const amounts = async (run: InProcess) => (await refunds(run)).map(({ amount, status }) => [amount, status]);

Deno.test("what a person gives back while the difference waits is no longer too much: the rest is computed anew", () =>
  inProcess(async (run) => {
    const { id, first, payout } = await waitingDifference(run);
    assert.equal((await askRefund(run, first, { method: "payout", amount: 30_000 })).status, 202);
    await run.pass(60_000);
    assert.equal((await getPayout(run, payout)).status, "cancelled");
    assert.equal(run.logged("difference_withdrawn")[0]?.level, "alert");
    assert.deepEqual(await amounts(run), [[20_000, "queued"], [30_000, "queued"], [50_000, "failed"]]);
    for (const { payout } of await refunds(run)) await approve(run, payout ?? "");
    await run.pass(60_000);
    assert.deepEqual(sent(run).map(([amount]) => amount).toSorted(), [200, 300]);
    assert.deepEqual([(await getCheckout(run, id)).amount_received, await checkLedger(run)], [150_000, []]);
  }, approving));

Deno.test("a refund between the approval and the sending stops the difference, in the batch of its start", () => {
  const { planned, options } = interrupted(
    "before write",
    ({ sql, args }) => sql.startsWith("UPDATE payouts") && args.includes("submitted"),
  );
  return inProcess(async (run) => {
    const { first, payout } = await waitingDifference(run);
    planned.happens = async () => {
      await askRefund(run, first, { method: "payout", amount: 50_000 });
    };
    await approve(run, payout);
    await run.pass(60_000);
    assert.equal(planned.happens, null);
    assert.deepEqual([(await getPayout(run, payout)).status, sent(run)], ["cancelled", []]);
    assert.deepEqual(await amounts(run), [[50_000, "queued"], [50_000, "failed"]]);
  }, { ...options, ...approving });
});

Deno.test("where the shop gives all of the order back, the difference goes back too", () =>
  inProcess(async (run) => {
    const { first, newest, payout } = await waitingDifference(run);
    for (const payment of [first, newest]) await askRefund(run, payment, { method: "payout" });
    await run.pass(60_000);
    assert.equal((await getPayout(run, payout)).status, "awaiting_approval");
    for (const { payout } of await refunds(run)) await approve(run, payout ?? "");
    await run.pass(60_000);
    assert.deepEqual(sent(run).map(([amount]) => amount).toSorted(), [1_000, 500, 500]);
    assert.deepEqual([(await holdings(run)).merchant_available, await checkLedger(run)], [0, []]);
  }, approving));

const reversal = (run: InProcess, of: string, receipt: string, out = 1_000) =>
  importStatement(run, [{
    receipt,
    at: run.time.now(),
    out,
    type: "Pay Bill Reversal",
    details: "Reversal of a payment",
    linked: of,
  }]);

Deno.test("what M-Pesa takes back while the difference waits is no longer too much: nothing of it is sent", () =>
  inProcess(async (run) => {
    const { id, payout } = await waitingDifference(run);
    await reversal(run, "UKM0000001", "UKR0000001");
    await run.pass(60_000);
    assert.equal((await getPayout(run, payout)).status, "cancelled");
    await reversal(run, "UKM0000002", "UKR0000002");
    await run.pass(86_400_000);
    assert.deepEqual([(await getCheckout(run, id)).status, sent(run)], ["review", []]);
    assert.deepEqual([await amounts(run), await checkLedger(run)], [[[50_000, "failed"]], []]);
  }, approving));

Deno.test("of a payment of which M-Pesa took back a part, only what is still too much goes back", () =>
  inProcess(async (run) => {
    const { id, payout } = await waitingDifference(run);
    await reversal(run, "UKM0000002", "UKR0000001", 200);
    await run.pass(60_000);
    assert.equal((await getPayout(run, payout)).status, "cancelled");
    const [refund] = await refunds(run);
    await approve(run, refund?.payout ?? "");
    await run.pass(60_000);
    assert.deepEqual([sent(run).map(([amount]) => amount), (await getCheckout(run, id)).status], [[300], "succeeded"]);
    assert.deepEqual([(await holdings(run)).merchant_available, await checkLedger(run)], [150_000, []]);
  }, approving));
