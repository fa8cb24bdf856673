import assert from "node:assert/strict";
import { applyFact } from "../../../src/domain/refunds/machine.ts";
import { type CarryingPayout, Evidence, type Fact, type Refund } from "../../../src/domain/refunds/machine/facts.ts";
import { needsPerson } from "../../../src/domain/refunds/machine/status.ts";
import { nextStep } from "../../../src/domain/refunds/plan.ts";

const ASKED = 150_000;
const fresh = (changes: Partial<Refund> = {}): Refund => ({
  id: "rfd_01kamcvdf2ej5s2k8sxw9ggk6s",
  merchant_id: "",
  shortcode_id: "",
  payment_id: "",
  payout_id: null,
  status: "queued",
  method: "reversal",
  amount: ASKED,
  currency: "KES",
  reason: "Out of stock",
  created_by: "",
  requests: [],
  evidence: 0,
  polls: 0,
  promised: true,
  needs_person: false,
  receipt: null,
  failure: null,
  result_code: null,
  result_description: null,
  resolution: null,
  send_after: 0,
  accepted_at: null,
  in_doubt_at: null,
  refunded_at: null,
  ended_at: null,
  created_at: 0,
  updated_at: 0,
  version: 1,
  ...changes,
});

const after = (facts: readonly Fact[], from: Refund = fresh()): Refund =>
  facts.reduce((refund, fact) => applyFact(refund, fact, 1), from);
const started = (n = 1): Fact => ({ kind: "started", n });
const accepted = (n = 1): Fact => ({ kind: "accepted", n, conversation: `AG_${n}` });
const ambiguous = (n = 1): Fact => ({ kind: "ambiguous", n });
const paid = (changes: Partial<(Fact & { kind: "paid" })["paid"]> = {}): Fact => ({
  kind: "paid",
  paid: {
    amount: ASKED,
    receipt: "UKN1A2B3C4",
    at: 5,
    foreign: false,
    conversation: "AG_1",
    description: "ok",
    ...changes,
  },
});
const ended = (kind: "failed" | "already", n = 1): Fact => ({
  kind,
  conversation: `AG_${n}`,
  failure: kind === "already" ? "already_reversed" : "insufficient_float",
  resultCode: "1",
  description: "no",
});
const resolved = (outcome: "succeeded" | "failed"): Fact => ({
  kind: "resolved",
  resolution: { outcome, evidence: "portal", receipt: null, by: "cli_operator", at: 1 },
});
const payout = (changes: Partial<CarryingPayout>): Fact => ({
  kind: "payout",
  payout: { status: "submitted", receipt: null, paid_at: null, failure: null, ...changes },
});
const doubts: readonly Fact[] = [
  { kind: "queue_timeout" },
  { kind: "unclear", resultCode: "17", description: "?" },
  { kind: "not_found" },
  { kind: "overdue" },
  { kind: "plan_ended" },
];

Deno.test("a reversal of more or less than was asked, or of another payment, is a mismatch for a person", () => {
  for (const report of [{ amount: ASKED - 100 }, { amount: ASKED + 100 }, { foreign: true }]) {
    const doubt = after([started(), accepted(), paid(report)]);
    assert.deepEqual([doubt.status, doubt.receipt, needsPerson(doubt)], ["in_doubt", null, true]);
    assert.deepEqual(
      nextStep(doubt, 1),
      { action: "nothing", at: Infinity },
      "it is neither asked about nor sent again",
    );
    assert.equal(
      after([ended("failed")], doubt).status,
      "in_doubt",
      "a failure does not settle which amount went back",
    );
  }
  assert.equal(after([started(), accepted(), paid({ amount: null })]).status, "succeeded");
});

for (const doubt of doubts) {
  Deno.test(`a reversal that was taken is in doubt, and not failed, after: ${doubt.kind}`, () => {
    const refund = after([started(), accepted(), doubt]);
    assert.deepEqual([refund.status, refund.promised], ["in_doubt", true]);
    assert.equal(nextStep(refund, 1).action, doubt.kind === "plan_ended" ? "nothing" : "ask");
  });
}

Deno.test("a reversal is under way until something ends it", () => {
  assert.equal(after([started()]).status, "submitted");
  assert.equal(after([started(), accepted()]).status, "submitted");
  assert.equal(after([started(), ambiguous()]).status, "in_doubt");
  assert.equal(after([started(), accepted(), ended("failed")]).status, "failed");
});

Deno.test("a request that never left is sent again when its pause is over, and counts as none", () => {
  const waiting = after([started(), { kind: "unsent", n: 1, retryAt: 9 }]);
  assert.deepEqual([waiting.status, nextStep(waiting, 1)], ["queued", { action: "send", at: 9 }]);
  assert.equal(after([started()], after([started()])).requests.length, 1);
});

