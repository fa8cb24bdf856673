import assert from "node:assert/strict";
import type { Fact } from "../../../src/domain/payouts/machine/facts.ts";
import { needsPerson } from "../../../src/domain/payouts/machine/status.ts";
import { nextStep, type Plan } from "../../../src/domain/payouts/plan.ts";
import { after, Evidence, fact, fresh, NOW } from "./facts.ts";

const { started, unsent, accepted, ambiguous, duplicate, notFound, refused, paid, failed } = fact;

const endings: readonly (readonly [string, readonly Fact[], string])[] = [
  ["a call under way is submitted", [started()], "submitted"],
  ["a call that never left is queued again", [started(), unsent()], "queued"],
  ["an accepted request is submitted", [started(), accepted], "submitted"],
  ["a refused request is failed", [started(), refused], "failed"],
  ["an unclear answer is in doubt", [started(), ambiguous], "in_doubt"],
  ["a duplicate means that the first was taken: in doubt", [started(), duplicate], "in_doubt"],
  ["a queue timeout is in doubt", [started(), accepted, fact.queueTimeout], "in_doubt"],
  ["a result code that proves nothing is in doubt", [started(), accepted, fact.unclear], "in_doubt"],
  ["no result in time is in doubt", [started(), accepted, fact.overdue], "in_doubt"],
  ["a transaction that can't be found is in doubt", [started(), accepted, notFound], "in_doubt"],
  ["a refused second request says nothing of the first", [started(), ambiguous, started(2), refused], "in_doubt"],
  [
    "a second request that never left leaves the first in doubt",
    [started(), ambiguous, started(2), unsent(2)],
    "in_doubt",
  ],
  ["a terminal result is failed", [started(), accepted, failed()], "failed"],
  ["paid after failed is succeeded", [started(), failed(), paid()], "succeeded"],
  ["failed after paid is succeeded", [started(), paid(), failed()], "succeeded"],
  ["paid after a person said failed is succeeded", [ambiguous, fact.resolved("failed"), paid()], "succeeded"],
  ["paid with another amount stays in doubt", [started(), accepted, paid({ amount: 150_100 })], "in_doubt"],
  ["paid with another payout's receipt stays in doubt", [started(), accepted, paid({ foreign: true })], "in_doubt"],
  ["a person may settle a mismatch", [started(), paid({ amount: 1 }), fact.resolved("failed")], "failed"],
  ["the right amount after a wrong one is succeeded", [started(), paid({ amount: 1 }), paid()], "succeeded"],
];

for (const [rule, facts, status] of endings) {
  Deno.test(rule, () => assert.equal(after(facts).status, status));
}

Deno.test("two receipts for one payout call for a person, and are not hidden by success", () => {
  const twice = after([started(), paid(), paid({ receipt: "UKM9Z9Z9Z9" })]);
  assert.equal(twice.status, "succeeded");
  assert.equal(twice.receipt, "UKM1A2B3C4");
  assert.ok(twice.evidence & Evidence.twice);
  assert.ok(needsPerson(twice));
});

Deno.test("a fact learnt twice changes nothing", () => {
  const once = after([started(), accepted, failed()]);
  for (const again of [started(), accepted, failed()]) assert.deepEqual(after([again], once), once);
});

const plan: Plan = { scale: 1, approvalExpiresMs: 86_400_000, idempotent: true };
const MINUTE = 60_000;
const minutesUntil = (at: number, from: number) => (at - from) / MINUTE;
const near = (minutes: number, wanted: number) =>
  assert.ok(minutes >= wanted && minutes <= wanted * 1.1, `${minutes} is not ${wanted}, at most a tenth later`);

Deno.test("a payout without a result is asked after at 2 min and in doubt at 10", () => {
  const taken = after([started(), accepted]);
  const since = taken.accepted_at ?? 0;
  const first = nextStep(taken, plan, since);
  assert.equal(first.action, "ask");
  near(minutesUntil(first.at, since), 2);
  const second = nextStep(after([{ kind: "polled" }], taken), plan, since);
  assert.deepEqual([second.action, minutesUntil(second.at, since)], ["mark_in_doubt", 10]);
});

