import assert from "node:assert/strict";
import { chaos } from "./run.ts";

const least = { operations: 300, faults: 100, kinds: 12, kills: 3 };

Deno.test("300 operations under 100 faults lose nothing, record nothing twice and pay nothing twice", async () => {
  const { good, text, faults, kinds, operations } = await chaos({
    seed: 1,
    seconds: 15,
    least,
    database: "file",
    processes: 1,
    sharedAccounts: false, // ADR 0017 says what is open with them: `deno task chaos` finds it
    sabotage: null,
  });
  assert.ok(good, text);
  assert.ok(faults >= least.faults && kinds >= least.kinds && operations >= least.operations, text);
});
