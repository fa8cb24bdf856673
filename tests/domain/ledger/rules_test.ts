import assert from "node:assert/strict";
import type { ReconciliationView } from "../../../src/domain/reconciliations/contract.ts";
import { findDifferences } from "../../../src/domain/ledger/find-differences.ts";
import { findingTexts } from "../../../src/domain/ledger/finding.ts";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../../src/cli/seed.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { callback, confirmation, OTHER_PAYBILL, PAYBILL, prompted, TILL } from "../../support/facts.ts";
import { type InProcess, inProcess, type InProcessOptions } from "../../support/in-process.ts";
import { askRefund, checkLedger, createRefund, getPayment, paidCheckout, payPaybill } from "../../support/money.ts";
import { failureNotice, paidNotice, reversedNotice, tell } from "../../support/notices.ts";
import { act, createPayout, getPayout } from "../../support/payouts.ts";

/* Issue 13, item 22: each rule of the model that our rows can show fires by its cause, and only then. */

const operator = { client: "cli_operator" } as const;
/** Daraja takes payouts and reversals of this payer and forgets them: only what the test tells settles them. */
const FORGOTTEN = { phone_number: "0712349017" };
const HOUR_MS = 3_600_000;

const write = (run: InProcess, sql: string, ...args: (string | number)[]) => run.db.write([{ sql, args }]);

/** What breaks a rule, as [kind, expected, found, subjects]. */
const broken = async (run: InProcess, overdueBefore = 0) =>
  (await findDifferences(run.services, DEMO_MERCHANT, overdueBefore)).filter(({ count }) => count !== undefined)
    .map(({ kind, expected, found, subjects }) => [kind, expected, found, subjects]);

async function idOf(run: InProcess, receipt: string, shortcode: string = PAYBILL.id): Promise<string> {
  const [[id] = []] = await run.sql(
    "SELECT id FROM payments WHERE receipt = ? AND shortcode_id = ?",
    receipt,
    shortcode,
  );
  return String(id);
}

Deno.test("a receipt that M-Pesa confirms at two shortcodes of a merchant is told, and none of another merchant", () =>
  inProcess(async (run) => {
    const transfer = { receipt: "UKM1A2B3C4", amount: 1_500, at: run.time.now() };
    await confirmation(run, PAYBILL, "nobody", transfer);
    await confirmation(run, OTHER_PAYBILL, "nobody", transfer);
    assert.deepEqual(await broken(run), []);
    await run.pass(1);
    await confirmation(run, TILL, null, transfer);
    assert.deepEqual(await broken(run), [["receipt_twice", 0, 150_000, [await idOf(run, "UKM1A2B3C4", TILL.id)]]]);
    assert.deepEqual(await findDifferences(run.services, OTHER_MERCHANT), []);
  }));

Deno.test("a prompt's payment that was never posted is told, though nothing of it waits", () =>
  inProcess(async (run) => {
    await write(run, "DROP TRIGGER ledger_of_payments");
    const { id } = await paidCheckout(run);
    assert.deepEqual(await broken(run), [["payment_ledger", 150_000, 0, [id]]]);
  }));

Deno.test("a payment that was never posted is told, and what it then takes from the money of others", () =>
  inProcess(async (run) => {
    await write(run, "DROP TRIGGER ledger_of_payments");
    const id = await idOf(run, await payPaybill(run, { phone: "254712349017" }));
    assert.deepEqual(await broken(run), [["payment_ledger", 150_000, 0, [id]]]);
    await createRefund(run, id);
    await run.pass(100);
    const [[refund, receipt] = []] = await run.sql(
      "SELECT r.id, p.receipt FROM refunds r JOIN payments p ON p.id = r.payment_id",
    );
    await tell(run, String(refund), "refund_result", reversedNotice(String(receipt)));
    assert.deepEqual(await broken(run), [
      ["held_negative", 0, -150_000, ["suspense"]],
      ["payment_ledger", 150_000, 0, [id]],
    ]);
  }));

