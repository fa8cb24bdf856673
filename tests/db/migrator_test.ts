import assert from "node:assert/strict";
import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import type { Database } from "../../src/db/database.ts";
import {
  migrate,
  type Migration,
  MigrationError,
  type MigrationErrorCode,
  rollback,
  status,
} from "../../src/db/migrator.ts";
import { openDatabase } from "../../src/db/open.ts";
import { statement } from "../../src/db/query.ts";
import { databases, withStore } from "../support/database.ts";
import { holdLock } from "../support/lock.ts";

const step = (number: number, table = `t${number}`): Migration => ({
  name: `000${number}_${table}`,
  up: `CREATE TABLE ${table} (n INTEGER)\n--> statement\nCREATE INDEX ${table}_n ON ${table} (n)\n`,
  down: `DROP TABLE ${table}\n`,
});
const [one, two, three] = [step(1), step(2), step(3)];
const broken: Migration = { ...two, up: `${two.up}--> statement\nINSERT INTO nowhere VALUES (1)\n` };

const fails = (code: MigrationErrorCode) => (error: unknown): boolean => {
  assert.ok(error instanceof MigrationError, String(error));
  assert.equal(error.code, code);
  return true;
};

function onEach(name: string, test: (db: Database, url: string) => Promise<void>): void {
  for (const kind of databases()) {
    Deno.test(`${kind}: ${name}`, () =>
      withStore(kind, async (url) => {
        const db = await openDatabase(url);
        await test(db, url).finally(() => db.close());
      }));
  }
}

/** The schema as text, without the migrator's own tables. */
async function schemaOf(db: Database): Promise<string[]> {
  const [result] = await db.read([
    statement(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'schema!_%' ESCAPE '!' ORDER BY name",
    ),
  ]);
  return (result?.rows ?? []).map(([sql]) => String(sql).replaceAll('"', "")); // SQLite quotes the name of a renamed table
}

onEach("the schema goes up, down to nothing, and up again the same", async (db) => {
  const migrations = await loadMigrations();
  const names = migrations.map(({ name }) => name);
  assert.deepEqual(await migrate(db, migrations), names);
  const schema = await schemaOf(db);
  assert.ok(schema.length > 10);
  assert.deepEqual(await migrate(db, migrations), []);
  await db.write([
    statement("INSERT INTO merchants (id, name, created_at) VALUES ('mer_1', 'Duka', 1)"),
    statement(
      "INSERT INTO events (id, merchant_id, type, subject_id, data, created_at) VALUES ('e', 'mer_1', 't', 's', '{}', 1)",
    ),
    statement("INSERT INTO audit (actor, action, subject_id, data, at) VALUES ('a', 'b', 's', '{}', 1)"),
  ]);
  assert.deepEqual(await rollback(db, migrations, { steps: "all" }), names.toReversed());
  assert.deepEqual(await schemaOf(db), []);
  assert.deepEqual(await migrate(db, migrations), names);
  assert.deepEqual(await schemaOf(db), schema);
});

onEach("each step of the schema can be undone and done again by itself", async (db) => {
  const migrations = await loadMigrations();
  for (const { name } of migrations) {
    const before = await schemaOf(db);
    await migrate(db, migrations, { to: name });
    const after = await schemaOf(db);
    assert.deepEqual(await rollback(db, migrations, { steps: 1 }), [name]);
    assert.deepEqual(await schemaOf(db), before);
    await migrate(db, migrations, { to: name });
    assert.deepEqual(await schemaOf(db), after);
  }
});

onEach("migrations apply in the order of their names, up to the one asked for", async (db) => {
  assert.deepEqual(await migrate(db, [three, one, two], { to: two.name }), [one.name, two.name]);
  const listed = await status(db, [one, two, three]);
  assert.deepEqual(listed.map(({ name, appliedAt }) => [name, appliedAt !== null]), [
    [one.name, true],
    [two.name, true],
    [three.name, false],
  ]);
  assert.ok(Math.abs((listed[0]?.appliedAt ?? 0) - Date.now()) < 60_000);
  await assert.rejects(migrate(db, [one, two], { to: "0009_none" }), fails("unknown_migration"));
});

onEach("a rollback undoes as many as it is told, newest first", async (db) => {
  const all = [one, two, three];
  await migrate(db, all);
  assert.deepEqual(await rollback(db, all, { steps: 2 }), [three.name, two.name]);
  assert.deepEqual(await rollback(db, all, { steps: 5 }), [one.name]);
  assert.deepEqual(await rollback(db, all, { steps: 1 }), []);
});

onEach("one that was edited after it was applied is refused, line ends aside", async (db) => {
  await migrate(db, [one]);
  assert.deepEqual(await migrate(db, [{ ...one, up: one.up.replaceAll("\n", "\r\n") }]), []);
  for (const edited of [{ ...one, up: `${one.up} ` + "-- more" }, { ...one, down: "DROP TABLE other" }]) {
    await assert.rejects(migrate(db, [edited, two]), fails("checksum_mismatch"));
    await assert.rejects(rollback(db, [edited], { steps: 1 }), fails("checksum_mismatch"));
  }
  assert.equal((await schemaOf(db)).length, 2);
});

onEach("an older one merged late is refused", async (db) => {
  await migrate(db, [one, three]);
  await assert.rejects(migrate(db, [one, two, three]), fails("late_migration"));
  await assert.rejects(status(db, [one, two, three]), fails("late_migration"));
});

onEach("what a newer release applied is let be, but can't be rolled back without its files", async (db) => {
  await migrate(db, [one, two, three]);
  assert.deepEqual(await migrate(db, [one, two]), []);
  assert.equal((await status(db, [one])).length, 3);
  await assert.rejects(rollback(db, [one, two], { steps: 1 }), fails("missing_migration"));
  await assert.rejects(migrate(db, [one, three]), fails("missing_migration"));
});