Deno.test("in doubt it is asked at 30 s, 2, 5, 15 and 60 min, then hourly for a day, then left to a person", () => {
  let payout = after([started(), ambiguous]);
  const since = payout.in_doubt_at ?? 0;
  for (const minutes of [0.5, 2, 5, 15, 60, ...Array.from({ length: 24 }, (_, i) => 120 + i * 60)]) {
    const { action, at } = nextStep(payout, plan, since);
    assert.equal(action, "ask");
    near(minutesUntil(at, since), minutes);
    payout = after([{ kind: "polled" }], payout);
  }
  assert.ok(!needsPerson(payout), "no person is called while Daraja is asked");
  const stop = nextStep(payout, plan, since);
  assert.deepEqual([stop.action, minutesUntil(stop.at, since)], ["stop_polling", 25 * 60 + 10]);
  const left = after([fact.planEnded], payout);
  assert.deepEqual(nextStep(left, plan, since), { action: "nothing", at: Infinity });
  assert.ok(needsPerson(left));
});

Deno.test("the scale multiplies the plan's times, but not how long an approval may take", () => {
  const scaled = { ...plan, scale: 0.01 };
  const taken = after([started(), accepted]);
  near(minutesUntil(nextStep(taken, scaled, NOW).at, taken.accepted_at ?? 0), 0.02);
  const waiting = fresh({ approval_required: true, status: "awaiting_approval" });
  assert.deepEqual(nextStep(waiting, scaled, NOW), { action: "expire", at: NOW + 86_400_000 });
});

Deno.test("the same request goes out again only when it was not found, is not known, and its id is young", () => {
  const missing = after([started(), ambiguous, notFound]);
  assert.equal(nextStep(missing, plan, NOW).action, "send");
  assert.equal(nextStep(missing, { ...plan, idempotent: false }, NOW).action, "ask");
  assert.equal(nextStep(missing, { ...plan, paused: true }, NOW).action, "ask");
  assert.equal(nextStep(missing, plan, NOW + 61 * MINUTE).action, "ask");
  assert.equal(nextStep(after([duplicate], missing), plan, NOW).action, "ask");
  assert.equal(nextStep(after([started(2)], missing), plan, NOW).action, "mark_ambiguous"); // its call is under way
  assert.equal(nextStep(after([started(2), ambiguous, notFound], missing), plan, NOW).action, "send");
  assert.equal(nextStep(after([paid({ amount: 1 })], missing), plan, NOW).action, "ask");
  assert.equal(nextStep(after([fact.unclear], missing), plan, NOW).action, "ask");
});

Deno.test("a request that never left does not end what Transaction Status has not found: the same one goes out again", () => {
  const missing = after([started(), ambiguous, notFound]);
  const turnedAway = after([started(2), unsent(2)], missing);
  assert.equal(turnedAway.status, "in_doubt");
  assert.deepEqual(nextStep(turnedAway, plan, NOW), { action: "send", at: NOW + 5_000 });
  assert.equal(nextStep(after([started(3), unsent(3)], turnedAway), plan, NOW).action, "send");
  assert.equal(nextStep(turnedAway, plan, NOW + 61 * MINUTE).action, "ask");
  assert.equal(nextStep(after([started(3), ambiguous], turnedAway), plan, NOW).action, "ask");
  assert.equal(nextStep(after([started(2), ambiguous, started(3), unsent(3)], missing), plan, NOW).action, "ask");
  assert.equal(nextStep(after([started(), ambiguous, started(2), unsent(2)]), plan, NOW).action, "ask", "never asked");
});

Deno.test("a call that outlived its process is in doubt, and never sent anew as if nothing had been", () => {
  const calling = after([started()]);
  const { action, at } = nextStep(calling, plan, NOW);
  assert.equal(action, "mark_ambiguous");
  assert.ok(at >= (calling.sent_at ?? 0) + 40_000); // two token calls and two tries of 10 s each
});
