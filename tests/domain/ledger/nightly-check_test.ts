import assert from "node:assert/strict";
import { findDifferences } from "../../../src/domain/ledger/find-differences.ts";
import { type Database, DatabaseUnavailable } from "../../../src/db/database.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { confirmation, TILL } from "../../support/facts.ts";
import { payPaybill } from "../../support/money.ts";

const MERCHANT = "mer_01kamcvd000000000000000001";
const DAY = 24 * 3_600_000;

const write = (run: InProcess, sql: string) => run.db.write([{ sql, args: [] }]);
const payments = async (run: InProcess, count: number) => {
  for (let i = 1; i <= count; i++) await payPaybill(run, { amount: i });
};
const findings = async (run: InProcess): Promise<unknown> =>
  JSON.parse(String((await run.sql("SELECT findings FROM ledger_checks"))[0]?.[0] ?? "null"));

/** A database that sees each read of the check, before it happens. */
const watched = (onScan: (sql: string) => void) => (db: Database): Database => ({
  read(statements) {
    const [scan] = statements.filter(({ scan, sql }) => scan === true && !sql.startsWith("SELECT clients.")); // sealed by the sweep
    if (scan !== undefined) onScan(scan.sql);
    return db.read(statements);
  },
  write: (statements) => db.write(statements),
  close: () => db.close(),
});

Deno.test("a check that dies in the middle goes on where it stood, and tells what it had found before it died", () => {
  const asked: string[] = [];
  let dies = true;
  const wrapDatabase = watched((sql) => {
    if (asked.length === 8 && dies) {
      dies = false;
      throw new DatabaseUnavailable("gone", true);
    }
    asked.push(sql);
  });
  return inProcess(async (run) => {
    await payments(run, 1);
    await run.pass(DAY);
    await write(run, "UPDATE ledger_accounts SET balance = balance + 100 WHERE account = 'suspense'");
    asked.length = 0;
    await run.sweep();
    await run.pass(1_000);
    assert.equal(dies, false);
    assert.deepEqual(await run.sql("SELECT count(*) FROM ledger_checks"), [[0]]);
    assert.deepEqual(await run.sql("SELECT count(*) FROM ledger_check_progress"), [[1]]);
    assert.deepEqual(run.logged("ledger_differs"), [], "nothing is told before the end");
    await write(run, "UPDATE ledger_accounts SET balance = balance - 100 WHERE account = 'suspense'");
    await run.pass(600_000);
    const texts = asked.filter((sql) => !sql.startsWith("SELECT id FROM"));
    assert.equal(new Set(texts).size, texts.length, "no step was done twice");
    const kinds = (await findings(run) as { kind: string }[]).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["sum", "balance", "suspense"]);
    assert.deepEqual(run.logged("ledger_differs").map(({ fields }) => fields.kind), kinds);
    assert.deepEqual(await run.sql("SELECT count(*) FROM ledger_check_progress"), [[0]]);
  }, { wrapDatabase });
});

Deno.test("a check that takes longer than a lease is several runs of its job, and each ends long before its lease", () => {
  let time: InProcess["time"] | undefined;
  let reads = 0;
  const wrapDatabase = watched(() => {
    reads++;
    time?.skip(4_000);
  });
  return inProcess(async (run) => {
    await payments(run, 2);
    await run.pass(DAY);
    time = run.time;
    const began = run.time.now();
    reads = 0;
    await run.sweep();
    await run.pass(600_000);
    assert.ok(reads > 20, `${reads} reads`);
    const runs = run.logged("job").filter(({ fields }) => fields.kind === "ledger_check").map(({ fields }) =>
      Number(fields.ms)
    );
    assert.ok(runs.length > 8, `${runs.length} runs`);
    assert.ok(Math.max(...runs) <= 16_000, `${Math.max(...runs)} ms`);
    assert.deepEqual(
      await run.sql("SELECT count(*), max(at) FROM ledger_checks"),
      [[1, began]],
      "dated at its beginning",
    );
    assert.deepEqual(await findings(run), []);
  }, { wrapDatabase });
});

Deno.test("a step that a version before knew begins the check again", () =>
  inProcess(async (run) => {
    await payments(run, 1);
    await run.pass(DAY);
    await write(
      run,
      "INSERT INTO ledger_check_progress VALUES ('mer_01kamcvd000000000000000001', '2026-11-25', 9, 'gone', 'x', '[]')",
    );
    await write(run, "UPDATE ledger_accounts SET balance = balance + 100 WHERE account = 'suspense'");
    await run.sweep();
    await run.pass(1_000);
    assert.equal((await findings(run) as unknown[]).length, 3);
  }));

Deno.test("part by part the check finds what it finds at once: nothing is left out, and nothing counts twice", () =>
  inProcess(async (run) => {
    await payments(run, 5);
    for (const receipt of ["UKM000000A", "UKM000000B"]) {
      await confirmation(run, TILL, null, { receipt, amount: 7, at: run.time.now() });
    }
    await write(run, "UPDATE payments SET amount_refunded = 3 * amount");
    await write(run, "UPDATE payments SET amount = amount + 100");
    const whole = await findDifferences(run.services, MERCHANT);
    assert.deepEqual(whole.map(({ shortcode, kind, count }) => [shortcode, kind, count]), [
      ...["payments", "suspense"].flatMap((kind) => [["600000", kind, undefined], ["500000", kind, undefined]]),
      ...["over_refunded", "refund_totals", "payment_ledger"].flatMap((
        kind,
      ) => [["600000", kind, 5], ["500000", kind, 2]]),
    ]);
    const sorted = (all: typeof whole) => all.toSorted((a, b) => a.shortcode.localeCompare(b.shortcode));
    for (const pageSize of [1, 2, 4, 6, 7, 8]) {
      const inParts = await findDifferences(run.services, MERCHANT, 0, pageSize);
      assert.deepEqual(sorted(inParts), sorted(whole), `parts of ${pageSize}`);
    }
  }));

Deno.test("the nightly check tells a payment that lacks its receipt for days, and none that may still get it", () =>
  inProcess(async (run) => {
    await payments(run, 1);
    run.time.skip(7 * DAY);
    await payments(run, 1);
    await write(run, "UPDATE payments SET receipt = NULL");
    await run.sweep();
    await run.pass(1_000);
    const told = (await findings(run) as { kind: string; count: number }[]).map(({ kind, count }) => [kind, count]);
    assert.deepEqual(told, [["placeholder_overdue", 1]]);
  }));
