import assert from "node:assert/strict";
import { applyFact } from "../../../src/domain/payouts/machine.ts";
import type { Fact, Payout } from "../../../src/domain/payouts/machine/facts.ts";
import { hasEnded, isCalling, needsPerson } from "../../../src/domain/payouts/machine/status.ts";
import { nextStep, type Plan } from "../../../src/domain/payouts/plan.ts";
import { after, Evidence, fact, fresh, NOW } from "./facts.ts";

const { started, unsent, accepted, ambiguous, duplicate, notFound, refused, paid, failed } = fact;
const MINUTE_MS = 60_000;
const plan: Plan = { scale: 1, approvalExpiresMs: 86_400_000, idempotent: true };
const actionOf = (payout: Payout, now = NOW, changes: Partial<Plan> = {}): string =>
  nextStep(payout, { ...plan, ...changes }, now).action;

for (const destination of ["paybill", "till", "b2c_account", "kra"] as const) {
  Deno.test(`a payment to a ${destination} that was not found is never sent again, because it carries no id of ours`, () => {
    const missing = after([started(), ambiguous, notFound], fresh({ destination, receiver: "777770" }));
    assert.equal(missing.status, "in_doubt");
    assert.notEqual(actionOf(missing), "send");
  });
}

Deno.test("only a finding since the last request lets it be sent again", () => {
  assert.equal(actionOf(after([started(), ambiguous])), "ask", "nobody looked for it");
  const missing = after([started(), ambiguous, notFound]);
  assert.equal(actionOf(missing), "send");
  assert.equal(actionOf(after([started(2), ambiguous], missing)), "ask", "nobody looked for the second request");
});

for (
  const [what, proof] of [["known", duplicate], ["unclear", fact.unclear], [
    "another amount",
    paid({ amount: 1 }),
  ]] as const
) {
  Deno.test(`a payout that was not found is not sent again where a notice says: ${what}`, () => {
    assert.equal(actionOf(after([started(), ambiguous, proof, notFound])), "ask");
  });
}

Deno.test("the hour in which Daraja remembers an id begins with the first request, not with the last", () => {
  const first = applyFact(fresh(), started(), NOW);
  const facts: readonly Fact[] = [started(2), ambiguous, notFound];
  const second = facts.reduce((payout, next) => applyFact(payout, next, NOW + 50 * MINUTE_MS), first);
  assert.equal(second.first_sent_at, NOW);
  assert.equal(actionOf(second, NOW + 59 * MINUTE_MS), "send");
  assert.equal(actionOf(second, NOW + 60 * MINUTE_MS), "ask");
});

Deno.test("while payouts are paused, a queued one waits and one in doubt is only asked about", () => {
  assert.deepEqual(nextStep(fresh(), { ...plan, paused: true }, NOW), { action: "send", at: NOW + 10 * MINUTE_MS });
  assert.equal(actionOf(after([started(), ambiguous, notFound]), NOW, { paused: true }), "ask");
});

Deno.test("a payout that a person has to decide is neither asked about nor sent", () => {
  const left = after([started(), ambiguous, notFound, fact.planEnded]);
  assert.equal(actionOf(left), "nothing");
  assert.ok(needsPerson(left));
});

Deno.test("a payout of another amount, more or less, is a mismatch for a person and never paid", () => {
  for (const amount of [149_900, 150_100]) {
    const doubt = after([started(), accepted, paid({ amount })]);
    assert.deepEqual([doubt.status, doubt.receipt, needsPerson(doubt)], ["in_doubt", null, true]);
  }
  const refusedToo = after([started(), paid({ amount: 149_900 }), failed()]);
  assert.equal(refusedToo.status, "in_doubt", "a failure does not settle which amount left");
});

Deno.test("a payout is under way while a request has no answer, and only then", () => {
  assert.equal(isCalling(after([started()])), true);
  assert.equal(isCalling(fresh()), false);
  assert.equal(isCalling(after([started(), unsent()])), false);
  for (const answer of [accepted, ambiguous, duplicate, refused]) {
    assert.equal(isCalling(after([started(), answer])), false, answer.kind);
  }
});

