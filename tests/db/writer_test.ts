import assert from "node:assert/strict";
import { DatabaseUnavailable, type Result } from "../../src/db/database.ts";
import { type Batch, GroupQueue, GroupRefused, type Outcome } from "../../src/db/writer.ts";

const batch = (name: string, statements = 1): Batch<string> => Array.from({ length: statements }, () => name);
const result = (name: string): Result[] => [{ rows: [[name]], changes: 1 }];

/** A writer that records its commits, and holds them until `open`. */
function harness(outcome: (name: string) => Outcome = result, limits = {}) {
  const groups: string[][] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => open = resolve);
  const writer = new GroupQueue<string>({
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
  const first = writer.push(batch("a"));
  await Promise.resolve();
  await Promise.resolve();
  const rest = ["b", "c", "d"].map((name) => writer.push(batch(name)));
  open();
  assert.deepEqual(await Promise.all([first, ...rest]), ["a", "b", "c", "d"].map(result));
  assert.deepEqual(groups, [["a"], ["b", "c", "d"]]);
});

Deno.test("a group is bounded by members and by statements, and one large batch goes alone", async () => {
  const { writer, groups, open } = harness(result, { members: 3, statements: 10 });
  open();
  const sizes = { a: 1, b: 1, c: 1, d: 1, e: 8, f: 2, g: 50, h: 1 };
  await Promise.all(Object.entries(sizes).map(([name, size]) => writer.push(batch(name, size))));
  assert.deepEqual(groups, [["a", "b", "c"], ["d", "e"], ["f"], ["g"], ["h"]]);
});

Deno.test("a full queue refuses at once, and says that nothing was stored", async () => {
  const { writer, open } = harness(result, { waiting: 2 });
  const taken = [writer.push(batch("a")), writer.push(batch("b"))];
  await assert.rejects(writer.push(batch("c")), (error) => error instanceof DatabaseUnavailable && error.unapplied);
  open();
  await Promise.all(taken);
  await writer.push(batch("d"));
});

Deno.test("a batch that fails is rejected alone", async () => {
  const { writer, open } = harness((name) => name === "b" ? new Error("guilty") : result(name));
  open();
  const settled = await Promise.allSettled(["a", "b", "c"].map((name) => writer.push(batch(name))));
  assert.deepEqual(settled.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
});

Deno.test("a group refused as a whole is run one by one", async () => {
  const groups: number[] = [];
  const writer = new GroupQueue<string>({
    soon: queueMicrotask,
    commit: (group) => {
      groups.push(group.length);
      if (group.length > 1) return Promise.reject(new GroupRefused(new Error("one of them")));
      if (group[0]?.[0] === "b") return Promise.reject(new GroupRefused(new Error("it was b")));
      return Promise.resolve([result("x")]);
    },
  });
  const settled = await Promise.allSettled(["a", "b", "c"].map((name) => writer.push(batch(name))));
  assert.deepEqual(settled.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.match(String((settled[1] as PromiseRejectedResult).reason), /it was b/);
  assert.deepEqual(groups, [3, 1, 1, 1]);
});

Deno.test("a commit that fails rejects every batch of its group, and the next group is written", async () => {
  let calls = 0;
  const writer = new GroupQueue<string>({
    soon: queueMicrotask,
    commit: (group) =>
      calls++ === 0
        ? Promise.reject(new DatabaseUnavailable("gone", false))
        : Promise.resolve(group.map(() => result("x"))),
  });
  const settled = await Promise.allSettled(["a", "b"].map((name) => writer.push(batch(name))));
  for (const each of settled) assert.ok(each.status === "rejected" && each.reason instanceof DatabaseUnavailable);
  assert.deepEqual(await writer.push(batch("c")), result("x"));
});

Deno.test("close waits for what was taken and refuses what comes after", async () => {
  const { writer, open } = harness();
  const taken = writer.push(batch("a"));
  let isClosed = false;
  const closing = writer.close().then(() => void (isClosed = true));
  await assert.rejects(writer.push(batch("b")), DatabaseUnavailable);
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve));
  assert.equal(isClosed, false, "the commit of a is not over");
  open();
  await closing;
  assert.deepEqual(await taken, result("a"));
});

Deno.test("with lanes a batch starts at once while lanes are free, and none is left behind", async () => {
  const groups: string[][] = [];
  const gates: (() => void)[] = [];
  const queue = new GroupQueue<string>({
    soon: queueMicrotask,
    lanes: 2,
    members: 2,
    commit: async (group) => {
      groups.push(group.map(([name]) => name ?? ""));
      await new Promise<void>((resolve) => gates.push(resolve));
      return group.map(([name]) => result(name ?? ""));
    },
  });
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
  const pushed = [queue.push(batch("a"))];
  await turn();
  pushed.push(queue.push(batch("b")));
  await turn();
  assert.deepEqual(groups, [["a"], ["b"]]);
  pushed.push(...["c", "d", "e"].map((name) => queue.push(batch(name))));
  await turn();
  assert.equal(groups.length, 2);
  while (groups.flat().length < 5) {
    gates.splice(0).forEach((open) => open());
    await turn();
  }
  gates.splice(0).forEach((open) => open());
  assert.deepEqual(await Promise.all(pushed), ["a", "b", "c", "d", "e"].map(result));
  await queue.close();
});
