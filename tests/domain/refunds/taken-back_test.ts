import assert from "node:assert/strict";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { storeReversals } from "../../../src/domain/refunds/reversals.ts";
import { callback, confirmation, PAYBILL, prompted, refreshed } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
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
import { importStatement, type StatementLine } from "../../support/statements.ts";

let receipts = 6_101;
const reversalOf = (run: InProcess, of: string | null, amount = 1_500, receipt?: string): StatementLine => ({
  receipt: receipt ?? `UKR${String(receipts++).padStart(7, "0")}`,
  at: run.time.now(),
  out: amount,
  type: "Pay Bill Reversal",
  details: "Reversal of a payment",
  linked: of ?? "",
});

async function events(
  run: InProcess,
  type: string,
): Promise<{ id: string; status: string; amount_taken_back: number }[]> {
  const { body } = await run.call<{ data: { type: string; data: PaymentView }[] }>(
    "GET",
    `/v1/events?type=${type}&limit=100`,
  );
  return body.data.filter((e) => e.type === type).map(({ data }) => data);
}
const idOf = (checkout: PaymentView): string => checkout.checkout ?? "";

Deno.test("a payment that somebody else reversed is taken back, its checkout goes to review, and both are told once", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const line = reversalOf(run, payment.receipt);
    const done = await importStatement(run, [line]);
    const taken = await getPayment(run, payment.id);
    assert.deepEqual([taken.status, taken.amount_taken_back, taken.amount_refunded], ["taken_back", 150_000, 0]);
    assert.equal((await getCheckout(run, idOf(payment))).status, "review");
    assert.equal(done.differing, 1);
    assert.deepEqual(done.findings.map(({ payment, ours, theirs }) => [payment, ours, theirs]), [[
      payment.id,
      150_000,
      0,
    ]]);
    assert.equal(run.logged("payment_taken_back")[0]?.level, "alert");
    assert.deepEqual(await holdings(run), { merchant_available: 0, mpesa_utility: 0 });

    await importStatement(run, [line]); // the same row again
    assert.equal((await getPayment(run, payment.id)).amount_taken_back, 150_000);
    assert.deepEqual((await events(run, "payment.taken_back")).map(({ id, status }) => [id, status]), [
      [payment.id, "taken_back"],
    ]);
    assert.equal((await events(run, "checkout.review")).length, 1);
    assert.deepEqual(await checkLedger(run), []);
    const refused = await askRefund<{ code: string }>(run, payment.id);
    assert.deepEqual([refused.status, refused.body.code], [409, "wrong_state"]);
  }));