Deno.test("money that moved to a checkout, and whose entry is missing, is told for the payment", () =>
  inProcess(async (run) => {
    await write(run, "DROP TRIGGER ledger_of_moved_payments");
    const id = await idOf(run, await payPaybill(run));
    const { id: checkout } = await createCheckout(run);
    assert.equal((await run.call("POST", `/v1/payments/${id}/match`, { checkout })).status, 200);
    assert.deepEqual(await broken(run), [["payment_ledger", 0, 150_000, [id]]]);
  }));

Deno.test("a duplicate that was posted as the merchant's own money is told for the payment", () =>
  inProcess(async (run) => {
    const made = await createCheckout(run, { phone_number: "0712345678", account_reference: "INV1001" });
    await run.pass();
    await write(run, "DROP TRIGGER ledger_of_payments");
    await write(
      run,
      "CREATE TRIGGER ledger_of_payments AFTER INSERT ON payments BEGIN INSERT INTO ledger_postings VALUES " +
        "(NEW.merchant_id, NEW.shortcode_id, 'payment_received', NEW.id, 'mpesa_utility', 'merchant_available', NEW.amount, 9); END",
    );
    const id = await idOf(run, await payPaybill(run, { reference: made.account_reference, phone: "254722000111" }));
    assert.equal((await getPayment(run, id)).status, "duplicate_payment");
    assert.deepEqual(await broken(run), [["payment_ledger", 150_000, 0, [id]]]);
  }));

Deno.test("refunds that are done and under way together past what was paid are told before both are done", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, FORGOTTEN);
    const first = await createRefund(run, payment.id, { method: "payout" });
    await run.pass(100);
    await tell(run, first.payout ?? "", "payout_result", failureNotice(await getPayout(run, first.payout ?? "")));
    await createRefund(run, payment.id);
    await run.pass(100);
    assert.deepEqual(await broken(run), []);
    await tell(run, first.payout ?? "", "payout_result", paidNotice(await getPayout(run, first.payout ?? "")));
    assert.deepEqual(await broken(run), [["over_promised", 150_000, 300_000, [payment.id]]]);
    const [[second] = []] = await run.sql("SELECT id FROM refunds WHERE method = 'reversal'");
    await tell(run, String(second), "refund_result", reversedNotice(payment.receipt ?? ""));
    assert.deepEqual(await broken(run), [["over_refunded", 150_000, 300_000, [payment.id]]]);
  }));

Deno.test("totals of a payment that are not the sum of its refunds are told", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, FORGOTTEN);
    await createRefund(run, payment.id, { method: "payout", amount: 50_000 });
    assert.deepEqual(await broken(run), []);
    await write(run, "UPDATE refund_totals SET promised = promised - 10000");
    assert.deepEqual(await broken(run), [["refund_totals", 50_000, 40_000, [payment.id]]]);
    await write(run, "UPDATE refund_totals SET promised = promised + 10000");
    await write(run, "UPDATE payments SET amount_refunded = 20000");
    assert.deepEqual(await broken(run), [["refund_totals", 0, 20_000, [payment.id]]]);
  }));

Deno.test("a checkout that succeeded by less than it asks is told, unless a person settled it so", () =>
  inProcess(async (run) => {
    const id = await idOf(run, await payPaybill(run, { amount: 1_400 }));
    const { id: byHand } = await createCheckout(run);
    assert.equal((await run.call("POST", `/v1/payments/${id}/match`, { checkout: byHand })).status, 200);
    assert.equal((await getCheckout(run, byHand)).status, "succeeded");
    const refunded = await paidCheckout(run, { phone_number: "0722000111" });
    assert.equal((await askRefund(run, refunded.id)).status, 202);
    await run.pass();
    assert.equal((await getPayment(run, refunded.id)).status, "refunded");
    assert.deepEqual(await broken(run), [], "a person's word, and money that went back later");
    const made = await createCheckout(run, { account_reference: "HALF" });
    await payPaybill(run, { amount: 600, reference: "HALF" });
    await write(run, "UPDATE checkouts SET status = 'succeeded' WHERE id = ?", made.id);
    assert.deepEqual(await broken(run), [["checkout_unpaid", 150_000, 0, [made.id]]]);
  }));

