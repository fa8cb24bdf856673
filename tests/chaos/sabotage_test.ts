import assert from "node:assert/strict";
import { sabotageNames } from "./child/sabotage.ts";
import { chaos } from "./run.ts";

/** What shows a bug as a rule; a bug that hides takes a seed more. */
const SECONDS = 8;
const least = { operations: 200, faults: 60, kinds: 10, kills: 2 };
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

for (const sabotage of sabotageNames) {
  Deno.test(`the run finds a planted bug: ${sabotage}`, async () => {
    for (const seed of SEEDS) {
      const { good, verdict } = await chaos({
        seed,
        seconds: SECONDS,
        least,
        database: "file",
        processes: 1,
        sharedAccounts: false,
        sabotage,
      });
      if (!good) {
        assert.notEqual(verdict.findings.length, 0);
        return;
      }
    }
    assert.fail(`${sabotage} was not found in ${SEEDS.length} runs.`);
  });
}
