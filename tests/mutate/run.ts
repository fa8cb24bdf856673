import { applyMutation, type Mutation } from "./mutation.ts";
import { firstFailure, runTests, type TestRun } from "./run-tests.ts";
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

/** A machine may have become slower: tests get this many times what they take without the mutation. */
const SLOWDOWN = 4;
const LONGEST_CLEAN_RUN_MS = 900_000;

/** How long files of tests take without a mutation (ms), by their names; so each is run once without one. */
type CleanRuns = Map<string, Promise<number>>;

/**
 * Runs every mutation, `jobs` at once. Each worker has a copy of the tree. A test that fails proves something only if it
 * passes without the mutation, so what fails is run once without one; if it fails then, the run ends with an error.
 */
export async function runMutations(
  root: string,
  mutations: readonly Mutation[],
  jobs: number,
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const clean: CleanRuns = new Map();
  const queue = mutations.values();
  const results: Result[] = [];
  await Promise.all(Array.from({ length: Math.min(jobs, mutations.length) }, async () => {
    const tree = await copyTree(root);
    try {
      for (const mutation of queue) {
        const result = await runMutation(tree, mutation, clean);
        results.push(result);
        onResult(result);
      }
    } finally {
      await Deno.remove(tree, { recursive: true });
    }
  }));
  return results;
}

async function runMutation(tree: string, mutation: Mutation, clean: CleanRuns): Promise<Result> {
  const startedAt = performance.now();
  const path = `${tree}/${mutation.file}`;
  const original = await Deno.readTextFile(path);
  const run = async (files: readonly string[], limitMs?: number): Promise<TestRun> => {
    await Deno.writeTextFile(path, applyMutation(original, mutation));
    return await runTests(tree, files, limitMs).finally(() => Deno.writeTextFile(path, original));
  };
  const end = (outcome: Result["outcome"], by?: string): Result => ({
    mutation,
    ms: performance.now() - startedAt,
    outcome,
    by,
  });
  for (const files of await groupsOf(tree, mutation.tests)) {
    let { outcome, output } = await run(files);
    if (outcome === "hung") {
      const limitMs = await cleanRun(tree, files) * SLOWDOWN; // now, because the machine may be slow just now
      ({ outcome, output } = await run(files, limitMs));
    }
    const failure = firstFailure(output);
    if (outcome === "failed") await passesClean(tree, files, failure?.file ?? null, clean);
    if (outcome === "failed") return end("noticed", failure?.test);
    if (outcome !== "passed") return end(outcome);
  }
  return end("survived");
}

/** Errors: when the tests do not pass without a mutation. A file that ran first is run alone, another with those before it. */
async function passesClean(
  tree: string,
  files: readonly string[],
  failed: string | null,
  clean: CleanRuns,
): Promise<void> {
  const before = failed === files[0] ? [failed] : files;
  const key = before.join(" ");
  const known = clean.get(key) ?? cleanRun(tree, before);
  clean.set(key, known);
  await known;
}

/** How long tests take without a mutation, in ms. Errors: when they do not pass. */
async function cleanRun(tree: string, files: readonly string[]): Promise<number> {
  const { outcome, ms, output } = await runTests(tree, files, LONGEST_CLEAN_RUN_MS);
  if (outcome !== "passed") throw new Error(`without a mutation the tests ${files.join(" ")} ${outcome}:\n${output}`);
  return ms;
}

/** The files of tests in the order in which they run: those that start no service come first, by themselves. */
async function groupsOf(tree: string, tests: readonly string[]): Promise<readonly (readonly string[])[]> {
  const files = (await Promise.all(tests.map((test) => filesOf(tree, test)))).flat();
  const light: string[] = [];
  const others: string[] = [];
  for (const file of new Set(files)) {
    (/\/support\//.test(await Deno.readTextFile(`${tree}/${file}`)) ? others : light).push(file);
  }
  return [light, others].filter((group) => group.length > 0);
}

/** The test files of a path, which is one or a folder of them. */
async function filesOf(tree: string, path: string): Promise<readonly string[]> {
  if (path.endsWith(".ts")) return [path];
  const names: string[] = [];
  for await (const { name } of Deno.readDir(`${tree}/${path}`)) if (name.endsWith("_test.ts")) names.push(name);
  return names.sort().map((name) => `${path}/${name}`);
}
