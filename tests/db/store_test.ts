import assert from "node:assert/strict";
import { ConstraintError, type ConstraintKind, type Database, type Statement } from "../../src/db/database.ts";
import { abortIfUnchanged, statement } from "../../src/db/query.ts";
import { databases, withDatabase } from "../support/database.ts";

const at = 1_790_000_000_000;
const merchant = (id: string): Statement =>
  statement("INSERT INTO merchants (id, name, created_at) VALUES (?, ?, ?)", id, "Duka", at);
const counter = (name: string, by: number): Statement =>
  statement(
    "INSERT INTO counters (name, total, cap, expires_at) VALUES (?, ?, 1000, 1) " +
      "ON CONFLICT (name) DO UPDATE SET total = total + excluded.total",
    name,
    by,
  );
const event = (id: string, owner: string): Statement =>
  statement("INSERT INTO events VALUES (?, ?, 'checkout.created', 'chk', '{}', ?)", id, owner, at);

async function scalar(db: Database, sql: string): Promise<unknown> {
  const [result] = await db.read([statement(sql)]);
  return result?.rows[0]?.[0];
}

function onEach(name: string, test: (db: Database) => Promise<void>): void {
  for (const kind of databases()) Deno.test(`${kind}: ${name}`, () => withDatabase(kind, test));
}

onEach("two hundred batches at once are all stored, and none meets a lock", async (db) => {
  const writes = Array.from({ length: 200 }, (_, i) => {
    const id = `mer_${i}`;
    return db.write([merchant(id), counter("all", 1), event(`evt_a${i}`, id), event(`evt_b${i}`, id)]);
  });
  const results = await Promise.all(writes);
  assert.deepEqual(results.at(-1)?.map(({ changes }) => changes), [1, 1, 1, 1]);
  assert.equal(await scalar(db, "SELECT count(*) FROM merchants"), 200);
  assert.equal(await scalar(db, "SELECT count(*) FROM events"), 400);
  assert.equal(await scalar(db, "SELECT total FROM counters"), 200);
});

onEach("a batch is stored whole or not at all", async (db) => {
  await db.write([merchant("mer_1")]);
  await assert.rejects(db.write([counter("c", 1), merchant("mer_2"), merchant("mer_1")]), ConstraintError);
  assert.equal(await scalar(db, "SELECT count(*) FROM counters"), 0);
  assert.equal(await scalar(db, "SELECT count(*) FROM merchants"), 1);
});

onEach("a batch that fails does not fail its neighbours", async (db) => {
  const bad = new Set([1, 4, 5, 9]);
  const settled = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) => db.write([counter("all", 1), merchant(bad.has(i) ? "mer_0" : `mer_${i}`)])),
  );
  settled.forEach((outcome, i) => {
    assert.equal(outcome.status, bad.has(i) ? "rejected" : "fulfilled", `batch ${i}`);
    if (outcome.status === "rejected") assert.ok(outcome.reason instanceof ConstraintError);
  });
  assert.equal(await scalar(db, "SELECT total FROM counters"), 8);
});

onEach("batches are stored in the order they came", async (db) => {
  await Promise.all(Array.from({ length: 30 }, (_, i) => db.write([merchant(`mer_${i}`), audit(i)])));
  const [result] = await db.read([statement("SELECT subject_id FROM audit ORDER BY seq")]);
  assert.deepEqual(result?.rows.map(([id]) => id), Array.from({ length: 30 }, (_, i) => `mer_${i}`));
});

const audit = (i: number): Statement =>
  statement("INSERT INTO audit (actor, action, subject_id, data, at) VALUES ('a', 'b', ?, '{}', ?)", `mer_${i}`, at);

