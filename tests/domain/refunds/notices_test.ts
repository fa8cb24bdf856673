import assert from "node:assert/strict";
import type { RefundView } from "../../../src/domain/refunds/contract.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { createRefund, getPayment, getRefund, paidCheckout } from "../../support/money.ts";

type Kind = "refund_result" | "refund_timeout" | "refund_status_result" | "refund_status_timeout";

interface Case {
  readonly refund: RefundView;
  /** The receipt that is reversed. */
  readonly receipt: string;
  /** The conversation that M-Pesa gave the request. */
  readonly conversation: string;
}

const result = (fields: Record<string, unknown>, parameters: Record<string, unknown> = {}) => ({
  Result: {
    ResultType: 0,
    ResultCode: 0,
    ResultDesc: "The service request is processed successfully.",
    ...fields,
    ResultParameters: { ResultParameter: Object.entries(parameters).map(([Key, Value]) => ({ Key, Value })) },
  },
});

async function tell(run: InProcess, id: string, kind: Kind, body: unknown): Promise<void> {
  const answer = await run.notify(run.services.capabilities.mint(kind, id), JSON.stringify(body));
  assert.equal(answer.status, 200);
  await run.idle();
}

/** A refund by reversal that Daraja took and then forgot: only what the test tells settles it. */
const forgotten = (test: (run: InProcess, of: Case) => Promise<void>) =>
  inProcess(async (run) => {
    await test(run, await forgottenRefund(run, "0712349017"));
  });

async function forgottenRefund(run: InProcess, phone_number: string): Promise<Case> {
  const payment = await paidCheckout(run, { phone_number });
  const { id } = await createRefund(run, payment.id);
  await run.pass(100);
  const [[requests]] = await run.sql("SELECT requests FROM refunds WHERE id = ?", id) as [[string]];
  const [request] = JSON.parse(requests) as { state: string; conversation: string }[];
  assert.equal(request?.state, "accepted");
  return { refund: await getRefund(run, id), receipt: payment.receipt ?? "", conversation: request.conversation };
}

const done = ({ receipt, conversation }: Case, changes: Record<string, unknown> = {}) =>
  result({ ConversationID: conversation, TransactionID: "UKN1A2B3C4" }, {
    Amount: "1500.00",
    OriginalTransactionID: receipt,
    ...changes,
  });
const found = ({ conversation }: Case, TransactionStatus: string, changes: Record<string, unknown> = {}) =>
  result({ ConversationID: "AG_status", TransactionID: "UKM0000000" }, {
    TransactionStatus,
    Amount: "1500.00",
    ReceiptNo: "UKN1A2B3C4",
    ConversationID: conversation,
    ...changes,
  });

const statusOf = async (run: InProcess, { refund }: Case) => (await getRefund(run, refund.id)).status;
const problems = async (run: InProcess) =>
  (await run.sql("SELECT problem FROM notices WHERE status = 'quarantined' ORDER BY id")).flat();

Deno.test("the result of a reversal settles it, once, however often it comes", () =>
  forgotten(async (run, of) => {
    for (let i = 0; i < 3; i++) await tell(run, of.refund.id, "refund_result", done(of));
    assert.equal(await statusOf(run, of), "succeeded");
    assert.equal((await getPayment(run, of.refund.payment)).status, "refunded");
    assert.deepEqual(await run.sql("SELECT promised, refunded FROM refund_totals"), [[150_000, 150_000]]);
  }));

Deno.test("a reversal of another receipt is quarantined, and gives nothing back", () =>
  forgotten(async (run, of) => {
    await tell(run, of.refund.id, "refund_result", done(of, { OriginalTransactionID: "UKN7777777" }));
    assert.deepEqual([await statusOf(run, of), await problems(run)], ["in_doubt", ["another_payment"]]);
    assert.equal((await getPayment(run, of.refund.payment)).status, "matched");
  }));

for (const amount of ["1499.00", "1501.00"]) {
  Deno.test(`a reversal of KES ${amount} in place of 1500 is quarantined, and gives nothing back`, () =>
    forgotten(async (run, of) => {
      await tell(run, of.refund.id, "refund_result", done(of, { Amount: amount }));
      assert.deepEqual([await statusOf(run, of), await problems(run)], ["in_doubt", ["amount_differs"]]);
      assert.equal((await getPayment(run, of.refund.payment)).status, "matched");
      assert.equal((await getRefund(run, of.refund.id)).needs_person, true);
      assert.deepEqual(run.logged("refund_needs_person").map(({ level }) => level), ["alert"]);
    }));
}

Deno.test("a reversal whose amount can't be read is quarantined, and gives nothing back", () =>
  forgotten(async (run, of) => {
    await tell(run, of.refund.id, "refund_result", done(of, { Amount: "about 1500" }));
    assert.deepEqual([await statusOf(run, of), await problems(run)], ["in_doubt", ["amount_unreadable"]]);
    assert.equal((await getPayment(run, of.refund.payment)).status, "matched");
  }));

Deno.test("one receipt proves one refund", () =>
  forgotten(async (run, of) => {
    await tell(run, of.refund.id, "refund_result", done(of));
    const other = await forgottenRefund(run, "0722349017");
    await tell(run, other.refund.id, "refund_result", done(other));
    assert.deepEqual([await statusOf(run, other), await problems(run)], ["in_doubt", ["another_payment"]]);
  }));

for (
  const [status, becomes] of [
    ["Completed", "succeeded"],
    ["Declined", "failed"],
    ["Initiated", "submitted"],
    ["Something New", "submitted"],
  ] as const
) {
  Deno.test(`a status query about a reversal that ran and found ${status} leaves the refund ${becomes}`, () =>
    forgotten(async (run, of) => {
      await tell(run, of.refund.id, "refund_status_result", found(of, status));
      assert.equal(await statusOf(run, of), becomes);
    }));
}

Deno.test("a status answer about another transaction is quarantined, and settles nothing", () =>
  forgotten(async (run, of) => {
    await tell(run, of.refund.id, "refund_status_result", found(of, "Completed", { ConversationID: "AG_other" }));
    assert.deepEqual([await statusOf(run, of), await problems(run)], ["submitted", ["another_transaction"]]);
  }));

Deno.test("a reversal that was not found, timed out or ended by an unknown code is in doubt, never failed", async () => {
  const doubts: readonly (readonly [Kind, unknown])[] = [
    ["refund_status_result", result({ ResultCode: 2033, ResultDesc: "Transaction not found." })],
    ["refund_timeout", {}],
    ["refund_result", result({ ResultCode: 1, ResultDesc: "The service request timed out." })],
    ["refund_result", result({ ResultCode: 99, ResultDesc: "?" })],
  ];
  for (const [kind, body] of doubts) {
    await forgotten(async (run, of) => {
      await tell(run, of.refund.id, kind, body);
      assert.equal(await statusOf(run, of), "in_doubt", JSON.stringify(body));
      assert.deepEqual(await run.sql("SELECT promised, refunded FROM refund_totals"), [[150_000, 0]]);
    });
  }
});

Deno.test("a status query that did not run, or timed out, tells nothing about a reversal", () =>
  forgotten(async (run, of) => {
    await tell(run, of.refund.id, "refund_status_result", result({ ResultCode: 2001, ResultDesc: "declined" }));
    await tell(run, of.refund.id, "refund_status_timeout", {});
    assert.equal(await statusOf(run, of), "submitted");
  }));
