import assert from "node:assert/strict";
import { payoutFaults, phoneOf, promptFaults } from "../../src/pages/reference/test-numbers.ts";
import { failureRows } from "../../src/pages/reference/failure-table.ts";
import { faultOf, payoutCodeOf } from "../../src/simulator/b2c/scenarios.ts";
import { stkScenario } from "../../src/simulator/stk/scenarios.ts";

const all = Array.from({ length: 10_000 }, (_, i) => String(i).padStart(4, "0"));
const usualPrompt = JSON.stringify(stkScenario("254712345678"));
const usualPayout = JSON.stringify(faultOf("254712345678"));

Deno.test("the page of test numbers has each fault of the simulator, and no other", () => {
  const prompts = all.filter((lastFour) => {
    const scenario = stkScenario(lastFour);
    return JSON.stringify({ ...scenario, code: 0 }) !== usualPrompt || typeof scenario.code === "string";
  });
  assert.deepEqual(promptFaults.map(({ lastFour }) => lastFour), prompts);
  const payouts = all.filter((lastFour) => JSON.stringify(faultOf(lastFour)) !== usualPayout);
  assert.deepEqual(payoutFaults.map(({ lastFour }) => lastFour), payouts);
});

Deno.test("the page has a phone for each result code that the simulator plays, and for no other", () => {
  const played = {
    prompts: (phone: string) => String(stkScenario(phone).code),
    payouts: (phone: string) => String(payoutCodeOf(phone)),
  };
  for (const kind of ["prompts", "payouts"] as const) {
    for (const result of failureRows.flatMap((row) => row[kind])) {
      const phone = `25470000${result.padStart(4, "0")}`;
      const expected = /^\d{1,4}$/.test(result) && played[kind](phone) === result ? phone : null;
      assert.equal(phoneOf(kind, result), expected, `${kind} ${result}`);
    }
  }
});
