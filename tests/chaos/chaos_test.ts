import assert from "node:assert/strict";
import { chaos } from "./run.ts";

Deno.test("fifteen seconds of chaos lose nothing, record nothing twice and pay nothing twice", async () => {
  const { good, text, faults, kinds, operations } = await chaos({
    seed: 1,
    seconds: 15,
    database: "file",
    sabotage: null,
  });
  assert.ok(good, text);
  assert.ok(faults >= 50 && kinds >= 10 && operations >= 100, text);
});
