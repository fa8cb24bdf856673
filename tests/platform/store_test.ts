import assert from "node:assert/strict";
import { openStore, systemClock } from "../../src/platform/deno.ts";
import type { Clock, Store } from "../../src/platform/ports.ts";
import { heldClock, keptLog } from "./support.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const hosts = [["Deno KV", ":memory:"], ["memory", null]] as const;

/** Holds for each store alike. */
function rule(name: string, body: (store: Store, clock: { ms: number } & Clock) => Promise<void>): void {
  for (const [host, path] of hosts) {
    Deno.test(`${host}: ${name}`, async () => {
      const [clock, log] = [heldClock(), keptLog()];
      const store = await openStore({ path, hasQueue: true }, clock, log);
      try {
        await body(store, clock);
      } finally {
        store.close();
      }
      assert.deepEqual(log.events, []);
    });
  }
}

rule("what is set is read, replaced and deleted", async ({ keyValue }) => {
  assert.deepEqual(await keyValue.get(["a"]), { value: null, version: null });
  assert.ok(await keyValue.set(["a"], bytes("1")));
  const first = await keyValue.get(["a"]);
  assert.deepEqual(first.value, bytes("1"));
  assert.ok(await keyValue.set(["a"], bytes("2")));
  const second = await keyValue.get(["a"]);
  assert.deepEqual(second.value, bytes("2"));
  assert.notEqual(first.version, second.version);
  await keyValue.delete(["a"]);
  await keyValue.delete(["a"]);
  assert.equal((await keyValue.get(["a"])).value, null);
});

rule("a set with a version that has moved changes nothing", async ({ keyValue }) => {
  assert.ok(await keyValue.set(["a"], bytes("1"), { ifVersion: null }));
  assert.equal(await keyValue.set(["a"], bytes("x"), { ifVersion: null }), false);
  const { version } = await keyValue.get(["a"]);
  assert.ok(await keyValue.set(["a"], bytes("2"), { ifVersion: version }));
  assert.equal(await keyValue.set(["a"], bytes("x"), { ifVersion: version }), false);
  assert.equal(await keyValue.set(["b"], bytes("x"), { ifVersion: version }), false);
  assert.deepEqual((await keyValue.get(["a"])).value, bytes("2"));
  assert.equal((await keyValue.get(["b"])).value, null);
});

rule("of many who set at once if absent, one wins", async ({ keyValue }) => {
  const tries = Array.from({ length: 20 }, (_, i) => keyValue.set(["lease"], bytes(String(i)), { ifVersion: null }));
  assert.equal((await Promise.all(tries)).filter(Boolean).length, 1);
});

rule("what has expired is absent at once, and can be set anew by one", async ({ keyValue }, clock) => {
  await keyValue.set(["p", "a"], bytes("1"), { expiresInMs: 60_000 });
  const { version } = await keyValue.get(["p", "a"]);
  clock.ms += 59_999;
  assert.deepEqual((await keyValue.get(["p", "a"])).value, bytes("1"));
  assert.equal((await keyValue.list(["p"], 10)).length, 1);
  clock.ms += 1;
  assert.deepEqual(await keyValue.get(["p", "a"]), { value: null, version: null });
  assert.deepEqual(await keyValue.list(["p"], 10), []);
  assert.equal(await keyValue.set(["p", "a"], bytes("x"), { ifVersion: version }), false);
  const tries = [1, 2, 3].map((n) =>
    keyValue.set(["p", "a"], bytes(String(n)), { ifVersion: null, expiresInMs: 60_000 })
  );
  assert.equal((await Promise.all(tries)).filter(Boolean).length, 1);
  assert.ok((await keyValue.get(["p", "a"])).value);
});

rule("a list has the keys under its prefix, up to its limit, and no others", async ({ keyValue }) => {
  for (const key of [["in", "1"], ["in", "2"], ["in", "3"], ["in"], ["inn", "4"], ["out", "in"]]) {
    await keyValue.set(key, bytes(key.join("/")));
  }
  const all = await keyValue.list(["in"], 10);
  assert.deepEqual(all.map(({ key }) => key), [["in", "1"], ["in", "2"], ["in", "3"]]);
  assert.deepEqual(all[0]?.value, bytes("in/1"));
  assert.equal((await keyValue.list(["in"], 2)).length, 2);
  assert.equal((await keyValue.list(["in"], 0)).length, 0);
});

rule("a stored value is not the caller's bytes", async ({ keyValue }) => {
  const value = bytes("kept");
  await keyValue.set(["a"], value);
  value.fill(0);
  assert.deepEqual((await keyValue.get(["a"])).value, bytes("kept"));
});

rule("a wake-up reaches the listener", async ({ queue }) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  queue.listen(resolve);
  await queue.enqueue(0);
  await promise;
});

rule("a delayed wake-up that nobody waits for leaks nothing", async ({ queue }) => {
  queue.listen(() => {});
  await queue.enqueue(3_600_000);
  await queue.enqueue(1e15);
});

rule("a wake-up after the end is nothing, and there may be two ends", async (store) => {
  store.queue.listen(() => {});
  store.close();
  await store.queue.enqueue(0);
});

Deno.test("a listener that throws is logged, and called again for the next wake-up", async () => {
  for (const [, path] of hosts) {
    const log = keptLog();
    const store = await openStore({ path, hasQueue: true }, systemClock, log);
    const { promise, resolve } = Promise.withResolvers<void>();
    let calls = 0;
    store.queue.listen(() => {
      calls += 1;
      if (calls === 2) resolve();
      throw new Error("on purpose");
    });
    await store.queue.enqueue(0);
    await store.queue.enqueue(0);
    await promise;
    store.close();
    assert.ok(log.events.every((event) => event === "queue.handler_failed"));
  }
});

Deno.test("a KV store that can't be opened is logged and done without", async () => {
  const log = keptLog();
  const store = await openStore({ path: "http://127.0.0.1:1/none", hasQueue: true }, systemClock, log);
  assert.deepEqual(log.events, ["kv.unavailable"]);
  assert.ok(await store.keyValue.set(["a"], bytes("1")));
  assert.deepEqual((await store.keyValue.get(["a"])).value, bytes("1"));
  store.close();
});

Deno.test("a KV file keeps its values, in a folder made for it", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/new/kv.db`;
  for (const expected of [null, bytes("1")]) {
    const store = await openStore({ path, hasQueue: true }, systemClock, keptLog());
    assert.deepEqual((await store.keyValue.get(["a"])).value, expected);
    await store.keyValue.set(["a"], bytes("1"));
    store.close();
  }
  await Deno.remove(folder, { recursive: true });
});