Deno.test("a reversal waits for its payment, and is applied when that is recorded", () =>
  inProcess(async (run) => {
    const checkout = await createCheckout(run, { account_reference: "RENT" });
    const receipt = "UKM0006555";
    await importStatement(run, [reversalOf(run, receipt)]);
    assert.deepEqual(await events(run, "payment.taken_back"), []);
    await importStatement(run, [{ receipt, at: run.time.now(), in: 1_500, account: "RENT" }]);
    await run.sweep();
    const { body } = await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${receipt}`);
    assert.deepEqual(body.data.map(({ status, checkout }) => [status, checkout]), [["taken_back", checkout.id]]);
    assert.equal((await getCheckout(run, checkout.id)).status, "review");
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("the reversal of our own refund takes nothing back: it confirms the refund", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const refund = await createRefund(run, payment.id);
    await run.pass(10_000);
    const { receipt } = await getRefund(run, refund.id);
    await importStatement(run, [reversalOf(run, payment.receipt, 1_500, receipt ?? "")]);
    const now = await getPayment(run, payment.id);
    assert.deepEqual([now.status, now.amount_taken_back, now.amount_refunded], ["refunded", 0, 150_000]);
    assert.equal((await getCheckout(run, idOf(payment))).status, "succeeded");
    assert.deepEqual(await events(run, "payment.taken_back"), []);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a refund whose result was lost is confirmed by the row of its reversal", () => {
  const daraja = async (request: Request) => {
    if (!new URL(request.url).pathname.startsWith("/mpesa/reversal")) return null;
    await request.text();
    return Response.json({ ResponseCode: "0", ConversationID: "AG_20261124_1", OriginatorConversationID: "o-1" });
  };
  return inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const refund = await createRefund(run, payment.id);
    await run.pass(5_000);
    assert.equal((await getRefund(run, refund.id)).status, "submitted");
    await importStatement(run, [reversalOf(run, payment.receipt, 1_500, "UKR0000777")]);
    const done = await getRefund(run, refund.id);
    assert.deepEqual([done.status, done.receipt], ["succeeded", "UKR0000777"]);
    const now = await getPayment(run, payment.id);
    assert.deepEqual([now.status, now.amount_taken_back], ["refunded", 0]);
    assert.deepEqual(await checkLedger(run), []);
  }, { daraja });
});

Deno.test("a part that M-Pesa took back leaves the rest, which alone can be refunded", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    await importStatement(run, [reversalOf(run, payment.receipt, 500)]);
    const part = await getPayment(run, payment.id);
    assert.deepEqual([part.status, part.amount_taken_back], ["matched", 50_000]);
    assert.equal((await getCheckout(run, idOf(payment))).status, "review");
    assert.deepEqual(await checkLedger(run), []);
    const more = await askRefund(run, payment.id, { method: "payout", amount: 100_100 });
    assert.equal(more.status, 422);
    await createRefund(run, payment.id, { method: "payout", amount: 100_000 });
    await run.pass(10_000);
    await importStatement(run, [reversalOf(run, payment.receipt, 1_200)]);
    assert.equal(run.logged("reversal_differs")[0]?.level, "alert", "more than the payment had");
    assert.equal((await getPayment(run, payment.id)).amount_taken_back, 50_000);
    assert.deepEqual(await holdings(run), { merchant_available: 0, mpesa_utility: 0 });
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("what M-Pesa takes back after a refund by payout is told as more than was paid", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    await createRefund(run, payment.id, { method: "payout", amount: 60_000 });
    await run.pass(10_000);
    await importStatement(run, [reversalOf(run, payment.receipt)]);
    const now = await getPayment(run, payment.id);
    assert.deepEqual([now.status, now.amount_refunded, now.amount_taken_back], ["taken_back", 60_000, 150_000]);
    assert.equal((await events(run, "payment.over_refunded")).length, 1);
    assert.deepEqual(await holdings(run), { merchant_available: -60_000, mpesa_utility: -60_000 });
    assert.deepEqual((await checkLedger(run)).map(({ kind }) => kind), ["over_refunded"]);
  }));

Deno.test("a payout that waits for an approval is not sent for a payment that M-Pesa took back", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, { amount: 2_000_000 });
    const refund = await createRefund(run, payment.id, { method: "payout" });
    await importStatement(run, [reversalOf(run, payment.receipt, 20_000)]);
    await run.pass(10_000);
    assert.equal((await getRefund(run, refund.id)).status, "failed");
    assert.equal((await getPayment(run, payment.id)).status, "taken_back");
    assert.equal(run.simulator.world.transactions.list().filter(({ kind }) => kind === "b2c").length, 0);
  }));

Deno.test("a refund that M-Pesa answered 'already reversed' ends when the row of the reversal shows who did it: somebody else", () => {
  let callback = "";
  const daraja = async (request: Request) => {
    if (!new URL(request.url).pathname.startsWith("/mpesa/reversal")) return null;
    callback = String((await request.json())["ResultURL"]);
    return Response.json({ ResponseCode: "0", ConversationID: "AG_20261124_2", OriginatorConversationID: "o-2" });
  };
  return inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const refund = await createRefund(run, payment.id);
    await run.pass(5_000);
    await run.notify(
      new URL(callback).pathname.slice("/notify/".length),
      JSON.stringify({
        Result: {
          ResultType: 0,
          ResultCode: "R000001",
          ResultDesc: "The transaction has already been reversed.",
          OriginatorConversationID: "o-2",
          ConversationID: "AG_20261124_2",
          TransactionID: "UKA0000000",
        },
      }),
    );
    await run.idle();
    const doubtful = await getRefund(run, refund.id);
    assert.deepEqual([doubtful.status, doubtful.needs_person], ["in_doubt", true]);
    await importStatement(run, [reversalOf(run, payment.receipt)]);
    const ended = await getRefund(run, refund.id);
    assert.deepEqual([ended.status, ended.failure?.code, ended.needs_person], ["failed", "already_reversed", false]);
    assert.equal((await getPayment(run, payment.id)).status, "taken_back");
    assert.deepEqual(await checkLedger(run), []);
  }, { daraja });
});

Deno.test("a refund that M-Pesa called failed is done after all, if M-Pesa lists its reversal: nothing is taken back", () => {
  let callback = "";
  const daraja = async (request: Request) => {
    if (!new URL(request.url).pathname.startsWith("/mpesa/reversal")) return null;
    callback = String((await request.json())["ResultURL"]);
    return Response.json({ ResponseCode: "0", ConversationID: "AG_20261124_3", OriginatorConversationID: "o-3" });
  };
  return inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const refund = await createRefund(run, payment.id);
    await run.pass(5_000);
    await run.notify(
      new URL(callback).pathname.slice("/notify/".length),
      JSON.stringify({
        Result: {
          ResultType: 0,
          ResultCode: 1,
          ResultDesc: "The balance is insufficient for the transaction.",
          OriginatorConversationID: "o-3",
          ConversationID: "AG_20261124_3",
          TransactionID: "UKA0000000",
        },
      }),
    );
    await run.idle();
    assert.equal((await getRefund(run, refund.id)).status, "failed");
    await importStatement(run, [reversalOf(run, payment.receipt, 1_500, "UKR0000778")]);
    const done = await getRefund(run, refund.id);
    assert.deepEqual([done.status, done.receipt], ["succeeded", "UKR0000778"]);
    const now = await getPayment(run, payment.id);
    assert.deepEqual([now.status, now.amount_refunded, now.amount_taken_back], ["refunded", 150_000, 0]);
    assert.equal(run.logged("refund_paid_after_failure")[0]?.level, "alert");
    assert.deepEqual(await checkLedger(run), []);
  }, { daraja });
});

Deno.test("a second payment settles the checkout again whose first one was taken back", () =>
  inProcess(async (run) => {
    const made: CheckoutView = await createCheckout(run, { account_reference: "RENT" });
    const first = await payPaybill(run, { reference: "RENT" });
    const second = await payPaybill(run, { reference: "RENT" });
    await importStatement(run, [reversalOf(run, first)]);
    const now = await getCheckout(run, made.id);
    assert.deepEqual([now.status, now.payment?.receipt], ["succeeded", second]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("unmatched money that was taken back is nobody's, and can't be matched or refunded", () =>
  inProcess(async (run) => {
    const receipt = await payPaybill(run, { reference: "TYPO" });
    await importStatement(run, [reversalOf(run, receipt)]);
    const { body } = await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${receipt}`);
    const [payment] = body.data;
    assert.deepEqual([payment?.status, payment?.checkout], ["taken_back", null]);
    const checkout = await createCheckout(run);
    const matched = await run.call("POST", `/v1/payments/${payment?.id}/match`, { checkout: checkout.id });
    assert.equal(matched.status, 409);
    assert.equal((await askRefund(run, payment?.id ?? "")).status, 409);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a reversal that another merchant's statement lists takes nothing back", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const { status } = await run.call("POST", "/v1/reconciliations", undefined, {
      client: "cli_other",
      raw:
        `Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,Linked Transaction ID\r\n` +
        `UKR0000999,22-11-2026 12:13:25,Reversal,Completed,,-1500.00,Pay Bill Reversal,${payment.receipt}`,
      headers: { "content-type": "text/csv" },
    });
    assert.equal(status, 202);
    await run.sweep();
    assert.equal((await getPayment(run, payment.id)).status, "matched");
  }));

