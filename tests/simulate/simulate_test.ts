import "./host/globals.ts";
import assert from "node:assert/strict";
import { Crew } from "./crew.ts";
import { type Plan, planOf } from "./plan.ts";
import { storyOf } from "./report.ts";
import { simulate } from "./run.ts";
import { sabotages } from "./sabotage/list.ts";

/** The gate runs these; `deno task simulate --seeds A..B` runs as many as one likes. */
const SEEDS = 130;
const TWICE = 20;
const JOBS = 2;
const regressions = new URL("regressions/", import.meta.url);

/** Uses a crew. Its workers end, with what they started, in their own time. */
async function withCrew(use: (crew: Crew) => Promise<void>): Promise<void> {
  const crew = new Crew(JOBS);
  await use(crew).finally(() => crew.end());
}

const ofWorkers = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "whatever fails and whatever comes first, money ends where the model allows, and all settles",
  ofWorkers,
  async () => {
    const hashes = new Map<number, string>();
    await withCrew((crew) =>
      crew.seeds(Array.from({ length: SEEDS }, (_, i) => i + 1), { days: null, beside: null }, (outcome) => {
        const { seed } = outcome.plan;
        assert.equal(outcome.violations.length, 0, `${storyOf(outcome)}\nSee: deno task simulate --seed ${seed}`);
        hashes.set(seed, outcome.hash);
      })
    );
    assert.equal(hashes.size, SEEDS);
    assert.equal(new Set(hashes.values()).size, SEEDS);
    for (let seed = TWICE; seed >= 1; seed--) {
      const { hash } = await simulate(planOf(seed));
      assert.equal(hash, hashes.get(seed), `seed ${seed} ran otherwise alone, and after others`);
    }
  },
);

Deno.test("what a seed once showed stays mended", async () => {
  for await (const { name } of Deno.readDir(regressions)) {
    if (!name.endsWith(".json")) continue;
    const plan: Plan = JSON.parse(await Deno.readTextFile(new URL(name, regressions)));
    const outcome = await simulate(plan);
    assert.equal(outcome.violations.length, 0, `${name}:\n${storyOf(outcome)}`);
  }
});

Deno.test("each planted bug is found", ofWorkers, async () => {
  const missed: string[] = [];
  await withCrew((crew) =>
    crew.hunts(sabotages.map(({ name }) => name), true, ({ name, seed }) => {
      if (seed === null) missed.push(name);
    })
  );
  assert.deepEqual(missed, []);
  assert.ok(sabotages.length >= 25);
});
