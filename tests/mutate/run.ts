import { applyMutation, type Mutation } from "./mutation.ts";
import { runTests } from "./run-tests.ts";
import { copyTree } from "./tree.ts";

/** What became of a mutation. `survived`: every named test passed with it. `hung` counts as noticed. */
export interface Result {
  readonly mutation: Mutation;
  readonly outcome: "noticed" | "hung" | "survived";
  readonly ms: number;
}

/** The longest time without a mutation is multiplied by this, because a busy machine is not a hang. */
const SLOWDOWN = 4;
const LEAST_LIMIT_MS = 60_000;
const LONGEST_CLEAN_RUN_MS = 900_000;

/**
 * Runs every mutation, `jobs` at once. Each worker has a copy of the tree. The tests are first run without a mutation,
 * once for each set of tests; if they fail then, they prove nothing, and the run ends with an error that names them.
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
  const key = mutation.tests.join(" ");
  const limit = limits.get(key) ?? limitFor(tree, mutation.tests);
  limits.set(key, limit);
  const limitMs = await limit;
  const path = `${tree}/${mutation.file}`;
  const original = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, applyMutation(original, mutation));
  try {
    const { outcome, ms } = await runTests(tree, mutation.tests, limitMs);
    return { mutation, ms, outcome: outcome === "passed" ? "survived" : outcome === "hung" ? "hung" : "noticed" };
  } finally {
    await Deno.writeTextFile(path, original);
  }
}

/** The time limit (ms) for a set of tests, from a run without a mutation. */
async function limitFor(tree: string, tests: readonly string[]): Promise<number> {
  const { outcome, ms, output } = await runTests(tree, tests, LONGEST_CLEAN_RUN_MS);
  if (outcome !== "passed") throw new Error(`without a mutation the tests ${tests.join(" ")} ${outcome}:\n${output}`);
  return Math.max(LEAST_LIMIT_MS, ms * SLOWDOWN);
}