Deno.test("the second payment of a checkout settles it where somebody else reversed the first", () =>
  inProcess(async (run) => {
    const made = await createCheckout(run, { phone_number: "254700009004" });
    await run.call("POST", `/v1/checkouts/${made.id}/attempts`, { phone_number: "254711119004" });
    await run.pass(40_000);
    const before = await getCheckout(run, made.id);
    const [first, second] = before.attempts.map(({ id }) => id);
    for (const [attempt, receipt] of [[first, "UKM0004401"], [second, "UKM0004402"]] as const) {
      await callback(run, attempt ?? "", { receipt, amount: 1_500, at: run.time.now() - 30_000 });
    }
    const settled = (await getCheckout(run, made.id)).payment;
    await importStatement(run, [reversalOf(run, settled?.receipt ?? "")]);
    assert.equal((await getPayment(run, settled?.id ?? "")).status, "taken_back");
    const after = await getCheckout(run, made.id);
    assert.equal(after.status, "succeeded");
    assert.notEqual(after.payment?.id, settled?.id);
    assert.deepEqual(after.attempts.map(({ status }) => status).sort(), ["succeeded", "unknown"]);
    assert.deepEqual((await checkLedger(run)).filter(({ kind }) => kind !== "missing_at_mpesa"), []);
  }));

