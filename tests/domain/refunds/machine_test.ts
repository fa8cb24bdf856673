import assert from "node:assert/strict";
import fc from "fast-check";
import type { Fact } from "../../../src/domain/refunds/machine/facts.ts";
import { accepted, already, ambiguous, failed, others, paid, sent, tell } from "./facts.ts";
import { nextStep } from "../../../src/domain/refunds/plan.ts";

Deno.test("what becomes of a refund does not hang on the order or number of what is told", () => {
  const answer = fc.constantFrom(accepted, ambiguous);
  const told = fc.subarray([paid, failed, ...others]).chain((some) =>
    fc.tuple(fc.constant(some), fc.shuffledSubarray([...some, ...some], { minLength: 2 * some.length }))
  );
  fc.assert(fc.property(answer, told, fc.nat(), (first, [some, shuffled], at) => {
    const expected = tell(sent, [first, ...some]);
    const place = at % (shuffled.length + 1); // the answer to the call itself may be stored late
    const other = tell(sent, [...shuffled.slice(0, place), first, ...shuffled.slice(place)]);
    assert.equal(other.status, expected.status);
    if (some.includes(paid)) assert.equal(other.status, "succeeded");
    if (!some.includes(paid) && !some.includes(failed)) assert.notEqual(other.status, "failed");
  }));
});

Deno.test("a request that died with its process is in doubt, never failed", () => {
  assert.equal(sent.status, "submitted");
  assert.equal(tell(sent, [ambiguous]).status, "in_doubt");
});

Deno.test("a request that never left is sent again, one that was refused fails", () => {
  assert.equal(tell(sent, [{ kind: "unsent", n: 1, retryAt: 9 }]).status, "queued");
  const refused = tell(sent, [{
    kind: "refused",
    n: 1,
    failure: "initiator_rejected",
    resultCode: null,
    description: "",
  }]);
  assert.deepEqual([refused.status, refused.promised], ["failed", false]);
});

Deno.test("'already reversed' is a success only while a request of ours is unexplained", () => {
  const twice = tell(sent, [ambiguous, { kind: "started", n: 2 }, { kind: "accepted", n: 2, conversation: "AG_2" }]);
  assert.equal(tell(twice, [already("AG_2")]).status, "succeeded");
  assert.equal(tell(twice, [already("AG_1")]).status, "submitted"); // the second one's result is still to come
  for (
    const unexplained of [tell(twice, [already("AG_1"), already("AG_2")]), tell(sent, [ambiguous, already("AG_1")])]
  ) {
    assert.deepEqual([unexplained.status, unexplained.promised, unexplained.needs_person], ["in_doubt", true, true]);
    assert.equal(nextStep(unexplained, 1).action, "nothing");
  }
});

Deno.test("a failure of one request proves nothing about another that is unexplained", () => {
  const twice = tell(sent, [ambiguous, { kind: "started", n: 2 }, { kind: "accepted", n: 2, conversation: "AG_2" }]);
  assert.equal(tell(twice, [{ ...failed, conversation: "AG_2" } as Fact]).status, "in_doubt");
});

Deno.test("paid back under two receipts is flagged for a person", () => {
  const second: Fact = { ...paid, paid: { ...paid.paid, receipt: "UKN9Z9Z9Z9" } };
  const after = tell(sent, [accepted, paid, second]);
  assert.equal(after.status, "succeeded");
  assert.notEqual(after.evidence & (1 << 9), 0);
});

Deno.test("a call that never came back is given up after 45 s, and asked for three times at most", () => {
  assert.deepEqual(nextStep({ ...sent, requests: [{ state: "calling", conversation: null, at: 1_000 }] }, 1), {
    action: "mark_ambiguous",
    at: 46_000,
  });
  let refund = sent;
  const steps: string[] = [];
  for (let n = 1; n <= 4; n++) {
    refund = tell(refund, [{ kind: "started", n }, { kind: "ambiguous", n }]);
    steps.push(nextStep(refund, 1).action);
  }
  assert.deepEqual(steps, ["send", "send", "stop_polling", "stop_polling"]); // there is no id to ask with
});

Deno.test("while a request is known to M-Pesa it is asked after, and no second one is sent", () => {
  const taken = tell(sent, [ambiguous, { kind: "taken", conversation: "AG_1" }, { kind: "queue_timeout" }]);
  assert.equal(taken.status, "in_doubt");
  assert.equal(nextStep(taken, 1).action, "ask");
});

Deno.test("a result whose money can't be read leaves a refund in doubt for a person, and outranks a failure", () => {
  for (const facts of [[{ kind: "mismatch" }, failed], [failed, { kind: "mismatch" }]] as const) {
    const refund = tell(sent, [accepted, ...facts]);
    assert.deepEqual([refund.status, refund.promised, nextStep(refund, 1).action], ["in_doubt", true, "nothing"]);
    assert.equal(tell(refund, [paid]).status, "succeeded");
  }
});
