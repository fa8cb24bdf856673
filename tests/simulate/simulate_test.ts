import "./host/globals.ts";
import assert from "node:assert/strict";
import { type Plan, planOf } from "./plan.ts";
import { storyOf } from "./report.ts";
import { simulate } from "./run.ts";

/** The gate runs these; `deno task simulate --seeds A..B` runs as many as one likes. */
const SEEDS = 60;
const TWICE = 20;
const regressions = new URL("regressions/", import.meta.url);

Deno.test("whatever fails and whatever comes first, money ends where the model allows, and all settles", async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const outcome = await simulate(planOf(seed));
    assert.equal(outcome.violations.length, 0, `${storyOf(outcome)}\nSee: deno task simulate --seed ${seed}`);
  }
});

Deno.test("a seed always gives the same history, whatever ran before it", async () => {
  const hashes = new Map<number, string>();
  for (let seed = 1; seed <= TWICE; seed++) hashes.set(seed, (await simulate(planOf(seed))).hash);
  for (let seed = TWICE; seed >= 1; seed--) {
    assert.equal((await simulate(planOf(seed))).hash, hashes.get(seed), `seed ${seed}`);
  }
  assert.equal(new Set(hashes.values()).size, TWICE);
});

Deno.test("what a seed once showed stays mended", async () => {
  for await (const { name } of Deno.readDir(regressions)) {
    if (!name.endsWith(".json")) continue;
    const plan: Plan = JSON.parse(await Deno.readTextFile(new URL(name, regressions)));
    const outcome = await simulate(plan);
    assert.equal(outcome.violations.length, 0, `${name}:\n${storyOf(outcome)}`);
  }
});
