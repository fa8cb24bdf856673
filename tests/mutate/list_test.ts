import assert from "node:assert/strict";
import { mutations } from "./list.ts";
import { applyMutation, mutation as schema, readList, testsOf } from "./mutation.ts";
import { isGood, report } from "./report.ts";
import type { Result } from "./run.ts";

const root = new URL("../../", import.meta.url);

Deno.test("the text of every mutation occurs exactly once in its file, so that the list follows the code", async () => {
  const sources = new Map<string, string>();
  const wrong: string[] = [];
  for (const mutation of mutations) {
    const { file } = mutation;
    const source = sources.get(file) ?? await Deno.readTextFile(new URL(file, root)).catch(() => "");
    sources.set(file, source);
    try {
      assert.notEqual(applyMutation(source, mutation), source, `mutation ${mutation.id} changes nothing`);
    } catch (error) {
      wrong.push(error instanceof Error ? error.message : String(error));
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("every mutation has an id of its own, a reason, and tests that exist", async () => {
  const ids = mutations.map(({ id }) => id);
  assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), []);
  for (const mutation of mutations) assert.ok(schema.safeParse(mutation).success, mutation.id);
  const tests = new Set(mutations.flatMap((mutation) => mutation.tests));
  const missing: string[] = [];
  for (const test of tests) if (!await exists(test)) missing.push(test);
  assert.deepEqual(missing, []);
});

Deno.test("the list has at least 250 mutations", () => {
  assert.ok(mutations.length >= 250, String(mutations.length));
});

Deno.test("a list from a file needs file, text and replacement alone; area and tests follow from the file", () => {
  const [read] = readList(JSON.stringify([{ file: "src/domain/refunds/store.ts", text: "a", to: "b" }]));
  assert.equal(read?.area, "refunds");
  assert.equal(read?.tests[0], "tests/domain/refunds");
  assert.equal(read?.money, true);
  assert.throws(() => readList(JSON.stringify([{ file: "src/main.ts" }])));
});

Deno.test("every file of the code has tests for a list that names none", async () => {
  const missing = new Set<string>();
  for (const file of new Set(mutations.map(({ file }) => file))) {
    const tests = testsOf(file);
    assert.ok(tests.length > 0, file);
    for (const test of tests) if (!await exists(test)) missing.add(test);
  }
  assert.deepEqual([...missing], []);
});

Deno.test("a mutation of a migration is of the newest definition: an older one is gone when the tests begin", async () => {
  const DEFINES = /CREATE (?:UNIQUE )?(?:TRIGGER|VIEW|INDEX|TABLE) (\w+)/g;
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL("migrations/", root))) {
    if (isDirectory) names.push(name);
  }
  const sources = new Map<string, string>();
  const newest = new Map<string, string>();
  for (const name of names.sort()) {
    const file = `migrations/${name}/up.sql`;
    const source = await Deno.readTextFile(new URL(file, root));
    sources.set(file, source);
    for (const [, defined = ""] of source.matchAll(DEFINES)) newest.set(defined, file);
  }
  const old = mutations.filter(({ file, text }) => {
    const step = (sources.get(file) ?? "").split("--> statement").find((one) => one.includes(text))?.trim() ?? "";
    const defined = step.startsWith("CREATE") ? [...step.matchAll(DEFINES)][0]?.[1] : undefined;
    return defined !== undefined && newest.get(defined) !== file;
  });
  assert.deepEqual(old.map(({ id, file }) => [id, file]), []);
});

Deno.test("a run is good only with 95 % noticed and no survivor that concerns money", () => {
  const [first] = mutations;
  assert.ok(first);
  const result = (outcome: Result["outcome"], money: boolean): Result => ({
    mutation: { ...first, money },
    outcome,
    ms: 1,
  });
  const noticed = Array.from({ length: 19 }, () => result("noticed", true));
  assert.ok(isGood([...noticed, result("hung", true)]));
  assert.ok(isGood([...noticed, result("survived", false)]));
  assert.ok(!isGood([...noticed, result("survived", true)]));
  assert.ok(!isGood([...noticed, result("broken", true)]), "code that does not load proves nothing about the tests");
  assert.ok(!isGood([...noticed.slice(1), result("survived", false)]));
  assert.match(report([...noticed, result("survived", true)]), /all +20 +19 +1 +95\.0 %/);
});

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(new URL(path, root)).then(() => true, () => false);
}