const refusals: readonly [string, ConstraintKind, string, Statement[]][] = [
  ["a primary key", "unique", "merchants.id", [merchant("mer_1"), merchant("mer_1")]],
  ["a unique index over columns", "unique", "jobs.kind, jobs.subject_id", [job("job_1"), job("job_2")]],
  ["a named check", "check", "limit_exceeded", [counter("c", 1001)]],
  ["a lost race", "check", "conflict", [
    statement("UPDATE merchants SET name = 'x' WHERE id = 'mer_none'"),
    abortIfUnchanged,
  ]],
  ["a foreign key", "foreign_key", "foreign key", [event("evt_1", "mer_none")]],
  ["a missing value", "not_null", "merchants.name", [
    statement("INSERT INTO merchants (id, name, created_at) VALUES ('mer_1', NULL, 1)"),
  ]],
  ["a trigger", "trigger", "audit is append-only", [audit(1), statement("DELETE FROM audit")]],
  ["a value of the wrong type", "check", "merchants.created_at", [
    statement("INSERT INTO merchants (id, name, created_at) VALUES ('mer_1', 'x', 'y')"),
  ]],
];

function job(id: string): Statement {
  return statement(
    "INSERT INTO jobs VALUES (?, 'poll', 'att_1', NULL, 'queued', 1, NULL, 0, NULL, ?, ?, 1)",
    id,
    at,
    at,
  );
}

for (const [what, kind, rule, statements] of refusals) {
  onEach(`${what} refuses with its kind and rule`, async (db) => {
    await assert.rejects(db.write(statements), (error) => {
      assert.ok(error instanceof ConstraintError, String(error));
      assert.deepEqual([error.kind, error.rule], [kind, rule]);
      return true;
    });
  });
}

onEach("a guard passes when the update before it found its row, also within a group", async (db) => {
  await db.write([merchant("mer_1")]);
  const rename = (name: string) =>
    db.write([statement("UPDATE merchants SET name = ? WHERE id = 'mer_1'", name), abortIfUnchanged]);
  await Promise.all([rename("a"), rename("b"), rename("c")]);
  assert.equal(await scalar(db, "SELECT name FROM merchants"), "c");
});

onEach("values come back as they were given", async (db) => {
  const bytes = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);
  const sql = "SELECT ?, ?, ?, ?, ?, ?, typeof(?), typeof(?)";
  const args = ["ksh ₿ ❀", 2 ** 40, -1.5, null, bytes, new Uint8Array(0), 5, 5.5];
  const [result] = await db.read([statement(sql, ...args)]);
  assert.deepEqual(result, {
    rows: [["ksh ₿ ❀", 2 ** 40, -1.5, null, new Uint8Array([1, 2, 3]), new Uint8Array(0), "integer", "real"]],
    changes: 0,
  });
});

onEach("RETURNING gives the rows and counts the changes", async (db) => {
  const [inserted, updated, none, removed] = await db.write([
    statement("INSERT INTO merchants (id, name, created_at) VALUES ('mer_1', 'a', 1), ('mer_2', 'b', 1) RETURNING id"),
    statement("UPDATE merchants SET name = 'c' RETURNING id, name"),
    statement("UPDATE merchants SET name = 'c' WHERE id = 'x' RETURNING id"),
    statement("DELETE FROM merchants"),
  ]);
  assert.deepEqual(inserted, { rows: [["mer_1"], ["mer_2"]], changes: 2 });
  assert.deepEqual(updated, { rows: [["mer_1", "c"], ["mer_2", "c"]], changes: 2 });
  assert.deepEqual(none, { rows: [], changes: 0 });
  assert.deepEqual(removed, { rows: [], changes: 2 });
});

onEach("a read of several statements answers each, in order", async (db) => {
  await db.write([merchant("mer_1"), merchant("mer_2")]);
  const results = await db.read([
    statement("SELECT id FROM merchants ORDER BY id"),
    statement("SELECT id FROM events"),
    statement("SELECT count(*), count(*) FROM merchants WHERE id = ?", "mer_2"),
  ]);
  assert.deepEqual(results.map(({ rows }) => rows), [[["mer_1"], ["mer_2"]], [], [[1, 1]]]);
});

onEach("many rows come back whole", async (db) => {
  const sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n";
  for (const length of [99, 100, 101, 300]) {
    const [result] = await db.read([statement(sql, length)]);
    assert.equal(result?.rows.length, length);
  }
});

