import assert from "node:assert/strict";
import { DatabaseUnavailable } from "../../src/db/database.ts";
import { openFile, pathOf } from "../../src/db/file.ts";
import { openDatabase } from "../../src/db/open.ts";
import { first, type Query, rows, statement } from "../../src/db/query.ts";
import { withStore } from "../support/database.ts";
import { holdLock } from "../support/lock.ts";

const create = statement("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT");
const add = (n: number) => statement("INSERT INTO t VALUES (?)", n);

/** A write that blocked the event loop would block it for this long (ms), and fail. */
const LONG_WAIT_MS = 60_000;

Deno.test("a write waits for another process's lock while the event loop goes on", () =>
  withStore("file", async (url) => {
    const db = await openFile(url, { lockWaitMs: LONG_WAIT_MS });
    const [, busyTimeout] = await db.write([create, statement("PRAGMA busy_timeout")]);
    assert.deepEqual(busyTimeout?.rows, [[0]], "SQLite itself waits for no lock, which would stop the event loop");
    const lock = await holdLock(url);
    let ended = false;
    const writes = Promise.all([db.write([add(1)]), db.write([add(2)]), db.write([add(3)])]).then(() => ended = true);
    for (let tick = 0; tick < 20; tick++) await new Promise((resolve) => setTimeout(resolve, 10)); // timers go on
    assert.equal(ended, false, "written while another process held the lock");
    const [before] = await db.read([statement("SELECT count(*) FROM t")]);
    assert.deepEqual(before?.rows, [[0]], "reads go on meanwhile");
    await lock.release();
    await writes;
    await db.write([add(4)]);
    const [after] = await db.read([statement("SELECT count(*) FROM t")]);
    assert.deepEqual(after?.rows, [[4]]);
    await db.close();
  }));

Deno.test("a statement that is read several times returns the rows of its current arguments", () =>
  withStore("file", async (url) => {
    const db = await openDatabase(url);
    await db.write([create, add(1), add(2)]);
    const wanted = (n: number): Query<number> => ({
      sql: "SELECT n FROM t WHERE n = ?",
      args: [n],
      map: ([found]) => Number(found),
    });
    const jsonOf = (text: string): Query<string> => ({
      sql: "SELECT json(?)",
      args: [text],
      map: ([found]) => `${found}`,
    });
    for (let i = 0; i < 2_000; i++) {
      const n = Math.floor(Math.random() * 4);
      if (i % 100 === 99) await assert.rejects(first(db, jsonOf("{")));
      if (i % 10 === 0) assert.equal(await first(db, jsonOf(` ${i}`)), String(i));
      const expected = n === 1 || n === 2 ? [n] : [];
      if (Math.random() < 0.5) assert.equal(await first(db, wanted(n)), expected[0] ?? null);
      else assert.deepEqual(await rows(db, wanted(n), wanted(1)), [expected, [1]]);
    }
    await db.close();
  }));

/** Counts to `n` in SQLite. A million takes about 100 ms. */
const counting = (n: number) => ({
  ...statement("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT max(n) FROM c", n),
  scan: true as const,
});

Deno.test("a scan delays neither reads nor writes", () =>
  withStore("file", async (url) => {
    const db = await openDatabase(url);
    await db.write([create]);
    let scanned = false;
    const scan = db.read([counting(4_000_000)]).finally(() => scanned = true);
    let meanwhile = 0;
    for (; !scanned; meanwhile++) {
      await db.write([add(meanwhile)]);
      await db.read([statement("SELECT count(*) FROM t")]);
    }
    assert.ok(meanwhile >= 5, `${meanwhile} writes and reads while it ran`);
    const [result] = await scan;
    assert.deepEqual(result?.rows, [[4_000_000]]);
    await db.close();
  }));

Deno.test("closing does not wait for a scan", () =>
  withStore("file", async (url) => {
    const db = await openDatabase(url);
    let scanned = false;
    const scan = db.read([counting(4_000_000)]).finally(() => scanned = true);
    await db.close();
    assert.equal(scanned, false);
    await scan;
    await assert.rejects(db.read([counting(1)]), { name: "DatabaseUnavailable" });
  }));

