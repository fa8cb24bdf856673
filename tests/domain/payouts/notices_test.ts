import assert from "node:assert/strict";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { createPayout, eventTypes, getPayout } from "../../support/payouts.ts";

type Kind = "payout_result" | "payout_timeout" | "status_result" | "status_timeout";

const parameters = (values: Record<string, unknown>) => ({
  ResultParameters: { ResultParameter: Object.entries(values).map(([Key, Value]) => ({ Key, Value })) },
});

function result(
  payout: PayoutView,
  changes: Record<string, unknown> = {},
  values: Record<string, unknown> | null = {},
) {
  const paid = { TransactionAmount: payout.amount / 100, TransactionReceipt: "UKM1A2B3C4", ...values };
  return {
    Result: {
      ResultType: 0,
      ResultCode: 0,
      ResultDesc: "The service request is processed successfully.",
      OriginatorConversationID: payout.originator_conversation_id,
      ConversationID: "AG_20261122_2010364430d9bbdaf872",
      TransactionID: "UKM1A2B3C4",
      ...(values === null ? {} : parameters(paid)),
      ...changes,
    },
  };
}

const failure = (payout: PayoutView, code: unknown, words = "declined") =>
  result(payout, { ResultCode: code, ResultDesc: words, TransactionID: "UKM0000000" }, null);

const found = (payout: PayoutView, status: string, values: Record<string, unknown> = {}) => ({
  Result: {
    ResultType: 0,
    ResultCode: 0,
    ResultDesc: "The service request is processed successfully.",
    OriginatorConversationID: "1234-5678-1",
    ConversationID: "AG_20261122_status",
    TransactionID: "UKM0000000",
    ...parameters({
      TransactionStatus: status,
      Amount: String(payout.amount / 100),
      ReceiptNo: "UKM1A2B3C4",
      OriginatorConversationID: payout.originator_conversation_id,
      ...values,
    }),
  },
});

async function tell(run: InProcess, id: string, kind: Kind, body: unknown): Promise<void> {
  const capability = run.services.capabilities.mint(kind, id);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await run.notify(capability, text);
  assert.equal(answer.status, 200);
  await run.idle();
}

/** A payout that Daraja took and then forgot: only what the test tells settles it. */
const forgotten = (test: (run: InProcess, payout: PayoutView) => Promise<void>) =>
  inProcess(async (run) => {
    const payout = await createPayout(run, { phone_number: "254700009017" });
    await run.pass(100);
    await test(run, payout);
  });

const problems = async (run: InProcess) =>
  (await run.sql("SELECT status, problem FROM notices ORDER BY id")).map(([status, problem]) => [status, problem]);

Deno.test("a paid result with another amount is quarantined: in doubt, with an alert", () =>
  forgotten(async (run, payout) => {
    await tell(run, payout.id, "payout_result", result(payout, {}, { TransactionAmount: 1_501 }));
    const doubt = await getPayout(run, payout.id);
    assert.deepEqual([doubt.status, doubt.needs_person, doubt.receipt], ["in_doubt", true, null]);
    assert.deepEqual(await problems(run), [["quarantined", "amount_differs"]]);
    assert.equal(run.logged("notice_quarantined")[0]?.level, "alert");
    assert.equal(run.logged("payout_needs_person")[0]?.level, "alert");
    await tell(run, payout.id, "status_result", found(payout, "Completed"));
    assert.equal((await getPayout(run, payout.id)).status, "succeeded");
  }));

Deno.test("the receipt of another payout settles nothing", () =>
  forgotten(async (run, payout) => {
    await tell(run, payout.id, "payout_result", result(payout));
    assert.equal((await getPayout(run, payout.id)).status, "succeeded");
    const other = await createPayout(run, { phone_number: "254700019017" });
    await run.pass(100);
    await tell(run, other.id, "payout_result", result(other));
    assert.equal((await getPayout(run, other.id)).status, "in_doubt");
    assert.deepEqual((await problems(run)).at(-1), ["quarantined", "receipt_of_another_payout"]);
  }));

Deno.test("paid outranks failed, whatever comes first, and takes the allowance again", () =>
  forgotten(async (run, payout) => {
    const day = async () => (await run.sql("SELECT total FROM counters WHERE name LIKE 'payout/day/%'"))[0]?.[0];
    await tell(run, payout.id, "payout_result", failure(payout, 2040));
    assert.deepEqual([(await getPayout(run, payout.id)).status, await day()], ["failed", 0]);
    await tell(run, payout.id, "payout_result", result(payout));
    assert.deepEqual([(await getPayout(run, payout.id)).status, await day()], ["succeeded", 150_000]);
    await tell(run, payout.id, "payout_result", failure(payout, "1"));
    assert.deepEqual([(await getPayout(run, payout.id)).status, await day()], ["succeeded", 150_000]);
    assert.deepEqual((await eventTypes(run, payout.id)).slice(-2), ["payout.failed", "payout.succeeded"]);
  }));

