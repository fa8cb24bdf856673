import assert from "node:assert/strict";
import { readPayoutResult, readReversalResult, readStatusFinding } from "../../src/daraja/codes.ts";
import { parseResult, type ResultNotice } from "../../src/daraja/notices.ts";

function notice(fields: Record<string, unknown>, status?: string): ResultNotice {
  const item = { Key: "TransactionStatus", Value: status };
  const parameters = status === undefined ? {} : { ResultParameters: { ResultParameter: [item] } };
  const read = parseResult({ Result: { ResultType: 0, ResultCode: 0, ResultDesc: "", ...fields, ...parameters } });
  assert.equal(read.kind, "result");
  return read as ResultNotice; // as just checked
}

for (const [name, read] of [["payout", readPayoutResult], ["reversal", readReversalResult]] as const) {
  Deno.test(`a ${name} succeeds by code 0 alone, and only by a final result`, () => {
    assert.equal(read(notice({})).outcome, "succeeded");
    assert.equal(read(notice({ ResultType: 1 })).outcome, "in_doubt", "another result follows");
    assert.equal(read(notice({ ResultType: 1, ResultCode: 1 })).outcome, "in_doubt", "another result follows");
  });

  Deno.test(`a queue timeout proves nothing about a ${name}, whatever its code is`, () => {
    for (const ResultCode of [1, 2001, 99]) {
      const timeout = notice({ ResultCode, ResultDesc: "The service request timed out." });
      assert.equal(read(timeout).outcome, "in_doubt");
    }
  });

  Deno.test(`a code without a row proves nothing about a ${name}`, () => {
    assert.equal(read(notice({ ResultCode: 99 })).outcome, "in_doubt");
    assert.equal(read(notice({ ResultCode: 17 })).outcome, "in_doubt");
  });
}

Deno.test("codes of payouts do not settle reversals", () => {
  for (const ResultCode of [2040, 8, "SFC_IC0003"]) {
    assert.equal(readPayoutResult(notice({ ResultCode })).outcome, "failed");
    assert.equal(readReversalResult(notice({ ResultCode })).outcome, "in_doubt");
  }
  assert.deepEqual(readReversalResult(notice({ ResultCode: "R000001" })), {
    outcome: "failed",
    failure: "already_reversed",
  });
});

Deno.test("a status query that ran says only what it found", () => {
  const outcome = (status?: string) => readStatusFinding(notice({}, status)).outcome;
  assert.equal(outcome("Completed"), "completed");
  for (const status of ["Cancelled", "Declined", "Expired"]) assert.equal(outcome(status), "failed", status);
  for (const status of [undefined, "Initiated", "Authorized", "Completed soon", ""]) {
    assert.equal(outcome(status), "pending");
  }
});

Deno.test("a status query that did not run, or timed out, says nothing about the transaction", () => {
  assert.deepEqual(readStatusFinding(notice({ ResultCode: 2001 })).outcome, "query_failed");
  const timeout = notice({ ResultCode: 2033, ResultDesc: "Transaction not found, the request timed out." });
  assert.deepEqual(readStatusFinding(timeout), { outcome: "query_failed", failure: null });
});