Deno.test("a refusal proves nothing while an earlier request may have been taken", () => {
  for (const earlier of [accepted, ambiguous, duplicate, fact.unclear, fact.queueTimeout, notFound]) {
    const status = after([started(), earlier, started(2), refused]).status;
    assert.equal(status, earlier === accepted ? "submitted" : "in_doubt", earlier.kind);
  }
});

Deno.test("an older request changes nothing about a newer one", () => {
  const second = after([started(), unsent(), started(2)]);
  assert.deepEqual([second.sends, after([started()], second).sends], [2, 2]);
  assert.equal(after([unsent(2), unsent(1)], second).unsent, 2);
});

Deno.test("a request that was turned away is sent again when its pause is over", () => {
  const waiting = after([started(), unsent()]);
  assert.deepEqual(nextStep(waiting, plan, NOW), { action: "send", at: NOW + 5_000 });
  assert.equal(after([{ kind: "unsent", n: 1, retryAt: NOW + 1 }], waiting).send_after, NOW + 5_000);
});

Deno.test("the receipt and the fee stay, whatever comes later; of two verdicts the last one counts", () => {
  const once = after([started(), paid({ fee: 560 }), paid({ receipt: null })]);
  assert.deepEqual([once.receipt, once.fee], ["UKM1A2B3C4", 560]);
  assert.equal(after([paid({ fee: 700 })], once).fee, 560);
  const settled = after([started(), ambiguous, fact.resolved("failed")]);
  const again = after([fact.resolved("succeeded")], settled);
  assert.deepEqual([again.resolution?.outcome, again.status], ["succeeded", "succeeded"]);
});

Deno.test("a person's verdict decides a payout in doubt", () => {
  assert.equal(after([started(), ambiguous, fact.resolved("succeeded")]).status, "succeeded");
  assert.equal(after([started(), ambiguous, fact.resolved("failed")]).status, "failed");
  assert.equal(after([started(), ambiguous, fact.resolved("failed")]).held, false);
});

Deno.test("money that certainly did not leave is not held, and any other is", () => {
  const waiting = fresh({ approval_required: true, status: "awaiting_approval" });
  assert.equal(after([started(), accepted, failed()]).held, false);
  assert.deepEqual([after([fact.rejected], waiting).status, after([fact.rejected], waiting).held], ["rejected", false]);
  assert.deepEqual([after([fact.cancelled]).status, after([fact.cancelled]).held], ["cancelled", false]);
  for (const facts of [[started()], [started(), ambiguous], [started(), paid()], [started(), failed(), paid()]]) {
    assert.equal(after(facts).held, true);
  }
});

Deno.test("of several failures a result counts before a status query, and that before a refusal", () => {
  const result = failed("result", "2040");
  const status: Fact = {
    kind: "failed",
    via: "status",
    failure: "transaction_declined",
    resultCode: null,
    description: "d",
  };
  for (const facts of [[result, status], [status, result]]) {
    assert.equal(after([started(), accepted, ...facts]).failure, "recipient_not_registered");
  }
  for (const facts of [[status, refused], [refused, status]]) {
    assert.equal(after([started(), ...facts]).failure, "transaction_declined");
  }
});

Deno.test("each question is counted, so that the plan ends", () => {
  const doubt = after([started(), ambiguous]);
  assert.equal(after([{ kind: "polled" }, { kind: "polled" }], doubt).polls, 2);
});

Deno.test("a paid, failed, rejected or cancelled payout has ended, and no other", () => {
  const ended = [
    "awaiting_approval",
    "queued",
    "submitted",
    "in_doubt",
    "succeeded",
    "failed",
    "rejected",
    "cancelled",
  ] as const;
  assert.deepEqual(ended.filter(hasEnded), ["succeeded", "failed", "rejected", "cancelled"]);
  assert.ok(needsPerson(fresh({ status: "succeeded", evidence: Evidence.paid | Evidence.twice })));
  assert.ok(!needsPerson(fresh({ status: "succeeded", evidence: Evidence.paid | Evidence.mismatch })));
});