Deno.test("a payment whose receipt never came is told when its plan has ended, until the receipt comes", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run);
    await run.pass(2.8 * HOUR_MS);
    const { payment } = await getCheckout(run, checkout.id);
    assert.equal(payment?.receipt, null);
    assert.deepEqual(await checkLedger(run), []);
    await run.pass(0.2 * HOUR_MS);
    const told = (await checkLedger(run)).map((
      { kind, subjects, expected, found },
    ) => [kind, subjects, expected, found]);
    assert.deepEqual(told, [["placeholder_overdue", [payment?.id], 150_000, 0]]);
    assert.match(String(run.logged("ledger_differs")[0]?.fields.text), /Upload the statement/);
    const at = Date.parse(checkout.created_at) + 5_000;
    await callback(run, checkout.attempts[0]?.id ?? "", { receipt: "UKM1A2B3C4", amount: 1_500, at });
    assert.deepEqual(await checkLedger(run), []);
  }));

/** Daraja's pull list, as the test changes it. */
function listing() {
  const state: { rows: readonly Record<string, unknown>[] } = { rows: [] };
  let asked = 0;
  const options: InProcessOptions = {
    daraja: (request) => {
      if (!request.url.includes("/pulltransactions/v1/query")) return null;
      const page = asked++ % 2 === 0 ? state.rows : [];
      if (page.length === 0) return Response.json({ ResponseCode: "1001", ResponseMessage: "None", Response: [[]] });
      return Response.json({ ResponseRefID: "1", ResponseCode: "1000", ResponseMessage: "Success", Response: [page] });
    },
  };
  const list = (receipt: string, amount: unknown, at: number) => ({
    transactionId: receipt,
    trxDate: new Date(at).toISOString(),
    msisdn: "254712345678",
    sender: "JANE",
    transactiontype: "c2b-pay-bill-debit",
    billreference: "nobody",
    amount,
    organizationname: "Demo Shop",
  });
  return { state, options, list };
}

async function pull(run: InProcess): Promise<void> {
  const { status, body } = await run.call<ReconciliationView>("POST", "/v1/reconciliations", {});
  assert.equal(status, 202);
  await run.pass(60_000);
  const done = await run.call<ReconciliationView>("GET", `/v1/reconciliations/${body.id}`);
  assert.equal(done.body.status, "completed");
}

Deno.test("what M-Pesa's list lacks is told, until a later list has it", async () => {
  const { state, options, list } = listing();
  await inProcess(async (run) => {
    const receipt = await payPaybill(run);
    const at = run.time.now();
    await run.pass(2 * HOUR_MS);
    state.rows = [list("UKM0000AAA", "10.00", at), list(receipt, "1500.00", at)];
    await pull(run);
    assert.deepEqual(await broken(run), []);
    state.rows = [list("UKM0000AAA", "10.00", at)];
    await pull(run);
    const id = await idOf(run, receipt);
    assert.deepEqual(await broken(run), [["missing_at_mpesa", 150_000, 0, [id]]]);
    await run.pass(HOUR_MS);
    await pull(run);
    assert.deepEqual(
      await broken(run),
      [["missing_at_mpesa", 150_000, 0, [id]]],
      "told once, however often it was met",
    );
    state.rows = [list("UKM0000AAA", "10.00", at), list(receipt, "1500.00", at)];
    await run.pass(HOUR_MS);
    await pull(run);
    assert.deepEqual(await broken(run), []);
    const last = "(SELECT max(id) FROM reconciliations)";
    await write(run, `UPDATE reconciliations SET reversed_at = 9, reversed_by = 'cli_demo' WHERE id = ${last}`);
    assert.equal((await broken(run)).length, 1, "a list that was taken back has put nothing right");
    await write(run, "UPDATE reconciliations SET reversed_at = 9, reversed_by = 'cli_demo'");
    assert.deepEqual(await broken(run), [], "and tells of nothing");
  }, options);
});

