import assert from "node:assert/strict";
import { findDifferences } from "../../../src/domain/ledger/find-differences.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger, createRefund, paidCheckout, payPaybill } from "../../support/money.ts";
import { createPayout } from "../../support/payouts.ts";

const MERCHANT = "mer_01kamcvd000000000000000001";
const SHORTCODE = "sho_01kamcvd000000000000000001";

const write = (run: InProcess, sql: string, ...args: (string | number)[]) => run.db.write([{ sql, args }]);

/** What the comparisons of sums find, as [kind, expected, found] in cents. What breaks a rule is in `rules_test.ts`. */
const found = async (run: InProcess) =>
  (await findDifferences(run.services, MERCHANT)).filter(({ count }) => count === undefined)
    .map(({ kind, expected, found }) => [kind, expected, found]);

async function paymentIds(run: InProcess, status: string): Promise<string[]> {
  return (await run.sql("SELECT id FROM payments WHERE status = ? ORDER BY id", status)).map(([id]) => String(id));
}

/** Money of every kind: matched, waiting, a part, a duplicate, a payout, and refunds by both methods. */
async function fill(run: InProcess): Promise<void> {
  await paidCheckout(run, { amount: 500_000 });
  await payPaybill(run, { amount: 700 });
  const half = await createCheckout(run, { account_reference: "HALF" });
  await payPaybill(run, { amount: 600, reference: half.account_reference });
  const twice = await createCheckout(run, { phone_number: "0712345678" });
  await run.call("POST", `/v1/checkouts/${twice.id}/attempts`, { phone_number: "0722000111" });
  await run.pass();
  const over = await paidCheckout(run, { account_reference: "OVER", phone_number: "0722000222" });
  await payPaybill(run, { amount: 1_500, reference: over.account_reference ?? "" });
  await createPayout(run, { amount: 200_000 });
  const back = await paidCheckout(run, { phone_number: "0722000333" });
  await createRefund(run, back.id);
  const part = await paidCheckout(run, { phone_number: "0722000444" });
  await createRefund(run, part.id, { method: "payout", amount: 50_000 });
  const [duplicate = ""] = (await run.sql(
    "SELECT id FROM payments WHERE status = 'duplicate_payment' AND attempt_id IS NOT NULL",
  )).map(([id]) => String(id));
  await createRefund(run, duplicate, { method: "payout", amount: 50_000 });
  await run.pass();
  assert.deepEqual(await run.sql("SELECT status, count(*) FROM refunds GROUP BY status"), [["succeeded", 3]]);
  assert.deepEqual(await run.sql("SELECT status FROM payouts ORDER BY id"), [["succeeded"], ["succeeded"], [
    "succeeded",
  ]]);
}