for (
  const [name, code] of [["an unknown code", 99], ["a secondary claim", "2051"], ["15, a duplicate", 15]] as const
) {
  Deno.test(`a result with ${name} proves nothing: in doubt`, () =>
    forgotten(async (run, payout) => {
      await tell(run, payout.id, "payout_result", failure(payout, code));
      const doubt = await getPayout(run, payout.id);
      assert.deepEqual([doubt.status, doubt.result_code, doubt.failure], ["in_doubt", String(code), null]);
    }));
}

for (const body of ["not json", "[]", "{}", '{"Result":{"ResultCode":0}}', JSON.stringify({ anything: [1] })]) {
  Deno.test(`whatever comes to the queue-timeout address is a queue timeout: ${body}`, () =>
    forgotten(async (run, payout) => {
      await tell(run, payout.id, "payout_timeout", body);
      assert.equal((await getPayout(run, payout.id)).status, "in_doubt");
    }));
}

Deno.test("a queue timeout at the result address is one too, and is not 'no funds'", () =>
  forgotten(async (run, payout) => {
    await tell(run, payout.id, "payout_result", failure(payout, 1, "The service request timed out."));
    assert.equal((await getPayout(run, payout.id)).status, "in_doubt");
    await tell(run, payout.id, "payout_result", failure(payout, 1, "Insufficient funds."));
    assert.deepEqual((await getPayout(run, payout.id)).failure?.code, "insufficient_float");
  }));

for (
  const [status, becomes] of [
    ["Completed", "succeeded"],
    ["Cancelled", "failed"],
    ["Declined", "failed"],
    ["Expired", "failed"],
    ["Initiated", "submitted"],
    ["Pending Authorized", "submitted"],
    ["Something New", "submitted"],
  ] as const
) {
  Deno.test(`a status query that ran and found ${status} leaves the payout ${becomes}`, () =>
    forgotten(async (run, payout) => {
      await tell(run, payout.id, "status_result", found(payout, status));
      assert.equal((await getPayout(run, payout.id)).status, becomes);
    }));
}

Deno.test("a status query that failed, or timed out, tells nothing", () =>
  forgotten(async (run, payout) => {
    await tell(run, payout.id, "status_result", failure(payout, 2001));
    await tell(run, payout.id, "status_timeout", "{}");
    assert.equal((await getPayout(run, payout.id)).status, "submitted");
  }));

Deno.test("a status answer about another transaction is quarantined and settles nothing", () =>
  forgotten(async (run, payout) => {
    const other = { OriginatorConversationID: "another", ConversationID: "AG_20261122_another" };
    await tell(run, payout.id, "status_result", found(payout, "Completed", other));
    assert.equal((await getPayout(run, payout.id)).status, "submitted");
    assert.deepEqual(await problems(run), [["quarantined", "another_transaction"]]);
  }));

Deno.test("the same result four times is one success", () =>
  forgotten(async (run, payout) => {
    for (let i = 0; i < 4; i++) await tell(run, payout.id, "payout_result", result(payout));
    assert.deepEqual(await run.sql("SELECT copies FROM notices"), [[4]]);
    assert.equal((await eventTypes(run, payout.id)).filter((type) => type === "payout.succeeded").length, 1);
  }));

Deno.test("two receipts for one payout are an alert for a person", () =>
  forgotten(async (run, payout) => {
    await tell(run, payout.id, "payout_result", result(payout));
    await tell(run, payout.id, "payout_result", result(payout, {}, { TransactionReceipt: "UKM9Z9Z9Z9" }));
    assert.equal(run.logged("payout_paid_twice")[0]?.level, "alert");
    assert.equal((await getPayout(run, payout.id)).needs_person, true);
  }));

Deno.test("a result before the answer to the request is not lost", () => {
  const here: { run?: InProcess; payout?: PayoutView } = {};
  return inProcess(async (run) => {
    here.run = run;
    const payout = await createPayout(run, { phone_number: "254700009017" });
    here.payout = payout;
    await run.pass(100);
    assert.equal((await getPayout(run, payout.id)).status, "succeeded");
    assert.equal((await getPayout(run, payout.id)).conversation_id?.startsWith("AG_"), true);
  }, {
    daraja: async (request) => {
      const { run, payout } = here;
      if (!request.url.includes("/b2c/") || run === undefined || payout === undefined) return null;
      const capability = run.services.capabilities.mint("payout_result", payout.id);
      await run.notify(capability, JSON.stringify(result(payout)));
      return null;
    },
  });
});
