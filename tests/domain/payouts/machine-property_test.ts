import assert from "node:assert/strict";
import fc from "fast-check";
import type { Fact } from "../../../src/domain/payouts/machine/facts.ts";
import { after, anyFact, essence, fact, fresh, implied } from "./facts.ts";

const resolution = fc.option(fc.constantFrom("succeeded" as const, "failed" as const), { nil: null });
const story = fc.tuple(fc.array(anyFact, { maxLength: 12 }), resolution, fc.boolean()).map(
  ([facts, outcome, approval]): { facts: Fact[]; approval: boolean } => ({
    facts: outcome === null ? facts : [...facts, fact.resolved(outcome)],
    approval,
  }),
);

const shuffled = (facts: Fact[]) =>
  fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }).chain((order) =>
    fc.subarray(facts).map((again) => [...order, ...again])
  );

Deno.test("the state of a payout is a function of the set of facts, in any order and any number", () => {
  const both = story.chain(({ facts, approval }) =>
    fc.tuple(fc.constant(facts), shuffled(facts), fc.constant(approval))
  );
  fc.assert(
    fc.property(both, ([facts, again, approval_required]) => {
      const from = fresh({ approval_required, status: approval_required ? "awaiting_approval" : "queued" });
      assert.deepEqual(essence(after(again, from)), essence(after(facts, from)));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("the state is the one that the rules imply", () => {
  fc.assert(
    fc.property(story, ({ facts, approval }) => {
      const from = fresh({ approval_required: approval, status: approval ? "awaiting_approval" : "queued" });
      assert.equal(after(facts, from).status, implied(facts, approval));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("once paid, nothing makes it anything else", () => {
  fc.assert(
    fc.property(story, story, (before, later) => {
      const paid = after([...before.facts, fact.paid()]);
      assert.equal(after(later.facts, paid).status, "succeeded");
    }),
    { numRuns: 500 },
  );
});

Deno.test("what may have left is never called failed for want of an answer", () => {
  const silent = fc.array(
    fc.constantFrom(
      fact.ambiguous,
      fact.duplicate,
      fact.queueTimeout,
      fact.notFound,
      fact.overdue,
      fact.planEnded,
      fact.unclear,
      fact.refused,
      fact.accepted,
    ),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(silent, (facts) => {
      const { status } = after([fact.started(), ...facts]);
      const onlyRefused = facts.every((f) => f === fact.refused || f === fact.overdue || f === fact.planEnded);
      assert.equal(status === "failed", onlyRefused && facts.includes(fact.refused));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("the allowance is held exactly while the money may have left or may yet leave", () => {
  fc.assert(
    fc.property(story, ({ facts }) => {
      const payout = after(facts);
      assert.equal(payout.held, !["failed", "rejected", "cancelled"].includes(payout.status));
    }),
  );
});
