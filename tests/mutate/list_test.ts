import assert from "node:assert/strict";
import { mutations } from "./list.ts";
import { applyMutation, mutation as schema, readList } from "./mutation.ts";
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
  assert.deepEqual(read?.tests, ["tests/domain/refunds"]);
  assert.equal(read?.money, true);
  assert.throws(() => readList(JSON.stringify([{ file: "src/main.ts" }])));
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
  assert.ok(!isGood([...noticed.slice(1), result("survived", false)]));
  assert.match(report([...noticed, result("survived", true)]), /all +20 +19 +1 +95\.0 %/);
});

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(new URL(path, root)).then(() => true, () => false);
}
