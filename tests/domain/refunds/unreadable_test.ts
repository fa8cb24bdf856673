import assert from "node:assert/strict";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { createRefund, getPayment, getRefund, paidCheckout } from "../../support/money.ts";

type Values = Readonly<Record<string, unknown>>;

const result = (values: Values, changes: Values = {}) => ({
  Result: {
    ResultType: 0,
    ResultCode: 0,
    ResultDesc: "ok",
    ConversationID: "AG_1",
    TransactionID: "UKN1A2B3C4",
    ResultParameters: {
      ResultParameter: Object.entries(values).flatMap(([Key, Value]) =>
        Array.isArray(Value) ? Value.map((one) => ({ Key, Value: one })) : [{ Key, Value }]
      ),
    },
    ...changes,
  },
});

async function send(run: InProcess, id: string, kind: "refund_result" | "refund_status_result", body: unknown) {
  const answer = await run.notify(run.services.capabilities.mint(kind, id), JSON.stringify(body));
  assert.equal(answer.status, 200);
  await run.idle();
}

const lastNotice = async (run: InProcess) =>
  (await run.sql("SELECT status, problem FROM notices ORDER BY id DESC LIMIT 1"))[0];

for (
  const [name, values, changes, problem] of [
    ["an amount with separators", { Amount: "1,500.00" }, {}, "amount_unreadable"],
    ["an amount with an exponent", { Amount: "1.5e3" }, {}, "amount_unreadable"],
    ["two different amounts", { Amount: [1_500, 100] }, {}, "amount_unreadable"],
    ["an amount of zero", { Amount: "0.00" }, {}, "amount_unreadable"],
    ["another currency", { Amount: 1_500, Currency: "USD" }, {}, "currency_differs"],
    ["a receipt of an unknown form", { Amount: 1_500 }, { TransactionID: "UKN 1" }, "receipt_unreadable"],
    ["an original receipt that can't be read", { OriginalTransactionID: "?" }, {}, "original_transaction_unreadable"],
  ] as const
) {
  Deno.test(`a reversal's result with ${name} leaves the refund in doubt, and a person is asked`, () =>
    inProcess(async (run) => {
      const payment = await paidCheckout(run);
      const refund = await createRefund(run, payment.id);
      await run.pass(100);
      await send(run, refund.id, "refund_result", result(values, changes));
      const doubt = await getRefund(run, refund.id);
      assert.deepEqual([doubt.status, doubt.needs_person], ["in_doubt", true]);
      assert.deepEqual(await lastNotice(run), ["quarantined", problem]);
      assert.equal(run.logged("notice_quarantined")[0]?.level, "alert");
      assert.equal((await getPayment(run, payment.id)).status, "matched");
    }));
}

for (
  const [name, values, problem, status] of [
    ["an unreadable amount", { TransactionStatus: "Completed", Amount: "1e3" }, "amount_unreadable", "in_doubt"],
    ["two states", { TransactionStatus: ["Completed", "Declined"] }, "status_unreadable", "submitted"],
    [
      "two conversations",
      { TransactionStatus: "Completed", ConversationID: ["AG_1", "AG_2"] },
      "transaction_unreadable",
      "submitted",
    ],
  ] as const
) {
  Deno.test(`a status answer about a refund with ${name} gives nothing back`, () =>
    inProcess(async (run) => {
      const payment = await paidCheckout(run);
      const refund = await createRefund(run, payment.id);
      await run.pass(100);
      await send(run, refund.id, "refund_status_result", result(values));
      assert.equal((await getRefund(run, refund.id)).status, status);
      assert.deepEqual(await lastNotice(run), ["quarantined", problem]);
      assert.equal((await getPayment(run, payment.id)).status, "matched");
    }));
}

Deno.test("a time that can't be read does not hold a refund up", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const refund = await createRefund(run, payment.id);
    await run.pass(100);
    await send(run, refund.id, "refund_result", result({ Amount: "1500.00", TransCompletedTime: "soon" }));
    assert.deepEqual([(await getRefund(run, refund.id)).status, (await getRefund(run, refund.id)).receipt], [
      "succeeded",
      "UKN1A2B3C4",
    ]);
    assert.deepEqual(await lastNotice(run), ["applied", "unreadable: completed_at"]);
  }));