onEach("one that fails halfway leaves the schema as before, and the lock free", async (db) => {
  await assert.rejects(migrate(db, [one, broken]), (error) => {
    assert.match(String(error), /0002_t2 could not be applied: .*nowhere/);
    return fails("statement_failed")(error);
  });
  assert.deepEqual((await schemaOf(db)).filter((sql) => sql.includes("t2")), []);
  assert.deepEqual(await migrate(db, [one, two], { waitMs: 0 }), [two.name]);
});

onEach("of two deployers at once one works and the other waits, and both end well", async (db, url) => {
  const other = await openDatabase(url);
  const all = [one, two, three];
  const done = await Promise.all([migrate(db, all), migrate(other, all)]).finally(() => other.close());
  assert.deepEqual(done.flat().sort(), all.map(({ name }) => name));
  assert.ok(done.some((names) => names.length === 0));
});

onEach("a lock that is held is waited for, then refused clearly; a stale one is taken over", async (db) => {
  await migrate(db, [one]);
  const hold = (expires: string) =>
    db.write([statement(`INSERT INTO schema_lock (id, owner, expires_at) VALUES (1, 'other', ${expires})`)]);
  await hold("unixepoch() * 1000 + 60000");
  await assert.rejects(migrate(db, [one, two], { waitMs: 50 }), fails("locked"));
  await assert.rejects(rollback(db, [one], { steps: 1, waitMs: 50 }), fails("locked"));
  assert.deepEqual(await migrate(db, [one], { waitMs: 0 }), [], "nothing to do needs no lock");
  await db.write([statement("DELETE FROM schema_lock")]);
  await hold("unixepoch() * 1000 - 1");
  assert.deepEqual(await migrate(db, [one, two], { waitMs: 0 }), [two.name]);
  const [left] = await db.read([statement("SELECT count(*) FROM schema_lock")]);
  assert.deepEqual(left?.rows, [[0]]);
});

onEach("a deployer whose lock was taken over changes nothing more", async (db) => {
  await migrate(db, [one]);
  const robbing: Database = {
    read: (statements) => db.read(statements),
    write: async (statements) => {
      if (statements.some(({ sql }) => sql.startsWith("CREATE TABLE t2"))) {
        await db.write([statement("UPDATE schema_lock SET owner = 'other'")]);
      }
      return await db.write(statements);
    },
    close: () => Promise.resolve(),
  };
  await assert.rejects(migrate(robbing, [one, two]), fails("lock_lost"));
  assert.deepEqual((await schemaOf(db)).filter((sql) => sql.includes("t2")), []);
});

Deno.test("names that give no order are refused", async () => {
  await withStore("file", async (url) => {
    const db = await openDatabase(url);
    for (const names of [["1_x"], ["0001-x"], ["0001_x", "0001_y"], ["0001_X"]]) {
      await assert.rejects(migrate(db, names.map((name) => ({ ...one, name }))), fails("invalid_name"));
    }
    await db.close();
  });
});

Deno.test("a deployer killed in the middle of a step leaves the schema as before", () =>
  withStore("file", async (url) => {
    const db = await openDatabase(url);
    await migrate(db, [one]);
    const before = await schemaOf(db);
    const lock = await holdLock(url, `BEGIN IMMEDIATE; ${two.up.replace("--> statement", ";")}`);
    await lock.kill();
    assert.deepEqual(await schemaOf(db), before);
    assert.deepEqual(await migrate(db, [one, two]), [two.name]);
    await db.close();
  }));

onEach("the rebuild of payments keeps every row, what was refunded and the ledger, up and down", async (db) => {
  const migrations = await loadMigrations();
  const rebuild = migrations.findIndex(({ name }) => name === "0010_one_transfer");
  await migrate(db, migrations.slice(0, rebuild));
  await db.write([
    statement("INSERT INTO merchants (id, name, created_at) VALUES ('mer_1', 'Duka', 1)"),
    statement(
      "INSERT INTO shortcodes (id, merchant_id, kind, number, name, is_default, credentials, created_at, updated_at) " +
        "VALUES ('sho_1', 'mer_1', 'paybill', '600000', 'Duka', 1, x'00', 1, 1)",
    ),
    statement(
      "INSERT INTO payments (id, merchant_id, shortcode_id, receipt, channel, status, amount, currency, created_at, updated_at) " +
        "VALUES ('pay_1', 'mer_1', 'sho_1', 'UKM1', 'c2b', 'unmatched', 150000, 'KES', 1, 1)",
    ),
    statement("INSERT INTO refund_totals (payment_id, cap, promised, refunded) VALUES ('pay_1', 150000, 100, 0)"),
  ]);
  const state = async () => {
    const results = await db.read([
      statement("SELECT id, receipt, status, amount FROM payments"),
      statement("SELECT payment_id, cap, promised, refunded FROM refund_totals"),
      statement("SELECT cause, subject_id, debit, credit, amount FROM ledger_entries"),
    ]);
    return results.map(({ rows }) => rows);
  };
  const before = await state();
  assert.deepEqual(before.map((rows) => rows.length), [1, 1, 1]);
  await migrate(db, migrations.slice(0, rebuild + 1));
  assert.deepEqual(await state(), before);
  await assert.rejects(
    db.write([statement("INSERT INTO refund_totals (payment_id, cap, promised, refunded) VALUES ('pay_2', 1, 1, 0)")]),
    "the reference to payments still holds",
  );
  await rollback(db, migrations.slice(0, rebuild + 1), { steps: 1 });
  assert.deepEqual(await state(), before);
});