onEach("a read that would write is refused", async (db) => {
  await assert.rejects(db.read([merchant("mer_1")]), TypeError);
  await assert.rejects(db.read([statement("SELECT 1"), statement("DELETE FROM merchants RETURNING id")]), TypeError);
});

onEach("a mistake in SQL fails its own batch only, and leaves the store usable", async (db) => {
  const settled = await Promise.allSettled([
    db.write([merchant("mer_1")]),
    db.write([merchant("mer_2"), statement("INSERT INTO nowhere VALUES (1)")]),
    db.write([merchant("mer_3"), statement("SELEC 1")]),
    db.write([merchant("mer_4")]),
  ]);
  assert.deepEqual(settled.map(({ status }) => status), ["fulfilled", "rejected", "rejected", "fulfilled"]);
  await assert.rejects(db.read([statement("SELECT * FROM nowhere")]), /nowhere/);
  assert.equal(await scalar(db, "SELECT count(*) FROM merchants"), 2);
});

onEach("what SQL can't hold is refused before it reaches the store", async (db) => {
  for (const value of [true, undefined, NaN, Infinity, 2 ** 60, {}, 1n, "a\0b"]) {
    const args = [value as never]; // what a caller without types could pass
    await assert.rejects(db.write([{ sql: "INSERT INTO guards VALUES (?)", args }]), TypeError, String(value));
  }
  await db.write([merchant("mer_1")]);
});

onEach("an argument too few is an error, not a NULL", async (db) => {
  await assert.rejects(
    db.write([{ sql: "INSERT INTO merchants (id, name, created_at) VALUES (?, ?, ?)", args: ["a", "b"] }]),
  );
  await assert.rejects(db.read([{ sql: "SELECT ?", args: [] }]));
});

onEach("a scan answers what a read does", async (db) => {
  await db.write([merchant("mer_1"), merchant("mer_2"), counter("it's", 7)]);
  const asked = [
    statement("SELECT id, name, created_at FROM merchants WHERE id = ?1 OR id > ?1 ORDER BY id DESC", "mer_1"),
    statement("SELECT ?, ?, ?, ?, ?", "it's ?1 \u{1f4b5}", 9_007_199_254_740_991, -1.5, null, new Uint8Array([0, 255])),
    statement("SELECT 5 -? FROM counters LIMIT ?", -1, 1),
    statement("SELECT total, total FROM counters WHERE name = ?1 AND name <> ?2", "it's", ""),
    statement("SELECT id FROM merchants WHERE id = ?", "mer_3"),
  ];
  const scanned = await db.read(asked.map((asking) => ({ ...asking, scan: true as const })));
  assert.deepEqual(scanned.map(({ rows }) => rows), (await db.read(asked)).map(({ rows }) => rows));
  assert.equal(scanned[0]?.rows.length, 2);
  await assert.rejects(db.read([{ ...statement("SELECT ?"), scan: true }]));
  await assert.rejects(db.read([{ ...statement("DELETE FROM merchants"), scan: true }]));
  assert.equal(await scalar(db, "SELECT count(*) FROM merchants"), 2);
});

onEach("a scan sees one moment", async (db) => {
  const count = statement("SELECT count(*) FROM merchants");
  const long = statement(
    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT max(n) FROM c",
    4_000_000,
  );
  let scanning = true;
  const scan = db.read([count, { ...long, scan: true }, count]).finally(() => scanning = false);
  let written = 0;
  for (; scanning; written++) await db.write([merchant(`mer_${written}`)]);
  const [before, , after] = await scan;
  assert.deepEqual(after?.rows, before?.rows);
  assert.ok(Number(before?.rows[0]?.[0]) < written - 1, "written while it ran");
});

onEach("an empty batch answers nothing", async (db) => {
  assert.deepEqual(await db.write([]), []);
});

Deno.test("a store that is closed refuses, saying that nothing was stored", async () => {
  for (const kind of databases()) {
    await withDatabase(kind, async (db) => {
      await db.close();
      await assert.rejects(db.write([merchant("mer_1")]), { name: "DatabaseUnavailable", unapplied: true });
      await assert.rejects(db.read([statement("SELECT 1")]), { name: "DatabaseUnavailable" });
    });
  }
});