Deno.test("what M-Pesa's list names with another amount, or unreadably, is told until it agrees", async () => {
  const { state, options, list } = listing();
  await inProcess(async (run) => {
    const receipt = await payPaybill(run);
    const at = run.time.now();
    await run.pass(2 * HOUR_MS);
    state.rows = [list(receipt, "1400.00", at), list("UKM0000BAD", "0.00", at)];
    await pull(run);
    const id = await idOf(run, receipt);
    assert.deepEqual(await broken(run), [["differs_at_mpesa", 150_000, 140_000, ["UKM0000BAD", id].sort()]]);
    await confirmation(run, PAYBILL, "nobody", { receipt: "UKM0000BAD", amount: 70, at });
    state.rows = [list(receipt, "1500.00", at), list("UKM0000BAD", "70.00", at)];
    await run.pass(HOUR_MS);
    await pull(run);
    assert.deepEqual(await broken(run), []);
  }, options);
});

Deno.test("a status answer that contradicts a person's word is told, and not where only the plan has ended", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, { phone_number: "254700009017" });
    await run.pass(30 * HOUR_MS);
    const payout = await getPayout(run, id);
    assert.deepEqual([payout.status, payout.needs_person], ["in_doubt", true]);
    assert.deepEqual(await broken(run), []);
    const evidence = "Portal statement of 24 November";
    assert.equal((await act(run, id, "resolve", operator, { outcome: "failed", evidence })).status, 200);
    assert.deepEqual(await broken(run), []);
    await tell(run, id, "payout_result", paidNotice(payout));
    assert.deepEqual(await broken(run), [["out_contradicted", 0, payout.amount, [id]]]);
    assert.equal((await act(run, id, "resolve", operator, { outcome: "succeeded", evidence })).status, 200);
    assert.deepEqual(await broken(run), []);
    const other = await createPayout(run, { phone_number: "254701009017" });
    await run.pass(100);
    await tell(run, other.id, "payout_result", paidNotice(other, "UKM2A2B3C4", 7));
    assert.deepEqual(await broken(run), [["out_contradicted", 0, other.amount, [other.id]]]);
  }));

Deno.test("a refund whose reversal M-Pesa reports with another amount is told", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, FORGOTTEN);
    const { id } = await createRefund(run, payment.id);
    await run.pass(100);
    await tell(run, id, "refund_result", reversedNotice(payment.receipt ?? "", 1_400));
    assert.deepEqual(await broken(run), [["out_contradicted", 0, 150_000, [id]]]);
  }));

Deno.test("a payout that has M-Pesa's receipt and has not succeeded is told", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, FORGOTTEN);
    await run.pass(100);
    assert.deepEqual(await broken(run), []);
    await write(run, "UPDATE payouts SET receipt = 'UKM1A2B3C4'"); // as a fault in the machine would leave it
    assert.deepEqual(await broken(run), [["out_status", 0, (await getPayout(run, id)).amount, [id]]]);
  }));

Deno.test("a finding names the oldest twenty, counts all, and says what to do", () =>
  inProcess(async (run) => {
    await write(run, "DROP TRIGGER ledger_of_payments");
    const ids: string[] = [];
    for (let i = 0; i < 25; i++) ids.push(await idOf(run, await payPaybill(run, { amount: 10 + i })));
    const [finding] = (await checkLedger(run)).filter(({ kind }) => kind === "payment_ledger");
    assert.deepEqual([finding?.count, finding?.subjects], [25, ids.slice(0, 20)]);
    assert.equal(finding?.expected, ids.reduce((sum, _, i) => sum + (10 + i) * 100, 0));
    assert.equal(finding?.text, findingTexts.payment_ledger);
  }));

Deno.test("every kind of finding is explained to operators", async () => {
  const page = await Deno.readTextFile(new URL("../../../docs/operations.md", import.meta.url));
  for (const kind of Object.keys(findingTexts)) {
    assert.ok(page.includes(`\`${kind}\``), `${kind} is not in operations.md`);
  }
});
