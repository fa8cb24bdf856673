import assert from "node:assert/strict";
import type { ReconciliationDetail, ReconciliationView } from "../../../src/domain/reconciliations/contract.ts";
import { confirmation, OTHER_PAYBILL, PAYBILL, TILL } from "../../support/facts.ts";
import { type InProcess, inProcess, type InProcessOptions, type ProblemBody } from "../../support/in-process.ts";

const HEADER = "Receipt No.,Completion Time,Transaction Status,Paid In\r\n";

async function imported(run: InProcess, lines: readonly string[]): Promise<ReconciliationDetail> {
  const raw = HEADER + lines.join("\r\n");
  const options = { raw, headers: { "content-type": "text/csv" } };
  const { status, body } = await run.call<ReconciliationView>("POST", "/v1/reconciliations", undefined, options);
  assert.equal(status, 202, JSON.stringify(body));
  await run.pass(60_000);
  return (await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${body.id}`)).body;
}

const findings = ({ findings }: ReconciliationDetail) =>
  findings.map(({ receipt, outcome, payment, ours, theirs }) => [receipt, outcome, payment, ours, theirs]);

Deno.test("a receipt that M-Pesa gave for another shortcode is a finding of a file: no match, no second payment, no link", () =>
  inProcess(async (run) => {
    await confirmation(run, TILL, null, { receipt: "UKM0000AAA", amount: 10, at: run.time.now() });
    const done = await imported(run, ["UKM0000AAA,22-11-2026 12:13:25,Completed,10.00"]);
    assert.deepEqual(findings(done), [["UKM0000AAA", "differs", null, null, 1_000]]);
    assert.deepEqual([done.matched, done.created, done.differing], [0, 0, 1]);
    assert.deepEqual(await run.sql("SELECT shortcode_id FROM payments"), [[TILL.id]]);
  }));

Deno.test("a payment without a time takes that of M-Pesa's list, so that it can be found missing later", () => {
  const row = {
    transactionId: "UKM0000AAA",
    trxDate: "2026-11-20T10:00:00.000Z",
    msisdn: "254712345678",
    transactiontype: "c2b-pay-bill-debit",
    billreference: "nobody",
    amount: "10.00",
  };
  let pages = 0;
  const options: InProcessOptions = {
    daraja: (request) =>
      !request.url.includes("/pulltransactions/v1/query") ? null : Response.json(
        pages++ === 0
          ? { ResponseRefID: "1", ResponseCode: "1000", ResponseMessage: "Success", Response: [[row]] }
          : { ResponseCode: "1001", ResponseMessage: "None", Response: [[]] },
      ),
  };
  return inProcess(async (run) => {
    await confirmation(run, PAYBILL, "nobody", { receipt: "UKM0000AAA", amount: 10, at: run.time.now() });
    await run.db.write([{ sql: "UPDATE payments SET paid_at = NULL", args: [] }]);
    const { body } = await run.call<ReconciliationView>("POST", "/v1/reconciliations", {});
    await run.pass(60_000);
    const done = (await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${body.id}`)).body;
    assert.deepEqual([done.status, done.matched, done.created], ["completed", 1, 0]);
    assert.deepEqual(await run.sql("SELECT paid_at FROM payments"), [[Date.parse(row.trxDate)]]);
  }, options);
});

Deno.test("an amount paid in with a minus is never money that came in", () =>
  inProcess(async (run) => {
    const done = await imported(run, [
      "UKM0000AAA,22-11-2026 12:13:25,Completed,-10.00",
      "UKM0000BBB,22-11-2026 12:13:25,Completed,(20.00)",
      "UKM0000CCC,22-11-2026 12:13:25,Completed,30.00",
    ]);
    assert.equal(done.created, 1);
    assert.deepEqual(await run.sql("SELECT receipt, amount FROM payments"), [["UKM0000CCC", 3_000]]);
  }));

Deno.test("a statement with too many rows is refused, and the error names the first that is too many", () =>
  inProcess(async (run) => {
    const lines = Array.from(
      { length: 20_001 },
      (_, i) => `UKM${String(i).padStart(7, "0")},22-11-2026 12:13:25,Completed,1`,
    );
    const options = { raw: HEADER + lines.join("\n"), headers: { "content-type": "text/csv" } };
    const { status, body } = await run.call<ProblemBody>("POST", "/v1/reconciliations", undefined, options);
    assert.deepEqual([status, body.errors?.[0]?.pointer], [422, "/rows/20002"]);
    assert.equal(await run.count("reconciliations"), 0);
  }));

Deno.test("a dry run tells another amount and the receipt of another own shortcode, and nothing of other merchants", () =>
  inProcess(async (run) => {
    const at = run.time.now();
    await confirmation(run, TILL, null, { receipt: "UKM0000AAA", amount: 10, at });
    await confirmation(run, PAYBILL, "nobody", { receipt: "UKM0000BBB", amount: 20, at });
    await confirmation(run, OTHER_PAYBILL, "nobody", { receipt: "UKM0000CCC", amount: 30, at });
    const lines = [["AAA", 10], ["BBB", 25], ["CCC", 30], ["DDD", 40]].map(([end, amount]) =>
      `UKM0000${end},22-11-2026 12:13:25,Completed,${amount}.00`
    );
    const options = { raw: HEADER + lines.join("\r\n"), headers: { "content-type": "text/csv" } };
    const { body } = await run.call<ReconciliationDetail>(
      "POST",
      "/v1/reconciliations?dry_run=true",
      undefined,
      options,
    );
    const [[own] = []] = await run.sql("SELECT id FROM payments WHERE receipt = 'UKM0000BBB'");
    assert.deepEqual(findings(body), [
      ["UKM0000AAA", "differs", null, null, 1_000],
      ["UKM0000BBB", "differs", own, 2_000, 2_500],
      ["UKM0000CCC", "created", null, null, 3_000],
      ["UKM0000DDD", "created", null, null, 4_000],
    ]);
    assert.deepEqual([body.created, body.differing, body.matched], [2, 2, 0]);
    assert.equal(await run.count("payments"), 3);
  }));
