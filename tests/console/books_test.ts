import assert from "node:assert/strict";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { consoleUrl, formOf, signInAs, type Visitor } from "../support/console.ts";
import { inProcess } from "../support/in-process.ts";
import { getPayment, payPaybill } from "../support/money.ts";

async function press(visitor: Visitor, path: string): Promise<{ status: number; shown: string }> {
  const { html } = await visitor.go(path);
  const { status } = await visitor.submit(path, formOf(html, path));
  return { status, shown: html };
}

Deno.test("money that nobody knows is split over two orders, once, and the match of one is undone", () =>
  inProcess(async (run) => {
    const receipt = await payPaybill(run, { amount: 3_000, reference: "<i>1O01" });
    const [first, second] = [
      await createCheckout(run, { amount: 150_000, reference: "A-1" }),
      await createCheckout(run, { amount: 120_000, reference: "A-2" }),
    ];
    const finance = await signInAs(run, ["finance"]);
    const list = await finance.go(consoleUrl("unmatched"));
    assert.match(list.html, /1 payment, KES\u00a03,000 not placed/);
    assert.match(list.html, /&lt;i&gt;1O01/);
    const [[id] = []] = await run.sql("SELECT id FROM payments WHERE receipt = ?", receipt);
    const split = consoleUrl(`payments/${id}/split`);
    const wrong = await finance.go(`${split}?order1=A-1&amount1=9000&order2=nobody&amount2=1`);
    assert.match(wrong.html, /No open order has this reference/);
    const page = `${split}?order1=A-1&amount1=1500&order2=${second.id}&amount2=1200`;
    const sent = await press(finance, page);
    assert.match(
      sent.shown,
      /KES\u00a03,000: KES\u00a01,500 for A-1, KES\u00a01,200 for A-2\. KES\u00a0300 left to place/,
    );
    assert.equal(sent.status, 303);
    assert.deepEqual((await getPayment(run, String(id))).allocations.map(({ amount }) => amount), [150_000, 120_000]);
    assert.equal((await getCheckout(run, first.id)).status, "succeeded");
    const undone = await press(finance, consoleUrl(`payments/${id}/undo-match`));
    assert.match(undone.shown, /your shop is told/);
    assert.equal(undone.status, 303);
    assert.equal((await getPayment(run, String(id))).status, "unmatched");
    const viewer = await signInAs(run, ["viewer"]);
    assert.equal((await viewer.go(page)).response.status, 403);
  }));

const STATEMENT = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.\r\n" +
  "UKM9X2A1BC,22-11-2026 12:13:25,Pay Bill,Completed,1500.00,,Pay Bill Online,INV1001\r\n" +
  "UKM9X2A1BD,22-11-2026 12:13:25,Charge,Completed,,-23.00,Pay merchant Charge,\r\n";

/** Sends a form that carries a file. */
async function upload(visitor: Visitor, fields: Readonly<Record<string, string>>, file?: string) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (file !== undefined) body.set("file", new File([file], "statement.csv"));
  const request = new Request("http://127.0.0.1", { method: "POST", body });
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  return await visitor.go(consoleUrl("reconciliation/new"), { method: "POST", headers, body: await request.bytes() });
}

Deno.test("a statement is checked without a trace, taken once by a button that says what it adds, and undone", () =>
  inProcess(async (run) => {
    const finance = await signInAs(run, ["finance"]);
    const path = consoleUrl("reconciliation/new");
    const empty = formOf((await finance.go(path)).html, path);
    assert.equal((await upload(finance, empty, "no statement")).response.status, 422);
    const checked = await upload(finance, empty, STATEMENT);
    assert.equal(checked.response.status, 200);
    assert.match(checked.html, /Adds 1 payment, KES\u00a01,500; leaves out 1 row/);
    assert.match(checked.html, /Left out/);
    assert.equal(await run.count("reconciliations"), 0);
    const form = formOf(checked.html, path);
    const taken = await upload(finance, form);
    assert.equal(taken.response.status, 303);
    assert.equal((await upload(finance, form)).response.status, 303, "a second press");
    await run.pass();
    assert.deepEqual([await run.count("reconciliations"), await run.count("payments")], [1, 1]);
    const [, id = ""] = /reconciliation\/(rec_\w+)/.exec(taken.response.headers.get("location") ?? "") ?? [];
    const page = await finance.go(consoleUrl(`reconciliation/${id}`));
    assert.match(page.html, /UKM9X2A1BC/);
    assert.match(page.html, /Theirs only, added/);
    const undone = await press(finance, consoleUrl(`reconciliation/${id}/undo`));
    assert.equal(undone.status, 303);
    assert.match((await finance.go(consoleUrl("ledger"))).html, /Yours to spend|Not yet placed/);
  }));
