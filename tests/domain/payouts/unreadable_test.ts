import assert from "node:assert/strict";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { createPayout, getPayout } from "../../support/payouts.ts";

type Values = Readonly<Record<string, unknown>>;

const parameters = (values: Values) => ({
  ResultParameters: {
    ResultParameter: Object.entries(values).flatMap(([Key, Value]) =>
      Array.isArray(Value) ? Value.map((one) => ({ Key, Value: one })) : [{ Key, Value }]
    ),
  },
});

const result = (values: Values, changes: Values = {}) => ({
  Result: {
    ResultType: 0,
    ResultCode: 0,
    ResultDesc: "ok",
    ConversationID: "AG_20261122_2010364430d9bbdaf872",
    ...parameters({ TransactionAmount: 1_500, TransactionReceipt: "UKM1A2B3C4", ...values }),
    ...changes,
  },
});

const status = (payout: PayoutView, values: Values, changes: Values = {}) => ({
  Result: {
    ResultType: 0,
    ResultCode: 0,
    ResultDesc: "ok",
    ConversationID: "AG_20261122_status",
    TransactionID: "UKM7Q2B3C4",
    ...parameters({
      TransactionStatus: "Completed",
      Amount: "1500",
      ReceiptNo: "UKM1A2B3C4",
      OriginatorConversationID: payout.originator_conversation_id,
      ...values,
    }),
    ...changes,
  },
});

async function send(run: InProcess, id: string, kind: "payout_result" | "status_result", body: unknown): Promise<void> {
  const answer = await run.notify(run.services.capabilities.mint(kind, id), JSON.stringify(body));
  assert.equal(answer.status, 200);
  await run.idle();
}

/** A payout that Daraja took and then forgot: only what the test sends settles it. */
const forgotten = (test: (run: InProcess, payout: PayoutView) => Promise<void>) =>
  inProcess(async (run) => {
    const payout = await createPayout(run, { phone_number: "254700009017" });
    await run.pass(100);
    await test(run, payout);
  });

const lastNotice = async (run: InProcess) =>
  (await run.sql("SELECT status, problem FROM notices ORDER BY id DESC LIMIT 1"))[0];

for (
  const [name, values, problem] of [
    ["an amount with separators", { TransactionAmount: "1,500.00" }, "amount_unreadable"],
    ["an amount with an exponent", { TransactionAmount: "1e2" }, "amount_unreadable"],
    ["two different amounts", { TransactionAmount: [1_500, 15_000] }, "amount_unreadable"],
    ["an amount of zero", { TransactionAmount: "0.00" }, "amount_unreadable"],
    ["two names with two amounts", { Amount: 15_000 }, "amount_unreadable"],
    ["another currency", { Currency: "USD" }, "currency_differs"],
    ["a receipt of an unknown form", { TransactionReceipt: "UKM 1" }, "receipt_unreadable"],
  ] as const
) {
  Deno.test(`a payout's result with ${name} leaves it in doubt, and a person is asked`, () =>
    forgotten(async (run, payout) => {
      await send(run, payout.id, "payout_result", result(values));
      const doubt = await getPayout(run, payout.id);
      assert.deepEqual([doubt.status, doubt.needs_person, doubt.receipt], ["in_doubt", true, null]);
      assert.deepEqual(await lastNotice(run), ["quarantined", problem]);
      assert.equal(run.logged("payout_needs_person")[0]?.level, "alert");
    }));

  Deno.test(`a payout's status answer with ${name} leaves it in doubt, and a person is asked`, () =>
    forgotten(async (run, payout) => {
      const { TransactionAmount: amount, TransactionReceipt: receipt, ...rest } = values as Values;
      const named = {
        ...rest,
        ...(amount === undefined ? {} : { Amount: amount }),
        ...(receipt === undefined ? {} : { ReceiptNo: receipt }),
        ...("Amount" in rest ? { TransactionAmount: 1_500 } : {}),
      };
      await send(run, payout.id, "status_result", status(payout, named));
      const doubt = await getPayout(run, payout.id);
      assert.deepEqual([doubt.status, doubt.needs_person, doubt.receipt], ["in_doubt", true, null]);
      assert.deepEqual(await lastNotice(run), ["quarantined", problem]);
    }));
}

Deno.test("a fee below zero and a time that can't be read do not hold a paid payout up", () =>
  forgotten(async (run, payout) => {
    const values = { DebitPartyCharges: "Fee For B2C Payment|KES|-22.40", TransactionCompletedDateTime: "soon" };
    await send(run, payout.id, "payout_result", result(values));
    const done = await getPayout(run, payout.id);
    assert.deepEqual([done.status, done.fee, done.receipt], ["succeeded", null, "UKM1A2B3C4"]);
    assert.deepEqual(await lastNotice(run), ["applied", "unreadable: completed_at, fee"]);
    assert.deepEqual(run.logged("job_failed"), []);
  }));

Deno.test("a status answer with two states, or two transactions, concludes nothing and is quarantined", () =>
  forgotten(async (run, payout) => {
    const states = { TransactionStatus: ["Completed", "Declined"] };
    const ids = { ConversationID: ["AG_20261122_2010364430d9bbdaf872", "AG_20261122_2010364430d9bbdaf873"] };
    for (const [values, problem] of [[states, "status_unreadable"], [ids, "transaction_unreadable"]] as const) {
      await send(run, payout.id, "status_result", status(payout, values));
      assert.equal((await getPayout(run, payout.id)).status, "submitted");
      assert.deepEqual(await lastNotice(run), ["quarantined", problem]);
    }
  }));

Deno.test("a status answer's own TransactionID is not the payout's receipt", () =>
  forgotten(async (run, payout) => {
    await send(run, payout.id, "status_result", status(payout, { ReceiptNo: "" }));
    const done = await getPayout(run, payout.id);
    assert.deepEqual([done.status, done.receipt], ["succeeded", null]);
  }));

Deno.test("SFC_IC0003 to a status query says nothing about the payout: it is not sent again", () =>
  inProcess(async (run) => {
    const payout = await createPayout(run, { phone_number: "254700009018" });
    await run.pass(100);
    const sent = () => run.simulator.world.requests.list().filter(({ operation }) => operation === "b2c").length;
    const before = sent();
    const answer = { ResultCode: "SFC_IC0003", ResultDesc: "The operator does not exist.", ResultParameters: null };
    await send(run, payout.id, "status_result", status(payout, {}, answer));
    await run.pass(10_000);
    assert.equal(sent(), before);
    assert.equal(await run.sql("SELECT evidence & 8192 FROM payouts").then(([row]) => row?.[0]), 0, "not `notFound`");
  }));