Deno.test("the check finds nothing in books of every kind of money that are right", () =>
  inProcess(async (run) => {
    await fill(run);
    const statuses = (await run.sql("SELECT DISTINCT status FROM payments ORDER BY status")).flat();
    assert.deepEqual(statuses, ["duplicate_payment", "matched", "partial", "refunded", "unmatched"]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("the check finds accounts that do not add up to zero, and a balance that is not the sum of its entries", () =>
  inProcess(async (run) => {
    await paidCheckout(run);
    await write(run, "UPDATE ledger_accounts SET balance = balance + 100 WHERE account = 'mpesa_utility'");
    assert.deepEqual(await found(run), [["sum", 0, 100], ["balance", 150_000, 150_100]]);
    await write(run, "UPDATE ledger_accounts SET balance = balance - 100 WHERE account = 'merchant_available'");
    assert.deepEqual(await found(run), [["balance", -150_000, -150_100], ["balance", 150_000, 150_100]]);
  }));

for (const change of [100, -100]) {
  Deno.test(`the check finds a payment whose amount differs from its posting by ${change} cents`, () =>
    inProcess(async (run) => {
      await fill(run);
      for (
        const [status, kind] of [["matched", null], ["unmatched", "suspense"], ["partial", "suspense"], [
          "duplicate_payment",
          "refunds",
        ]] as const
      ) {
        const [id = ""] = await paymentIds(run, status);
        await write(run, "UPDATE payments SET amount = amount + ? WHERE id = ?", change, id);
        const differences = await found(run);
        assert.deepEqual(differences.map(([kind]) => kind), kind === null ? ["payments"] : ["payments", kind], status);
        for (const [, expected, stored] of differences) assert.equal(Number(expected) - Number(stored), change);
        await write(run, "UPDATE payments SET amount = amount - ? WHERE id = ?", change, id);
      }
      assert.deepEqual(await found(run), []);
    }));

  Deno.test(`the check finds a payout and a reversal that differ from their postings by ${change} cents`, () =>
    inProcess(async (run) => {
      await fill(run);
      const by = (sign: number) => sign * change * 100; // payouts are whole shillings
      const [[payout]] = await run.sql("SELECT id FROM payouts LIMIT 1") as [[string]];
      await write(run, "UPDATE payouts SET amount = amount + ? WHERE id = ?", by(1), payout);
      assert.deepEqual((await found(run)).map(([kind, a, b]) => [kind, Number(a) - Number(b)]), [["payouts", by(1)]]);
      await write(run, "UPDATE payouts SET amount = amount + ? WHERE id = ?", by(-1), payout);
      await write(run, "UPDATE refunds SET amount = amount + ? WHERE method = 'reversal'", change);
      assert.deepEqual((await found(run)).map(([kind, a, b]) => [kind, Number(a) - Number(b)]), [[
        "reversals",
        change,
      ]]);
    }));
}

Deno.test("a part of unmatched money that went back does not count as held", () =>
  inProcess(async (run) => {
    await payPaybill(run, { amount: 700 });
    const [id = ""] = await paymentIds(run, "unmatched");
    await write(
      run,
      "INSERT INTO refund_totals (payment_id, cap, promised, refunded) VALUES (?, 70000, 20000, 20000)",
      id,
    );
    assert.deepEqual(await found(run), [["suspense", 50_000, 70_000]]);
  }));

/** Stores a balance that M-Pesa reports, in cents, with what the ledger had at that time. */
const balance = (
  run: InProcess,
  id: number,
  [utility, working]: [number, number],
  [ledger, ledgerWorking]: [number, number],
) =>
  write(
    run,
    "INSERT INTO balances (id, merchant_id, shortcode_id, accounts, utility, working, ledger_utility, ledger_working, received_at) " +
      "VALUES (?, ?, ?, '[]', ?, ?, ?, ?, ?)",
    `bal_0000000000000000000000000${id}`,
    MERCHANT,
    SHORTCODE,
    utility,
    working,
    ledger,
    ledgerWorking,
    run.time.now(),
  );

Deno.test("the check finds a balance of M-Pesa that moved otherwise than the ledger since the last check", () =>
  inProcess(async (run) => {
    await balance(run, 1, [100_000, 50_000], [0, 0]);
    await balance(run, 2, [160_000, 50_000], [60_000, 0]);
    assert.deepEqual(await found(run), []);
    await balance(run, 3, [150_000, 50_000], [60_000, 0]);
    assert.deepEqual(await found(run), [["mpesa_utility", 160_000, 150_000]]);
    await balance(run, 4, [170_000, 40_000], [60_000, 0]);
    assert.deepEqual(await found(run), [["mpesa_utility", 160_000, 170_000], ["mpesa_working", 50_000, 40_000]]);

    await run.pass(1);
    assert.equal((await checkLedger(run)).length, 2, "reported once");
    await run.pass(1);
    await balance(run, 5, [180_000, 45_000], [70_000, 5_000]);
    assert.deepEqual(await found(run), [], "what was reported is not reported again");
    await balance(run, 6, [180_000, 30_000], [70_000, 5_000]);
    assert.deepEqual(await found(run), [["mpesa_working", 45_000, 30_000]]);
  }));

Deno.test("an entry is posted once for each cause, and a second one is refused by the table itself", () =>
  inProcess(async (run) => {
    const { id } = await paidCheckout(run);
    const posting =
      "INSERT INTO ledger_postings SELECT merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at " +
      "FROM ledger_entries WHERE subject_id = ?";
    await write(run, posting, id);
    assert.equal(await run.count("ledger_entries"), 1);
    assert.deepEqual(await found(run), []);
    const entry =
      "INSERT INTO ledger_entries SELECT merchant_id, entry + 1, shortcode_id, cause, subject_id, debit, credit, " +
      "amount, debit_balance, credit_balance, at FROM ledger_entries WHERE subject_id = ?";
    await assert.rejects(write(run, entry, id), /UNIQUE/i);
  }));
