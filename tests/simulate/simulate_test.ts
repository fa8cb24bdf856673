import "./host/globals.ts";
import assert from "node:assert/strict";
import { type Plan, planOf } from "./plan.ts";
import { storyOf } from "./report.ts";
import { simulate } from "./run.ts";
import { endBundler } from "./sabotage/bundle.ts";
import { hunt } from "./sabotage/hunt.ts";
import { sabotages } from "./sabotage/list.ts";

/** The gate runs these; `deno task simulate --seeds A..B` runs as many as one likes. */
const SEEDS = 50;
const TWICE = 20;
const regressions = new URL("regressions/", import.meta.url);

Deno.test("whatever fails and whatever comes first, money ends where the model allows, all settles, and a seed is one history", async () => {
  const hashes = new Map<number, string>();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const outcome = await simulate(planOf(seed));
    assert.equal(outcome.violations.length, 0, `${storyOf(outcome)}\nSee: deno task simulate --seed ${seed}`);
    hashes.set(seed, outcome.hash);
  }
  assert.equal(new Set(hashes.values()).size, SEEDS);
  for (let seed = TWICE; seed >= 1; seed--) {
    assert.equal((await simulate(planOf(seed))).hash, hashes.get(seed), `seed ${seed} ran otherwise after others`);
  }
});

Deno.test("what a seed once showed stays mended", async () => {
  for await (const { name } of Deno.readDir(regressions)) {
    if (!name.endsWith(".json")) continue;
    const plan: Plan = JSON.parse(await Deno.readTextFile(new URL(name, regressions)));
    const outcome = await simulate(plan);
    assert.equal(outcome.violations.length, 0, `${name}:\n${storyOf(outcome)}`);
  }
});

// The bundler's service is a process that ends in its own time.
Deno.test("each planted bug is found", { sanitizeOps: false, sanitizeResources: false }, async () => {
  const missed: string[] = [];
  try {
    for (const sabotage of sabotages) {
      const { seed } = await hunt(sabotage, sabotage.likely);
      if (seed === null) missed.push(sabotage.name);
    }
  } finally {
    await endBundler();
  }
  assert.deepEqual(missed, []);
  assert.ok(sabotages.length >= 25);
});
