import { applyMutation, type Mutation } from "./mutation.ts";
import { firstFailure, runTests } from "./run-tests.ts";
import { copyTree } from "./tree.ts";

/**
 * What became of a mutation. `survived`: every named test passed with it. `hung`: the tests did not end with it, and did
 * without it a moment later, which counts as noticed. `broken`: the code could not be loaded, which proves nothing.
 */
export interface Result {
  readonly mutation: Mutation;
  readonly outcome: "noticed" | "hung" | "survived" | "broken";
  readonly ms: number;
  /** The first test that failed. */
  readonly by?: string | undefined;
}

/** The longest time without a mutation is multiplied by this, because a busy machine is not a hang. */
const SLOWDOWN = 4;
const LEAST_LIMIT_MS = 60_000;
const LONGEST_CLEAN_RUN_MS = 900_000;

/**
 * Runs every mutation, `jobs` at once. Each worker has a copy of the tree. Each file of tests is first run once without
 * a mutation; if it fails then, it proves nothing, and the run ends with an error that names it.
 */
export async function runMutations(
  root: string,
  mutations: readonly Mutation[],
  jobs: number,
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const limits = new Map<string, Promise<number>>();
  const queue = mutations.values();
  const results: Result[] = [];
  await Promise.all(Array.from({ length: Math.min(jobs, mutations.length) }, async () => {
    const tree = await copyTree(root);
    try {
      for (const mutation of queue) {
        const result = await runMutation(tree, mutation, limits);
        results.push(result);
        onResult(result);
      }
    } finally {
      await Deno.remove(tree, { recursive: true });
    }
  }));
  return results;
}

async function runMutation(tree: string, mutation: Mutation, limits: Map<string, Promise<number>>): Promise<Result> {
  const { tests } = mutation;
  const path = `${tree}/${mutation.file}`;
  const original = await Deno.readTextFile(path);
  for (let limitMs = await limitFor(tree, tests, limits);;) {
    await Deno.writeTextFile(path, applyMutation(original, mutation));
    const { outcome, ms, output } = await runTests(tree, tests, limitMs)
      .finally(() => Deno.writeTextFile(path, original));
    if (outcome === "passed") return { mutation, ms, outcome: "survived" };
    if (outcome === "failed") return { mutation, ms, outcome: "noticed", by: firstFailure(output) };
    if (outcome === "broken") return { mutation, ms, outcome };
    // A machine that has become slower is not a hang: the same tests have to end in half the time without the mutation.
    const cleanMs = await cleanRun(tree, tests);
    if (cleanMs <= limitMs / 2) return { mutation, ms, outcome: "hung" };
    limitMs = cleanMs * SLOWDOWN;
  }
}

/** The time limit (ms) for tests: the sum of what each took without a mutation, and more. */
async function limitFor(tree: string, tests: readonly string[], limits: Map<string, Promise<number>>): Promise<number> {
  let cleanMs = 0;
  for (const test of tests) {
    const measured = limits.get(test) ?? cleanRun(tree, [test]);
    limits.set(test, measured);
    cleanMs += await measured;
  }
  return Math.max(LEAST_LIMIT_MS, cleanMs * SLOWDOWN);
}

/** How long tests take without a mutation, in ms. Throws where they do not pass. */
async function cleanRun(tree: string, tests: readonly string[]): Promise<number> {
  const { outcome, ms, output } = await runTests(tree, tests, LONGEST_CLEAN_RUN_MS);
  if (outcome !== "passed") throw new Error(`without a mutation the tests ${tests.join(" ")} ${outcome}:\n${output}`);
  return ms;
}
