import assert from "node:assert/strict";
import type { ReconciliationDetail } from "../../../src/domain/reconciliations/contract.ts";
import type { Database } from "../../../src/db/database.ts";
import type { CallOptions } from "../../support/client.ts";
import { type InProcess, inProcess, type InProcessOptions, type ProblemBody } from "../../support/in-process.ts";
import { interrupted } from "../../support/interrupted.ts";
import { askRefund, checkLedger } from "../../support/money.ts";
import { importStatement, type StatementLine } from "../../support/statements.ts";
import { allPayments, awaiting, getCheckout } from "./support.ts";

/** Money of a file at the present time, by account. */
const lines = (run: InProcess, ...accounts: string[]): StatementLine[] =>
  accounts.map((account, i) => ({ receipt: `UKM000000${i}`, at: run.time.now(), in: 1_500, account }));

const reverse = <T = ReconciliationDetail>(run: InProcess, id: string, options: CallOptions = {}) =>
  run.call<T>("POST", `/v1/reconciliations/${id}/reverse`, undefined, options);
const read = async (run: InProcess, id: string) =>
  (await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${id}`)).body;
const eventsOf = async (run: InProcess, type: string) =>
  (await run.sql("SELECT subject_id FROM events WHERE type = ? ORDER BY id", type)).map(([id]) => id);

Deno.test("undoing an import withdraws its payments, opens the checkout that they had settled, and balances the ledger", () =>
  inProcess(async (run) => {
    const checkout = await awaiting(run, "INV-1");
    const done = await importStatement(run, lines(run, "INV-1", "nobody"));
    const before = await allPayments(run);
    assert.deepEqual([before.length, (await getCheckout(run, checkout.id)).status], [2, "succeeded"]);
    await run.pass(60_000);

    const { status, body } = await reverse(run, done.id);
    assert.deepEqual([status, body.status, body.reversed_by], [200, "reversed", "cli_demo"]);
    assert.deepEqual(body.findings.map(({ receipt, outcome, payment }) => [receipt, outcome, payment]), [
      ["UKM0000000", "created", null],
      ["UKM0000001", "created", null],
    ]);
    assert.deepEqual(await allPayments(run), []);
    const after = await getCheckout(run, checkout.id);
    assert.deepEqual([after.status, after.payment], ["open", null]);
    assert.deepEqual((await eventsOf(run, "payment.withdrawn")).toSorted(), before.map(({ id }) => id).toSorted());
    assert.deepEqual(await eventsOf(run, "checkout.reopened"), [checkout.id]);
    assert.deepEqual(await run.sql("SELECT DISTINCT balance FROM ledger_accounts"), [[0]]);
    assert.deepEqual(await checkLedger(run), []);
    for (const { id } of before) assert.equal((await run.call("GET", `/v1/payments/${id}`)).status, 404);

    const audit = await run.sql("SELECT action, actor FROM audit WHERE subject_id = ? ORDER BY seq", done.id);
    assert.deepEqual(audit.slice(-2), [["reconciliation.reversing", "cli_demo"], [
      "reconciliation.reversed",
      "cli_demo",
    ]]);
    assert.equal((await run.sql("SELECT 1 FROM jobs WHERE kind = 'undo_import'")).length, 0);
  }));

Deno.test("an import that was undone stays undone when asked again, and the same file can be imported anew", () =>
  inProcess(async (run) => {
    const all = lines(run, "nobody");
    const done = await importStatement(run, all);
    const first = await reverse(run, done.id, { key: "undo-1" });
    const [replayed, again] = [await reverse(run, done.id, { key: "undo-1" }), await reverse(run, done.id)];
    assert.deepEqual([replayed.body, again.body], [first.body, first.body]);
    assert.equal((await eventsOf(run, "payment.withdrawn")).length, 1);
    assert.equal((await importStatement(run, all)).created, 1);
    assert.deepEqual([(await read(run, done.id)).status, (await allPayments(run)).length], ["reversed", 1]);
    const list = async (status: string) =>
      (await run.call<{ data: { id: string }[] }>("GET", `/v1/reconciliations?status=${status}`)).body.data.length;
    assert.deepEqual([await list("reversed"), await list("completed"), await list("reversing")], [1, 1, 0]);
  }));

Deno.test("what was built on a payment of the import is named, and nothing is undone", () =>
  inProcess(async (run) => {
    const checkout = await awaiting(run, "INV-9");
    const done = await importStatement(run, lines(run, "a", "b", "c"));
    await run.pass(60_000);
    const payments = await allPayments(run);
    const by = (account: string) => payments.find(({ account_reference }) => account_reference === account)?.id ?? "";
    assert.equal((await run.call("POST", `/v1/payments/${by("a")}/match`, { checkout: checkout.id })).status, 200);
    assert.equal((await askRefund(run, by("b"))).status, 202);
    const { status, body } = await reverse<ProblemBody>(run, done.id);
    assert.deepEqual([status, body.code], [409, "payments_in_use"]);
    const named = Object.fromEntries((body.errors ?? []).map(({ pointer, detail }) => [pointer, detail]));
    assert.match(named[`/payments/${by("a")}`] ?? "", new RegExp(`matched by a person: ${checkout.id}`));
    assert.match(named[`/payments/${by("b")}`] ?? "", /has a refund: rfd_/);
    assert.equal(Object.keys(named).length, 2);
    assert.equal((await allPayments(run)).length, 3);
    assert.equal((await read(run, done.id)).status, "completed");
  }));

Deno.test("a part of the import that later money completed is in use", () =>
  inProcess(async (run) => {
    const checkout = await awaiting(run, "INV-1");
    const done = await importStatement(run, [{ receipt: "UKM0000001", at: run.time.now(), in: 500, account: "INV-1" }]);
    await run.pass(60_000);
    await importStatement(run, [{ receipt: "UKM0000002", at: run.time.now(), in: 1_000, account: "INV-1" }]);
    assert.equal((await getCheckout(run, checkout.id)).status, "succeeded");
    const { status, body } = await reverse<ProblemBody>(run, done.id);
    assert.deepEqual([status, body.code], [409, "payments_in_use"]);
    assert.match(body.errors?.[0]?.detail ?? "", /moved in the ledger/);
  }));

Deno.test("what M-Pesa itself has reported since stays", () =>
  inProcess(async (run) => {
    const done = await importStatement(run, lines(run, "a", "b"));
    const [[kept]] = await run.sql("SELECT id FROM payments WHERE account_reference = 'a'") as [[string]];
    await run.db.write([{ sql: "UPDATE payments SET uploaded = 0 WHERE id = ?", args: [kept] }]);
    const { body } = await reverse(run, done.id);
    assert.deepEqual(body.findings.map(({ payment }) => payment), [kept, null]);
    assert.deepEqual((await allPayments(run)).map(({ id }) => id), [kept]);
  }));

Deno.test("a reversal whose process died is ended by its job", async () => {
  let dies = true;
  const wrapDatabase = (db: Database): Database => ({
    read: (statements) => db.read(statements),
    write: (statements) =>
      dies && statements.some(({ sql }) => /DELETE FROM payments/.test(sql))
        ? Promise.reject(new Error("the process died"))
        : db.write(statements),
    close: () => db.close(),
  });
  const options: InProcessOptions = { wrapDatabase };
  await inProcess(async (run) => {
    const done = await importStatement(run, lines(run, "a", "b"));
    assert.equal((await reverse(run, done.id)).status, 500);
    assert.deepEqual([(await read(run, done.id)).status, (await allPayments(run)).length], ["reversing", 2]);
    dies = false;
    await run.pass(120_000);
    assert.deepEqual([(await read(run, done.id)).status, (await allPayments(run)).length], ["reversed", 0]);
  }, options);
});

Deno.test("a pull and an import that runs can't be undone; another merchant's is not there; a token without the scope is refused", () =>
  inProcess(async (run) => {
    const done = await importStatement(run, lines(run, "a"));
    await run.db.write([{ sql: "UPDATE reconciliations SET source = 'pull'", args: [] }]);
    assert.equal((await reverse<ProblemBody>(run, done.id)).body.code, "wrong_state");
    await run.db.write([{
      sql: "UPDATE reconciliations SET source = 'statement', status = 'running', ended_at = NULL",
      args: [],
    }]);
    assert.equal((await reverse<ProblemBody>(run, done.id)).body.code, "wrong_state");
    assert.equal((await reverse(run, done.id, { client: "cli_other" })).status, 404);
    assert.equal((await reverse(run, done.id, { client: null })).status, 401);
    assert.equal((await reverse(run, done.id, { token: await run.token("cli_demo", "payments:read") })).status, 403);
    assert.equal((await reverse(run, "rec_01kamcvdf2ej5s2k8sxw9ggk71")).status, 404);
    assert.equal((await allPayments(run)).length, 1);
  }));

Deno.test("an import that took a payment back can't be undone; a reversal that still waits is forgotten", () =>
  inProcess(async (run) => {
    const reversal = (of: string): StatementLine => ({
      receipt: `R${of}`,
      at: run.time.now(),
      out: 1_500,
      type: "Pay Bill Reversal",
      details: `Reversal of ${of}`,
      linked: of,
    });
    await importStatement(run, lines(run, "a"));
    const taking = await importStatement(run, [reversal("UKM0000000")]);
    await run.pass(60_000);
    const { status, body } = await reverse<ProblemBody>(run, taking.id);
    assert.deepEqual([status, body.code], [409, "payments_in_use"]);
    assert.match(body.errors?.[0]?.detail ?? "", /UKM0000000 was reversed by M-Pesa/);

    const waiting = await importStatement(run, [reversal("UKM0000009")]);
    await run.pass(60_000);
    assert.equal((await reverse(run, waiting.id)).status, 200);
    assert.deepEqual(await run.sql("SELECT of_receipt FROM reversals"), [["UKM0000000"]]);
  }));

const whileWithdrawing = () =>
  interrupted("after read", ({ sql }) => /^SELECT p\.id FROM reconciliation_rows/.test(sql));

Deno.test("a refund that is asked for while an import is undone stops it before anything is withdrawn", async () => {
  const { planned, options } = interrupted("before write", ({ sql }) => /SET reversing_at = /.test(sql));
  await inProcess(async (run) => {
    const done = await importStatement(run, lines(run, "a", "b"));
    await run.pass(60_000);
    const [payment] = await allPayments(run);
    planned.happens = () => askRefund(run, payment?.id ?? "");
    const { status, body } = await reverse<ProblemBody>(run, done.id);
    assert.deepEqual([planned.happens, status, body.code], [null, 409, "payments_in_use"]);
    assert.deepEqual([(await read(run, done.id)).status, (await allPayments(run)).length], ["completed", 2]);
  }, options);
});

Deno.test("what M-Pesa confirms while an import is undone stays", async () => {
  const { planned, options } = whileWithdrawing();
  await inProcess(async (run) => {
    const done = await importStatement(run, lines(run, "a", "b"));
    planned.happens = () =>
      run.db.write([{ sql: "UPDATE payments SET uploaded = 0 WHERE receipt = 'UKM0000000'", args: [] }]);
    assert.equal((await reverse(run, done.id)).status, 200);
    assert.equal(planned.happens, null);
    assert.deepEqual((await allPayments(run)).map(({ receipt }) => receipt), ["UKM0000000"]);
  }, options);
});

Deno.test("a payment that a person matches while its import is undone stays, and a person is told", async () => {
  const { planned, options } = whileWithdrawing();
  await inProcess(async (run) => {
    const checkout = await awaiting(run, "INV-9");
    const done = await importStatement(run, lines(run, "a"));
    const [payment] = await allPayments(run);
    planned.happens = () => run.call("POST", `/v1/payments/${payment?.id}/match`, { checkout: checkout.id });
    const { status, body } = await reverse<ProblemBody>(run, done.id);
    assert.deepEqual([planned.happens, status, body.code], [null, 409, "payments_in_use"]);
    assert.deepEqual((await allPayments(run)).map(({ id, status }) => [id, status]), [[payment?.id, "matched"]]);
    assert.equal((await getCheckout(run, checkout.id)).status, "succeeded");
  }, options);
});
