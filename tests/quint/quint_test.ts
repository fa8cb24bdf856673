import assert from "node:assert/strict";
import type { Step } from "./itf.ts";
import { type Difference, explain, replay } from "./replay.ts";
import { runQuint, type Specification, specifications, textOf } from "./run-quint.ts";
import { withStages } from "./stage.ts";

const OPTIONS = { seed: 1, traces: 80, steps: 18 };

/** The first difference between the service and these traces of a specification. */
async function firstDifference(
  name: Specification,
  traces: readonly (readonly Step[])[],
  env: Record<string, string> = {},
): Promise<Difference | null> {
  let found: Difference | null = null;
  await withStages(async (open) => {
    for (const trace of traces) {
      found = await replay(name, await open(), trace);
      if (found !== null) return;
    }
  }, env);
  return found;
}

for (const name of specifications) {
  Deno.test(`traces of ${name}.qnt take each action, and the service shows what is specified`, async () => {
    const text = await textOf(name);
    const traces = await runQuint(text, OPTIONS);
    const difference = await firstDifference(name, traces);
    assert.equal(difference, null, difference === null ? "" : explain(difference));
    const taken = new Set(traces.flat().map(({ action }) => action));
    for (const [, action = ""] of text.matchAll(/^ {2}action (\w+) = /gm)) {
      if (action !== "step") assert.ok(taken.has(action), `no trace takes ${action}`);
    }
  });
}

/** Rules of a specification, and the same rules changed. */
const planted = [
  [
    "checkout",
    "a query's failure outranks paid",
    'if (isPaid(p)) "paid"',
    'if (isPaid(p) and p.query != "failed") "paid"',
  ],
  [
    "checkout",
    "a confirmation is never the money of a query",
    "if (receipts > claims) receipts else claims",
    "receipts + claims",
  ],
  ["checkout", "a prompt without a word has failed", 'p.planEnded) "unknown"', 'p.planEnded) "failed"'],
  ["payout", "a person's word outranks paid", 'reported(s) == "succeeded" or s.verdict', "s.verdict"],
  ["payout", "a lost answer is a failure", 's.call == "refused")', 's.call.in(Set("refused", "lost")))'],
] as const;
for (const [name, rule, was, is] of planted) {
  Deno.test(`the replay notices a planted difference: ${rule}`, async () => {
    const text = await textOf(name);
    assert.equal(text.split(was).length, 2, "the text stands once");
    const unchecked = text.replace(was, is).replace(/val invariant = and \{[^}]*\}/, "val invariant = true");
    assert.notEqual(await firstDifference(name, await runQuint(unchecked, OPTIONS)), null);
  });
}

Deno.test("the replay notices a service that wants no approval", async () => {
  const traces = await runQuint(await textOf("payout"), { ...OPTIONS, traces: 1 });
  assert.notEqual(await firstDifference("payout", traces, { PAYOUT_APPROVAL_FROM_KES: "100000" }), null);
});

Deno.test("a broken invariant is told in Quint's words", async () => {
  const text = (await textOf("payout")).replace('state.moved implies state.decision == "approved"', "not(state.moved)");
  await assert.rejects(runQuint(text, OPTIONS), /Invariant violated/);
});
