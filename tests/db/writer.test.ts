import assert from "node:assert/strict";
import { DatabaseUnavailable, type Result } from "../../src/db/database.ts";
import { type Batch, GroupRefused, type Outcome, Writer } from "../../src/db/writer.ts";

const batch = (name: string, statements = 1): Batch<string> => Array.from({ length: statements }, () => name);
const result = (name: string): Result[] => [{ rows: [[name]], changes: 1 }];

/** A writer whose commits are noted, and held until `open`. */
function harness(outcome: (name: string) => Outcome = result, limits = {}) {
  const groups: string[][] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => open = resolve);
  const writer = new Writer<string>({
    soon: queueMicrotask,
    ...limits,
    commit: async (group) => {
      groups.push(group.map(([name]) => name ?? ""));
      if (groups.length === 1) await gate;
      return group.map(([name]) => outcome(name ?? ""));
    },
  });
  return { writer, groups, open };
}

Deno.test("batches that wait while one is under way share the next commit, in their order", async () => {
  const { writer, groups, open } = harness();
  const first = writer.write(batch("a"));
  await Promise.resolve();
  await Promise.resolve();
  const rest = ["b", "c", "d"].map((name) => writer.write(batch(name)));
  open();
  assert.deepEqual(await Promise.all([first, ...rest]), ["a", "b", "c", "d"].map(result));
  assert.deepEqual(groups, [["a"], ["b", "c", "d"]]);
});

Deno.test("a group is bounded by members and by statements, and one large batch goes alone", async () => {
  const { writer, groups, open } = harness(result, { members: 3, statements: 10 });
  open();
  const sizes = { a: 1, b: 1, c: 1, d: 1, e: 8, f: 2, g: 50, h: 1 };
  await Promise.all(Object.entries(sizes).map(([name, size]) => writer.write(batch(name, size))));
  assert.deepEqual(groups, [["a", "b", "c"], ["d", "e"], ["f"], ["g"], ["h"]]);
});

Deno.test("a full queue refuses at once, and says that nothing was stored", async () => {
  const { writer, open } = harness(result, { waiting: 2 });
  const taken = [writer.write(batch("a")), writer.write(batch("b"))];
  await assert.rejects(writer.write(batch("c")), (error) => error instanceof DatabaseUnavailable && error.unapplied);
  open();
  await Promise.all(taken);
  await writer.write(batch("d"));
});

Deno.test("a failed member rejects alone", async () => {
  const { writer, open } = harness((name) => name === "b" ? new Error("guilty") : result(name));
  open();
  const settled = await Promise.allSettled(["a", "b", "c"].map((name) => writer.write(batch(name))));
  assert.deepEqual(settled.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
});

Deno.test("a group refused as a whole is run one by one", async () => {
  const groups: number[] = [];
  const writer = new Writer<string>({
    soon: queueMicrotask,
    commit: (group) => {
      groups.push(group.length);
      if (group.length > 1) return Promise.reject(new GroupRefused(new Error("one of them")));
      if (group[0]?.[0] === "b") return Promise.reject(new GroupRefused(new Error("it was b")));
      return Promise.resolve([result("x")]);
    },
  });
  const settled = await Promise.allSettled(["a", "b", "c"].map((name) => writer.write(batch(name))));
  assert.deepEqual(settled.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.match(String((settled[1] as PromiseRejectedResult).reason), /it was b/);
  assert.deepEqual(groups, [3, 1, 1, 1]);
});

Deno.test("a commit that fails rejects every member, and the next group goes on", async () => {
  let calls = 0;
  const writer = new Writer<string>({
    soon: queueMicrotask,
    commit: (group) =>
      calls++ === 0
        ? Promise.reject(new DatabaseUnavailable("gone", false))
        : Promise.resolve(group.map(() => result("x"))),
  });
  const settled = await Promise.allSettled(["a", "b"].map((name) => writer.write(batch(name))));
  for (const each of settled) assert.ok(each.status === "rejected" && each.reason instanceof DatabaseUnavailable);
  assert.deepEqual(await writer.write(batch("c")), result("x"));
});

Deno.test("close waits for what was taken and refuses what comes after", async () => {
  const { writer, open } = harness();
  const taken = writer.write(batch("a"));
  const closing = writer.close();
  await assert.rejects(writer.write(batch("b")), DatabaseUnavailable);
  open();
  await closing;
  assert.deepEqual(await taken, result("a"));
});