Deno.test("a refund that failed releases its part of the payment, unless somebody else has reversed the payment", () => {
  assert.equal(after([started(), accepted(), ended("failed")]).promised, false);
  assert.equal(after([started(), accepted(), ended("already")]).promised, true);
  assert.equal(after([started(), accepted(), ended("failed"), paid()]).promised, true);
});

Deno.test("money that went back stays so, with its receipt, whatever comes later", () => {
  const done = after([started(), accepted(), paid()]);
  for (const fact of [ended("failed"), ended("already"), ...doubts, paid({ amount: 1 })]) {
    const later = after([fact], done);
    assert.deepEqual([later.status, later.receipt, later.failure], ["succeeded", "UKN1A2B3C4", null], fact.kind);
    assert.deepEqual([later.result_code, later.result_description], ["0", "ok"], fact.kind);
  }
  assert.equal(after([started(), accepted(), ended("failed"), paid()]).requests[0]?.state, "paid");
});

Deno.test("money that went back under two receipts is shown to a person", () => {
  const twice = after([started(), accepted(), paid(), paid({ receipt: "UKN9Z9Z9Z9" })]);
  assert.deepEqual([twice.status, needsPerson(twice)], ["succeeded", true]);
  assert.notEqual(twice.evidence & Evidence.twice, 0);
});

Deno.test("'already reversed' is our success only beside another request without a clear answer", () => {
  const second = [started(), ambiguous(), started(2)];
  assert.equal(after([...second, accepted(2), ended("already", 2)]).status, "succeeded");
  assert.equal(after([started(), accepted(), ended("already")]).status, "in_doubt", "we, or somebody else");
  const underWay = after([...second, accepted(2), started(3), accepted(3), ended("already", 2)]);
  assert.notEqual(underWay.status, "succeeded", "the third request may still say that it did it");
  const calling = after([...second, accepted(2), started(3), ended("already", 2)]);
  assert.notEqual(calling.status, "succeeded", "the third request is being sent");
});

Deno.test("a result is booked on the request that it names, and a later answer does not hide it", () => {
  const two = after([started(), accepted(), started(2), accepted(2), ended("failed", 2)]);
  assert.deepEqual(two.requests.map(({ state }) => state), ["accepted", "failed"]);
  assert.equal(after([ambiguous(2)], two).requests[1]?.state, "failed");
  const early = after([started(), ended("failed"), accepted()]);
  assert.equal(early.requests[0]?.state, "failed", "the result came before the answer");
});

Deno.test("unclear reversals are sent three times at most, and never beside one that was taken", () => {
  const one = after([started(), ambiguous()]);
  assert.equal(nextStep(one, 1).action, "send");
  const three = after([started(2), ambiguous(2), started(3), ambiguous(3)], one);
  assert.equal(nextStep(three, 1).action, "stop_polling"); // there is no id to ask with
  const taken = after([started(2), accepted(2)], one);
  assert.deepEqual([taken.status, nextStep(taken, 1).action], ["in_doubt", "ask"]);
  assert.equal(nextStep(after([started(), accepted(), { kind: "overdue" }]), 1).action, "ask");
});

Deno.test("a person's verdict decides, and the last one counts", () => {
  const doubt = after([started(), ambiguous()]);
  assert.equal(after([resolved("succeeded")], doubt).status, "succeeded");
  assert.equal(after([resolved("failed")], doubt).status, "failed");
  assert.equal(after([resolved("failed"), resolved("succeeded")], doubt).status, "succeeded");
});

Deno.test("a refused reversal fails and is not sent again", () => {
  const refused = after([started(), { ...ended("failed"), kind: "refused", n: 1 } as Fact]);
  assert.deepEqual([refused.status, nextStep(refused, 1).action], ["failed", "nothing"]);
});

Deno.test("each question is counted, so that the plan ends", () => {
  assert.equal(after([started(), ambiguous(), { kind: "polled" }, { kind: "polled" }]).polls, 2);
});

Deno.test("a refund by payout follows its payout, and is never reversed", () => {
  const carried = fresh({ method: "payout", payout_id: "pyt_1" });
  assert.deepEqual(nextStep(carried, 1), { action: "nothing", at: Infinity });
  const status = (changes: Partial<CarryingPayout>) => {
    const refund = after([payout(changes)], carried);
    return [refund.status, refund.promised];
  };
  assert.deepEqual(status({ status: "submitted" }), ["submitted", true]);
  assert.deepEqual(status({ status: "in_doubt" }), ["in_doubt", true]);
  assert.deepEqual(status({ status: "succeeded", receipt: "UKN1A2B3C4" }), ["succeeded", true]);
  for (const ended of ["failed", "rejected", "cancelled"] as const) {
    assert.deepEqual(status({ status: ended }), ["failed", false]);
  }
});