Deno.test("opening and reading wait for an exclusive lock and then succeed", () =>
  withStore("file", async (url) => {
    const lock = await holdLock(
      url,
      "PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (1);" +
        "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO t VALUES (7)",
    );
    let ended = false;
    const opening = openFile(url, { lockWaitMs: LONG_WAIT_MS }).then(async (db) => {
      const results = await db.read([statement("SELECT n FROM t"), statement("SELECT 1")]);
      ended = true;
      return { db, results };
    });
    for (let tick = 0; tick < 20; tick++) await new Promise((resolve) => setTimeout(resolve, 0));
    assert.equal(ended, false);
    await lock.release();
    const { db, results } = await opening;
    assert.deepEqual(results[0]?.rows, [[1]]);
    await db.write([add(2)]);
    await db.close();
  }));

Deno.test("a lock that is never released fails as unavailable, and nothing is stored", () =>
  withStore("file", async (url) => {
    const db = await openFile(url, { lockWaitMs: 200 });
    await db.write([create]);
    const lock = await holdLock(url);
    await assert.rejects(db.write([add(1)]), (error) => error instanceof DatabaseUnavailable && error.unapplied);
    await lock.release();
    await db.write([add(2)]);
    const [result] = await db.read([statement("SELECT n FROM t")]);
    assert.deepEqual(result?.rows, [[2]]);
    await db.close();
  }));

Deno.test("what a killed process had written is still there", () =>
  withStore("file", async (url) => {
    const db = await openDatabase(url);
    await db.write([create]);
    const lock = await holdLock(url, "INSERT INTO t VALUES (1); BEGIN IMMEDIATE; INSERT INTO t VALUES (2)");
    await lock.kill();
    const [result] = await db.read([statement("SELECT n FROM t")]);
    assert.deepEqual(result?.rows, [[1]]);
    await db.write([add(3)]);
    await db.close();
  }));

Deno.test("batches of one tick share a commit", () =>
  withStore("file", async (url) => {
    const frameBytes = 4096 + 24;
    const logged = async () => (await Deno.stat(`${url.slice("file:".length)}-wal`)).size / frameBytes;
    const db = await openDatabase(url);
    await db.write([create]);
    const before = await logged();
    await Promise.all(Array.from({ length: 60 }, (_, i) => db.write([add(i)])));
    const frames = await logged() - before;
    assert.ok(frames < 5, `${frames} pages logged; sixty commits would log at least sixty`);
    await db.close();
  }));

Deno.test("a file that can't be opened is unavailable", () =>
  withStore("file", async (url) => {
    const path = url.slice("file:".length);
    await Deno.writeTextFile(path, "this is no database, though long enough to be read as one\n".repeat(20));
    await assert.rejects(openDatabase(url), DatabaseUnavailable);
    await assert.rejects(openDatabase(`file:${path}/below/it.db`), DatabaseUnavailable);
  }));

Deno.test("the folder of a database is created, and its URL may be absolute, relative or encoded", () =>
  withStore("file", async (url) => {
    const folder = url.slice("file:".length).replace(/\/test\.db$/, "");
    for (const each of [`file:${folder}/a/b/c.db`, `file://${folder}/a%20b/c.db`]) {
      const db = await openDatabase(each);
      await db.write([create]);
      await db.close();
    }
    assert.ok((await Deno.stat(`${folder}/a/b/c.db`)).isFile);
    assert.ok((await Deno.stat(`${folder}/a b/c.db`)).isFile);
  }));

Deno.test("commits are durable: each one syncs the log", () =>
  withStore("file", async (url) => {
    const db = await openDatabase(url);
    const names = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"];
    const results = await db.read(names.map((name) => statement(`PRAGMA ${name}`)));
    assert.deepEqual(results.map(({ rows }) => rows[0]?.[0]), ["wal", 2, 1, 0]);
    await db.close();
  }));

Deno.test("another scheme is refused", async () => {
  await assert.rejects(openDatabase("mysql://localhost/x"), TypeError);
});

Deno.test("checkpoints run long before a commit would run one itself", () =>
  withStore("file", async (url) => {
    const db = await openDatabase(url);
    await db.write([statement("CREATE TABLE t (id TEXT PRIMARY KEY, filler TEXT NOT NULL) STRICT, WITHOUT ROWID")]);
    const row = () => statement("INSERT INTO t VALUES (?, ?)", crypto.randomUUID(), "x".repeat(700));
    for (let n = 0; n < 300; n++) await db.write(Array.from({ length: 10 }, row));
    const { size } = await Deno.stat(pathOf(url));
    assert.ok(size > 500_000, `of 2,000,000 bytes that were written the file has ${size}`);
    await db.close();
  }));