Deno.test("a query that says paid takes money that somebody else has reversed: the transfer counts once, and pays nothing", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run, { amount: 150_000, account_reference: "ROOM5" });
    await createCheckout(run, { amount: 150_000, account_reference: "ROOM5" }); // so that the account alone decides nothing
    await run.pass(5_000);
    const one = { receipt: "UKM0004411", amount: 1_500, at: run.time.now() };
    await confirmation(run, PAYBILL, "ROOM5", one);
    await importStatement(run, [
      { receipt: one.receipt, at: one.at, in: 1_500, account: "ROOM5" },
      reversalOf(run, one.receipt),
    ]);
    await refreshed(run, checkout);
    assert.equal((await getCheckout(run, checkout.id)).status, "review");
    assert.equal(await run.count("payments"), 1);
    assert.equal((await holdings(run)).mpesa_utility, 0);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a reversed receipt that a callback proves to be another order's leaves the order that it was inferred for", () =>
  inProcess(async (run) => {
    const [a, b] = [
      await prompted(run, { amount: 150_000, account_reference: "ROOM5" }),
      await prompted(run, { amount: 150_000, account_reference: "ROOM5", phone_number: "254700009004" }),
    ];
    await run.pass(5_000);
    const [one, two] = ["UKM0004421", "UKM0004422"].map((receipt) => ({ receipt, amount: 1_500, at: run.time.now() }));
    assert.ok(one !== undefined && two !== undefined);
    await refreshed(run, a);
    await confirmation(run, PAYBILL, "ROOM5", one);
    assert.equal((await getCheckout(run, a.id)).payment?.receipt, one.receipt);
    await importStatement(run, [
      { receipt: one.receipt, at: one.at, in: 1_500, account: "ROOM5" },
      reversalOf(run, one.receipt),
    ]);
    assert.equal((await getCheckout(run, a.id)).status, "review");
    await callback(run, b.attempts[0]?.id ?? "", one);
    const [holder] = await run.sql("SELECT checkout_id FROM payments WHERE receipt = ?", one.receipt);
    assert.deepEqual(holder, [b.id]);
    await callback(run, a.attempts[0]?.id ?? "", two);
    const [first, second] = [await getCheckout(run, a.id), await getCheckout(run, b.id)];
    assert.deepEqual([first.status, first.payment?.receipt, second.status], ["succeeded", two.receipt, "review"]);
    assert.equal((await holdings(run)).mpesa_utility, 150_000);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("undoing an import does not forget a reversal that M-Pesa itself has listed since", () =>
  inProcess(async (run) => {
    const receipt = "UKM0004431";
    const line = reversalOf(run, receipt);
    const imported = await importStatement(run, [line]);
    const ctx = run.services as unknown as Parameters<typeof storeReversals>[0];
    await run.db.write(
      storeReversals(
        { ...ctx, merchantId: String((await run.sql("SELECT merchant_id FROM reversals"))[0]?.[0]) },
        PAYBILL.id,
        [{ receipt: line.receipt, of: receipt, amount: 150_000, at: line.at }],
        null,
        false,
      ),
    );
    await run.sweep();
    assert.equal((await run.call("POST", `/v1/reconciliations/${imported.id}/reverse`)).status, 200);
    await confirmation(run, PAYBILL, "NOBODY", { receipt, amount: 1_500, at: run.time.now() });
    await run.sweep();
    await run.pass(61_000);
    const rows = await run.sql("SELECT status FROM payments WHERE receipt = ?", receipt);
    assert.deepEqual(rows, [["taken_back"]]);
  }));

Deno.test("a reversal that two files list is forgotten only when both imports are undone", () =>
  inProcess(async (run) => {
    const receipt = "UKM0004432";
    const line = reversalOf(run, receipt);
    const [first, second] = [await importStatement(run, [line]), await importStatement(run, [line])];
    const waiting = () => run.sql("SELECT reconciliation_id FROM reversals WHERE outcome = 'waiting'");
    assert.deepEqual(await waiting(), [[first.id]]);
    assert.equal((await run.call("POST", `/v1/reconciliations/${first.id}/reverse`)).status, 200);
    assert.deepEqual(await waiting(), [[second.id]]);
    assert.equal((await run.call("POST", `/v1/reconciliations/${second.id}/reverse`)).status, 200);
    assert.deepEqual(await waiting(), []);
  }));

for (const isUploaded of [true, false]) {
  Deno.test(`a reversal whose job gave up is applied when ${isUploaded ? "a file" : "M-Pesa"} lists it again`, () =>
    inProcess(async (run) => {
      const payment = await paidCheckout(run);
      const receipt = payment.receipt ?? "";
      const line = reversalOf(run, receipt);
      const merchantId = String((await run.sql("SELECT merchant_id FROM payments"))[0]?.[0]);
      const services = run.services as unknown as Parameters<typeof storeReversals>[0];
      const row = { receipt: line.receipt, of: receipt, amount: 150_000, at: line.at };
      const list = () => run.db.write(storeReversals({ ...services, merchantId }, PAYBILL.id, [row], null, isUploaded));
      await list();
      await run.db.write([{ sql: "UPDATE jobs SET status = 'dead' WHERE kind = 'reversal'", args: [] }]);
      await run.sweep();
      assert.equal((await getPayment(run, payment.id)).status, "matched");
      await list();
      await run.sweep();
      assert.equal((await getPayment(run, payment.id)).status, "taken_back");
      assert.deepEqual(await run.sql("SELECT status FROM jobs WHERE kind = 'reversal'"), []);
    }));
}

Deno.test("a refund's payout that may have left is not sent again once M-Pesa has taken its payment back", () => {
  let sent = 0;
  return inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const refund = await createRefund(run, payment.id, { method: "payout" });
    await run.pass(1_000);
    assert.equal((await getRefund(run, refund.id)).status, "in_doubt");
    await importStatement(run, [reversalOf(run, payment.receipt)]);
    await run.pass(2 * 3_600_000); // Transaction Status finds nothing, which lets others be sent again
    assert.deepEqual([sent, (await getRefund(run, refund.id)).status], [1, "in_doubt"]);
    const { status, amount_refunded } = await getPayment(run, payment.id);
    assert.deepEqual([status, amount_refunded, run.logged("payment_over_refunded")], ["taken_back", 0, []]);
    assert.equal(await run.count("audit WHERE action = 'payout.resend_stopped'"), 1);
  }, {
    daraja: (request) => {
      if (!request.url.includes("/b2c/")) return null;
      sent++;
      return new Response("<html></html>", { status: 504 });
    },
  });
});
