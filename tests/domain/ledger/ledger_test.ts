import assert from "node:assert/strict";
import type { LedgerCheckView } from "../../../src/domain/ledger/contract.ts";
import { type Database, DatabaseUnavailable } from "../../../src/db/database.ts";
import { checkoutBody, createCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger, getLedger, holdings, paidCheckout, payPaybill } from "../../support/money.ts";
import { createPayout } from "../../support/payouts.ts";

Deno.test("a payment is posted once, to what the merchant may spend", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, { phone_number: "0712349003" }); // told four times
    const { data } = await getLedger(run, `?subject=${payment.id}`);
    assert.equal(data.length, 1);
    assert.equal(data[0]?.cause, "payment_received");
    assert.deepEqual(data[0]?.debit, { account: "mpesa_utility", balance: 150_000 });
    assert.deepEqual(data[0]?.credit, { account: "merchant_available", balance: 150_000 });
    assert.deepEqual(await holdings(run), { merchant_available: 150_000, mpesa_utility: 150_000 });
  }));

Deno.test("money that belongs to no checkout waits in suspense until it is matched", () =>
  inProcess(async (run) => {
    const receipt = await payPaybill(run);
    assert.deepEqual(await holdings(run), { mpesa_utility: 150_000, suspense: 150_000 });
    const { body: list } = await run.call<{ data: { id: string }[] }>("GET", `/v1/payments?receipt=${receipt}`);
    const checkout = await createCheckout(run);
    const path = `/v1/payments/${list.data[0]?.id}/match`;
    const { status } = await run.call("POST", path, { checkout: checkout.id });
    assert.equal(status, 200);
    assert.deepEqual(await holdings(run), { merchant_available: 150_000, mpesa_utility: 150_000, suspense: 0 });
    const { data } = await getLedger(run, "?account=suspense");
    assert.deepEqual(data.map(({ cause, balance }) => [cause, balance]), [["payment_moved", 0], [
      "payment_received",
      150_000,
    ]]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("money for a checkout that is paid already waits to be refunded", () =>
  inProcess(async (run) => {
    const made = await createCheckout(run, { phone_number: "0712345678", account_reference: "INV1001" });
    await run.pass();
    await payPaybill(run, { reference: made.account_reference, phone: "254722000111" });
    assert.deepEqual(await holdings(run), { merchant_available: 150_000, mpesa_utility: 300_000, refunds: 150_000 });
  }));

Deno.test("a payout that was paid leaves the ledger, one that failed does not", () =>
  inProcess(async (run) => {
    await paidCheckout(run, { amount: 500_000 });
    await createPayout(run, { amount: 200_000 });
    await createPayout(run, { amount: 100_000, phone_number: "254700002040" });
    await run.pass();
    assert.deepEqual(await holdings(run), { merchant_available: 300_000, mpesa_utility: 300_000 });
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("entries can be neither changed nor removed", () =>
  inProcess(async (run) => {
    await paidCheckout(run);
    for (const sql of ["UPDATE ledger_entries SET amount = 1", "DELETE FROM ledger_entries"]) {
      await assert.rejects(run.db.write([{ sql, args: [] }]), /append-only/);
    }
  }));

Deno.test("a payment that arrived is posted once, whatever way a second posting comes", () =>
  inProcess(async (run) => {
    await paidCheckout(run);
    const columns = "shortcode_id, cause, subject_id, debit, credit, amount, debit_balance, credit_balance, at";
    const sql = `INSERT INTO ledger_entries (merchant_id, entry, ${columns}) SELECT merchant_id, 99, ${columns} ` +
      "FROM ledger_entries WHERE cause = 'payment_received'";
    await assert.rejects(run.db.write([{ sql, args: [] }]), /UNIQUE|unique/);
    await run.db.write([{
      sql: "INSERT INTO ledger_postings SELECT * FROM ledger_postings WHERE cause = 'payment_received'",
      args: [],
    }]);
    assert.equal(await run.count("ledger_entries"), 1);
  }));

Deno.test("the ledger pages without gaps, newest first", () =>
  inProcess(async (run) => {
    for (let i = 0; i < 5; i++) await payPaybill(run, { amount: 10 + i });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof getLedger>> = await getLedger(
        run,
        `?account=suspense&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    assert.deepEqual(seen, [5, 4, 3, 2, 1].map((n) => `led_${String(n).padStart(12, "0")}`));
  }));

Deno.test("another merchant sees nothing of a ledger, and the scope is asked for", () =>
  inProcess(async (run) => {
    await paidCheckout(run);
    const other = await getLedger(run, "?shortcode=600000", { client: "cli_other" });
    assert.deepEqual([other.data, other.accounts], [[], []]);
    const token = await run.token("cli_demo", "payments:read");
    for (const path of ["/v1/ledger", "/v1/ledger/checks"]) {
      assert.equal((await run.call("GET", path, undefined, { token })).status, 403);
      assert.equal((await run.call("GET", path, undefined, { client: null })).status, 401);
    }
    assert.equal((await run.call("POST", "/v1/ledger/checks")).status, 403);
    assert.equal((await run.call("GET", "/v1/ledger?account=cash")).status, 400);
  }));

Deno.test("a night's checks that were cut off go on where they stopped, each merchant checked once", () => {
  let stored = 0;
  const failing = (db: Database): Database => ({
    read: (statements) => db.read(statements),
    write(statements) {
      const check = statements.some(({ sql }) => sql.startsWith("INSERT INTO ledger_checks"));
      if (check && ++stored === 2) return Promise.reject(new DatabaseUnavailable("gone", true));
      return db.write(statements);
    },
    close: () => db.close(),
  });
  return inProcess(async (run) => {
    await paidCheckout(run);
    const body = checkoutBody({ phone_number: "0712345678" });
    assert.equal((await run.call("POST", "/v1/checkouts", body, { client: "cli_other" })).status, 201);
    await run.pass();
    await run.pass(24 * 3_600_000);
    await run.sweep();
    await run.pass(600_000);
    assert.equal(stored, 3, "the second was tried again, the first was not");
    assert.deepEqual(
      await run.sql("SELECT merchant_id, count(*) FROM ledger_checks GROUP BY merchant_id ORDER BY 1"),
      [["mer_01kamcvd000000000000000001", 1], ["mer_01kamcvd000000000000000002", 1]],
    );
  }, { wrapDatabase: failing });
});

Deno.test("a merchant whose check breaks does not stop the checks of the others", () => {
  let breaks = true;
  const failing = (db: Database): Database => ({
    read: (statements) =>
      breaks && statements.some(({ scan, args }) => scan && args[0] === "mer_01kamcvd000000000000000001")
        ? Promise.reject(new RangeError("an amount is too large"))
        : db.read(statements),
    write: (statements) => db.write(statements),
    close: () => db.close(),
  });
  const checked = (run: InProcess) => run.sql("SELECT merchant_id FROM ledger_checks ORDER BY 1");
  return inProcess(async (run) => {
    await paidCheckout(run);
    const body = checkoutBody({ phone_number: "0712345678" });
    assert.equal((await run.call("POST", "/v1/checkouts", body, { client: "cli_other" })).status, 201);
    await run.pass();
    await run.pass(24 * 3_600_000);
    await run.sweep();
    await run.pass(1_000);
    assert.deepEqual(await checked(run), [["mer_01kamcvd000000000000000002"]]);
    assert.ok(run.logged("ledger_check_failed").length > 0);
    breaks = false;
    await run.pass(600_000);
    assert.deepEqual((await checked(run)).length, 2);
  }, { wrapDatabase: failing });
});

Deno.test("a check by hand does not stand for the nightly one", () =>
  inProcess(async (run) => {
    await paidCheckout(run);
    await run.pass(24 * 3_600_000);
    await checkLedger(run);
    await run.sweep();
    await run.pass(1_000);
    const checks = await run.sql("SELECT day, started_by FROM ledger_checks ORDER BY id");
    assert.deepEqual(checks, [["2026-11-25", "cli_operator"], ["2026-11-25", "system"]]);
  }));

Deno.test("the nightly check runs once a night, and reports a difference without repairing it", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    await run.db.write([{ sql: "DROP TRIGGER ledger_of_payments", args: [] }]);
    const receipt = await payPaybill(run, { amount: 70 });
    const [[lost]] = await run.sql("SELECT id FROM payments WHERE receipt = ?", receipt) as [[string]];
    await run.pass(24 * 3_600_000);
    await run.sweep();
    await run.sweep();
    const { body } = await run.call<{ data: LedgerCheckView[] }>("GET", "/v1/ledger/checks");
    assert.equal(body.data.length, 1);
    const sums = { shortcode: "600000", count: null, subjects: [] };
    assert.deepEqual(body.data[0]?.findings.map(({ text: _, ...finding }) => finding), [
      { ...sums, kind: "payments", expected: payment.amount + 7_000, found: payment.amount },
      { ...sums, kind: "suspense", expected: 7_000, found: 0 },
      { shortcode: "600000", kind: "payment_ledger", expected: 7_000, found: 0, count: 1, subjects: [lost] },
    ]);
    const alerts = run.logged("ledger_differs").map(({ level, fields }) => [level, fields.kind, fields.text]);
    const told = body.data[0].findings.map(({ kind, text }) => ["alert", kind, text]);
    assert.deepEqual(alerts, told, "one alert for each finding, once");
    assert.equal((await getLedger(run)).last_check?.ok, false);
    assert.deepEqual(await holdings(run), { merchant_available: 150_000, mpesa_utility: 150_000 });
  }));
