import assert from "node:assert/strict";
import { type Attempt, Evidence } from "../../../src/domain/checkouts/machine.ts";
import { canQuery, isPolled, nextCheckAt, nextPoll } from "../../../src/domain/checkouts/plan.ts";
import { checkoutWithAttempts, newAttempt } from "./fixtures.ts";

const accepted = (changes: Partial<Attempt> = {}): Attempt => ({
  ...newAttempt(0),
  request_ids: new Uint8Array(1),
  ...changes,
});

Deno.test("Daraja is asked only about a push that it took, and that nobody has called paid", () => {
  assert.equal(canQuery(accepted()), true);
  assert.equal(canQuery(accepted({ status: "unknown", evidence: Evidence.planEnded })), true);
  assert.equal(canQuery(accepted({ request_ids: null })), false);
  for (const status of ["succeeded", "failed"] as const) assert.equal(canQuery(accepted({ status })), false);
  assert.equal(canQuery(accepted({ status: "unknown", evidence: Evidence.mismatch })), true);
  for (const evidence of [Evidence.exact, Evidence.claimed, Evidence.mismatch | Evidence.claimed, Evidence.second]) {
    assert.equal(canQuery(accepted({ status: "unknown", evidence })), false);
  }
});

Deno.test("after a callback with another amount Daraja is asked by the plan, until it has said paid or failed, or the plan ends", () => {
  const contradicted = (more: number) => isPolled(accepted({ status: "unknown", evidence: Evidence.mismatch | more }));
  assert.equal(contradicted(0), true);
  const { exact, claimed, failedByCallback, failedByQuery, planEnded } = Evidence;
  for (const bit of [exact, claimed, failedByCallback, failedByQuery, planEnded]) {
    assert.equal(contradicted(bit), false);
  }
  assert.equal(isPolled(accepted({ status: "unknown", evidence: planEnded })), false);
});

Deno.test("the plan has seven polls and ends with the last one; a push without ids has none", () => {
  const polls = Array.from({ length: 8 }, (_, polls) => nextPoll(accepted({ polls }), 1));
  assert.deepEqual(polls.map(({ last }) => last), [false, false, false, false, false, false, true, true]);
  assert.equal(nextPoll(accepted({ request_ids: null }), 1).last, true);
});

Deno.test("an open checkout is looked at when it expires, one with a prompt at its next poll, a settled one never", () => {
  const { checkout } = checkoutWithAttempts(0);
  assert.equal(nextCheckAt(checkoutWithAttempts(0), 1), checkout.expires_at);
  const attempt = accepted({ created_at: checkout.created_at });
  const pending = { ...checkoutWithAttempts(0), attempts: [attempt] };
  assert.ok(isPolled(attempt));
  assert.equal(nextCheckAt(pending, 1), nextPoll(attempt, 1).at);
  const paid = {
    ...pending,
    checkout: { ...checkout, status: "succeeded" as const },
    attempts: [accepted({ status: "succeeded" })],
  };
  assert.equal(nextCheckAt(paid, 1), Infinity);
});
