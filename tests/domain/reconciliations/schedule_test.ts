import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import type { ReconciliationDetail, ReconciliationView } from "../../../src/domain/reconciliations/contract.ts";
import { insertReconciliation, insertRows, type Reconciliation } from "../../../src/domain/reconciliations/store.ts";
import { PAYBILL, prompted, refreshed } from "../../support/facts.ts";
import { type InProcess, inProcess, type InProcessOptions } from "../../support/in-process.ts";
import { importStatement } from "../../support/statements.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const page = (rows: readonly unknown[]) =>
  Response.json(
    rows.length === 0
      ? { ResponseCode: "1001", ResponseMessage: "None", Response: [[]] }
      : { ResponseRefID: "1", ResponseCode: "1000", ResponseMessage: "Success", Response: [rows] },
  );

/** Daraja's pull list, answered by `answer`. */
const listing = (answer: () => Response): InProcessOptions => ({
  daraja: (request) => request.url.includes("/pulltransactions/v1/query") ? answer() : null,
});

/** The job of the paybill runs now, whatever it was planned for. */
async function runJob(run: InProcess): Promise<void> {
  await run.db.write([run.services.jobs.schedule("reconcile", PAYBILL.id, DEMO_MERCHANT, run.time.now())]);
  await run.sweep();
}

const scheduled = (run: InProcess) =>
  run.sql(
    "SELECT status, window_from, window_to FROM reconciliations WHERE started_by = 'system' AND shortcode_id = ? ORDER BY id",
    PAYBILL.id,
  );

Deno.test("M-Pesa is asked once an interval, however often the job runs", async () => {
  const options = listing(() => page([]));
  await inProcess(async (run) => {
    await runJob(run);
    assert.equal((await scheduled(run)).length, 1);
    run.time.skip(HOUR - 1_000);
    await runJob(run);
    assert.equal((await scheduled(run)).length, 1, "it is not due yet");
    run.time.skip(1_000);
    await runJob(run);
    assert.equal((await scheduled(run)).length, 2);
  }, options);
});

Deno.test("the time of a scheduled reconciliation that failed is read by the next one", async () => {
  const refused = () => Response.json({ errorCode: "400.002.02", errorMessage: "Bad Request" }, { status: 400 });
  let isUp = true;
  const options = listing(() => isUp ? page([]) : refused());
  await inProcess(async (run) => {
    await runJob(run); // reads all that M-Pesa keeps
    const [[, , end]] = await scheduled(run) as [[string, number, number]];
    isUp = false;
    for (let hours = 0; hours < 5; hours++) {
      run.time.skip(HOUR);
      await runJob(run);
    }
    isUp = true;
    run.time.skip(HOUR);
    await runJob(run);
    const all = await scheduled(run);
    assert.deepEqual(all.map(([status]) => status), ["completed", ...Array(5).fill("failed"), "completed"]);
    assert.equal(all.at(-1)?.[1], end - 2 * HOUR, "from two hours before the end of the last that was completed");
  }, options);
});

Deno.test("a rate limit puts a pull off, and does not end it", async () => {
  const busy = () => Response.json({ errorCode: "500.003.03", errorMessage: "Quota Violation" }, { status: 429 });
  let isBusy = true;
  const options = listing(() => isBusy ? busy() : page([]));
  await inProcess(async (run) => {
    const { body } = await run.call<ReconciliationView>("POST", "/v1/reconciliations", {});
    await run.pass(1_000);
    const read = async () =>
      (await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${body.id}`)).body.status;
    assert.notEqual(await read(), "failed");
    isBusy = false;
    await run.pass(30 * 60_000);
    assert.equal(await read(), "completed");
    assert.deepEqual(run.logged("reconciliation_failed"), []);
  }, options);
});

Deno.test("a payment whose receipt is not known can't be missing in M-Pesa's list", async () => {
  const options = listing(() => page([]));
  await inProcess(async (run) => {
    await refreshed(run, await prompted(run));
    await run.db.write([{ sql: "UPDATE payments SET paid_at = ? WHERE receipt IS NULL", args: [run.time.now()] }]);
    assert.equal(await run.count("payments WHERE receipt IS NULL AND paid_at IS NOT NULL"), 1);
    run.time.skip(HOUR);
    await runJob(run);
    assert.deepEqual(await run.sql("SELECT status, differing FROM reconciliations"), [["completed", 0]]);
  }, options);
});

const row = (run: InProcess, changes: Partial<Reconciliation>): Reconciliation => ({
  id: "rec_01kamcvdf2ej5s2k8sxw9ggk71",
  merchant_id: DEMO_MERCHANT,
  shortcode_id: PAYBILL.id,
  source: "pull",
  status: "completed",
  started_by: "system",
  window_from: run.time.now() - DAY,
  window_to: run.time.now(),
  next_offset: 0,
  tries: 0,
  seen: 0,
  matched: 0,
  created: 0,
  differing: 0,
  unreadable: 0,
  left_out: 0,
  notes: [],
  problem: null,
  reversing_at: null,
  reversed_at: null,
  reversed_by: null,
  created_at: run.time.now(),
  updated_at: run.time.now(),
  ended_at: run.time.now(),
  version: 1,
  ...changes,
});

const known = {
  payment_id: null,
  ours: 100,
  theirs: 100,
  account_reference: null,
  paid_at: null,
};

Deno.test("a row that has its outcome keeps it: a run that comes later can't say that nothing was recorded", () =>
  inProcess(async (run) => {
    const { id } = row(run, {});
    await run.db.write([
      insertReconciliation(row(run, {})),
      insertRows(id, [{ ...known, receipt: "UKM0000AAA", outcome: "waiting" }]),
      insertRows(id, [{ ...known, receipt: "UKM0000AAA", outcome: "created" }]),
      insertRows(id, [{ ...known, receipt: "UKM0000AAA", outcome: "matched", ours: 900 }]),
    ]);
    assert.deepEqual(await run.sql("SELECT outcome, ours FROM reconciliation_rows"), [["created", 100]]);
  }));

Deno.test("of old reconciliations only those that found nothing are deleted", async () => {
  const options = listing(() => page([]));
  await inProcess(async (run) => {
    const ids = ["1", "2", "3", "4"].map((n) => `rec_01kamcvdf2ej5s2k8sxw9ggk7${n}`);
    const [empty = "", differs = "", created = "", byHand = ""] = ids;
    await run.db.write([
      insertReconciliation(row(run, { id: empty })),
      insertReconciliation(row(run, { id: differs, differing: 1 })),
      insertRows(differs, [{ ...known, receipt: "UKM0000AAA", outcome: "missing" }]),
      insertReconciliation(row(run, { id: created, created: 1 })),
      insertRows(created, [{ ...known, receipt: "UKM0000BBB", outcome: "created" }]),
      insertReconciliation(row(run, { id: byHand, started_by: "cli_demo" })),
    ]);
    run.time.skip(31 * DAY);
    await importStatement(run, [{ receipt: "UKM0000CCC", at: run.time.now() - HOUR, in: 10 }]);
    const left = (await run.sql("SELECT id FROM reconciliations")).map(([id]) => String(id));
    assert.deepEqual(ids.filter((id) => left.includes(id)), [differs, created, byHand]);
  }, options);
});
