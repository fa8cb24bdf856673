import assert from "node:assert/strict";
import type { ReconciliationDetail, ReconciliationView } from "../../../src/domain/reconciliations/contract.ts";
import type { Transaction } from "../../../src/simulator/core/transactions.ts";
import type { CallOptions } from "../../support/client.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { allPayments, awaiting, getCheckout, pay } from "./support.ts";

const HEADER = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.";

/** A statement of the given transactions of the simulator. */
function statementOf(transactions: readonly Transaction[]): string {
  const lines = transactions.map(({ receipt, at, amount, account_reference }) => {
    const nairobi = new Date(Date.parse(at) + 3 * 3_600_000).toISOString();
    const day = nairobi.slice(0, 10).split("-").toReversed().join("-");
    return `${receipt},${day} ${
      nairobi.slice(11, 19)
    },Pay Bill,Completed,${amount}.00,,Pay Bill Online,${account_reference}`;
  });
  return [HEADER, ...lines].join("\r\n");
}

const post = <T = ReconciliationView>(run: InProcess, csv: string, options: CallOptions = {}, query = "") =>
  run.call<T>("POST", `/v1/reconciliations${query}`, undefined, {
    ...options,
    raw: csv,
    headers: { "content-type": "text/csv; charset=utf-8", ...options.headers },
  });

Deno.test("an imported statement creates what was missed at any time, and finds nothing new the second time", async () => {
  const callback = (request: Request) => /\/notify\/03/.test(request.url) ? new Response("", { status: 502 }) : null;
  await inProcess(async (run) => {
    const checkout = await awaiting(run, "INV-1");
    await pay(run, "INV-1", 1500);
    for (let i = 0; i < 250; i++) await pay(run, `A-${i}`, 10 + i);
    const csv = statementOf(run.simulator.world.transactions.list());
    await run.pass(90 * 86_400_000); // long past what can be pulled
    const { status, body } = await post(run, csv);
    assert.deepEqual([status, body.source, body.status], [202, "statement", "queued"]);
    await run.pass(60_000);
    const read = async (id: string) => (await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${id}`)).body;
    const done = await read(body.id);
    assert.deepEqual([done.status, done.seen, done.matched, done.created, done.differing], [
      "completed",
      251,
      0,
      251,
      0,
    ]);
    assert.equal((await getCheckout(run, checkout.id)).status, "succeeded");
    assert.deepEqual(
      (await allPayments(run)).map((p) => [p.receipt, p.amount]).toSorted(),
      run.simulator.world.transactions.list().map((t) => [t.receipt, t.amount * 100]).toSorted(),
    );
    const again = await post(run, csv);
    await run.pass(60_000);
    const second = await read(again.body.id);
    assert.deepEqual([second.seen, second.matched, second.created, second.differing], [251, 251, 0, 0]);
    assert.deepEqual(second.findings, []);
  }, { callback });
});

Deno.test("old money of a statement does not pay a checkout that was made after it", async () => {
  await inProcess(async (run) => {
    const { id } = await awaiting(run, "ROOM5");
    const csv = `${HEADER}\nUKM9X2A1BC,22-11-2024 12:13:25,Pay Bill,Completed,1500.00,,Pay Bill Online,ROOM5`;
    assert.equal((await post(run, csv)).status, 202);
    await run.pass(60_000);
    assert.deepEqual((await allPayments(run)).map(({ status }) => status), ["unmatched"]);
    assert.equal((await getCheckout(run, id)).status, "open");
  });
});

Deno.test("a statement that names another amount, or lacks a payment of ours, is a difference", async () => {
  await inProcess(async (run) => {
    for (let i = 0; i < 4; i++) {
      await pay(run, `A-${i}`, 100 + i);
      await run.pass(10 * 60_000);
    }
    const books = run.simulator.world.transactions.list().map((t, i) => i === 3 ? { ...t, amount: 999 } : t);
    const { body } = await post(run, statementOf(books.filter((_, i) => i !== 1)));
    await run.pass(60_000);
    const done = await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${body.id}`);
    assert.deepEqual([done.body.seen, done.body.matched, done.body.differing], [3, 2, 2]);
    assert.deepEqual(done.body.findings.map(({ outcome }) => outcome).toSorted(), ["differs", "missing"]);
  });
});

Deno.test("a statement is refused as a whole where it can't be read, is too large, or is not the caller's to send", async () => {
  await inProcess(async (run) => {
    const broken = await post<ProblemBody>(run, `${HEADER}\nUKM9X2A1BC,soon,Pay Bill,Completed,1500.00,,Pay Bill,X`);
    assert.deepEqual([broken.status, broken.body.errors?.[0]?.pointer], [422, "/rows/2/completion_time"]);
    assert.equal(await run.count("reconciliations"), 0);
    assert.equal((await post(run, "x".repeat(2 * 1024 * 1024 + 1))).status, 413);
    const csv = `${HEADER}\nUKM9X2A1BC,22-11-2024 12:13:25,Pay Bill,Completed,1500.00,,Pay Bill Online,ROOM5`;
    assert.equal((await post(run, csv, { token: await run.token("cli_demo", "payments:read") })).status, 403);
    const foreign = await post<ProblemBody>(run, csv, {}, "?shortcode=600001");
    assert.deepEqual([foreign.status, foreign.body.errors?.[0]?.pointer], [422, "/shortcode"]);
    const wrong = await post<ProblemBody>(run, csv, { headers: { "content-type": "text/plain" } });
    assert.equal(wrong.status, 415);
  });
});
