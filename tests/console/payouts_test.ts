import assert from "node:assert/strict";
import { consoleUrl, formOf, personId, signIn, signInAs, type Visitor } from "../support/console.ts";
import { addPasskeyTo } from "../support/people.ts";
import { inProcess } from "../support/in-process.ts";
import { batchCsv, createBatch, createPayout, getPayout } from "../support/payouts.ts";

const large = { amount: 1_200_000, reference: "emp-17", phone_number: "0712345678" };
const actUrl = (id: string, act: string, kind = "payouts"): string => consoleUrl(`${kind}/${id}/${act}`);

/** Opens a form and sends it, with changes. Answers where it leads and what the page said before. */
async function sendForm(
  visitor: Visitor,
  path: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<{ status: number; location: string; shown: string }> {
  const { html } = await visitor.go(path);
  const response = await visitor.submit(path, { ...formOf(html, path), ...changes });
  return { status: response.status, location: response.headers.get("location") ?? "", shown: html };
}

Deno.test("an approver finds what waits, masked, and comes to the page where the whole number is shown and signed", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, large);
    const approver = await signIn(run, "approver@demo.test");
    const list = await approver.go(consoleUrl("approvals"));
    assert.match(list.html, /1 waits/);
    assert.match(list.html, /first time/);
    assert.doesNotMatch(list.html, /0712.345.678|254712345678/, "a list masks");
    const [, page = ""] = /href="([^"]*sign\/payouts\/[^"]*)"/.exec(list.html) ?? [];
    await addPasskeyTo(approver);
    const { html } = await approver.go(page.replaceAll("&amp;", "&"));
    assert.match(html, /KES\u00a012,000 goes to 0712\u00a0345\u00a0678 for emp-17/);
    assert.match(html, /A passkey needs JavaScript/);
    const looks = await run.sql(
      "SELECT count(*) FROM audit WHERE action = 'payout.payee_shown' AND subject_id = ?",
      id,
    );
    assert.equal(Number(looks[0]?.[0]), 1);
  }, { withoutJobs: true }));

Deno.test("a payout that changed since it was shown is not cancelled, and two presses cancel once", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, large);
    const finance = await signIn(run, "finance@demo.test");
    const path = actUrl(id, "cancel");
    const form = formOf((await finance.go(path)).html, path);
    await run.db.write([{ sql: "UPDATE payouts SET version = version + 1 WHERE id = ?", args: [id] }]);
    assert.equal((await finance.submit(path, form)).status, 409);
    assert.equal((await getPayout(run, id)).status, "awaiting_approval");
    const fresh = formOf((await finance.go(path)).html, path);
    assert.equal((await finance.submit(path, fresh)).status, 303);
    assert.equal((await finance.submit(path, fresh)).status, 303, "done once");
    assert.equal(Number((await run.sql("SELECT count(*) FROM audit WHERE action = 'payout.cancelled'"))[0]?.[0]), 1);
  }, { withoutJobs: true }));

Deno.test("nobody approves what they have made: no button, and why", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, large);
    const admin = await signIn(run, "admin@demo.test");
    await run.db.write([{
      sql: "UPDATE payouts SET created_by = ? WHERE id = ?",
      args: [personId("admin@demo.test"), id],
    }]);
    for (const path of ["approvals", `payouts/${id}`]) {
      const { html } = await admin.go(consoleUrl(path));
      assert.match(html, /Another person must approve it/);
      assert.doesNotMatch(html, new RegExp(`sign/payouts/${id}`));
    }
  }, { withoutJobs: true }));

Deno.test("a rejection needs a reason, which its maker reads; what has not left is cancelled", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, large);
    const approver = await signIn(run, "approver@demo.test");
    assert.equal((await sendForm(approver, actUrl(id, "reject"), { reason: "" })).status, 422);
    assert.equal((await sendForm(approver, actUrl(id, "reject"), { reason: "<b>no</b>" })).status, 303);
    const { html } = await approver.go(consoleUrl(`payouts/${id}`));
    assert.match(html, /&lt;b&gt;no&lt;\/b&gt;/);
    const next = await createPayout(run, large);
    const finance = await signIn(run, "finance@demo.test");
    assert.equal((await sendForm(finance, actUrl(next.id, "cancel"))).status, 303);
    assert.equal((await getPayout(run, next.id)).status, "cancelled");
    assert.equal((await finance.go(actUrl(next.id, "reject"))).response.status, 403);
  }, { withoutJobs: true }));

Deno.test("a payout in doubt is asked after, and an admin comes to the page where they sign what they saw", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, { phone_number: "254712349017", amount: 50_000 });
    await run.pass(15 * 60_000);
    assert.equal((await getPayout(run, id)).status, "in_doubt");
    const admin = await signIn(run, "admin@demo.test");
    const { html } = await admin.go(consoleUrl(`payouts/${id}`));
    assert.match(html, /may have gone. Don&#39;t send it again/);
    const ask = actUrl(id, "ask-now");
    assert.equal((await admin.submit(ask, formOf(html, ask))).status, 303);
    await run.idle();
    assert.match(html, new RegExp(`sign/payout-results/${id}`));
    const finance = await signIn(run, "finance@demo.test");
    assert.doesNotMatch((await finance.go(consoleUrl(`payouts/${id}`))).html, /sign\/payout-results/);
  }));

Deno.test("a batch is decided whole, after its largest and its first payees were shown", () =>
  inProcess(async (run) => {
    const rows = Array.from({ length: 12 }, (_, i) => `07123456${10 + i},${10_000 + i},emp-${i},salary,November`);
    const id = await createBatch(run, batchCsv(...rows));
    const approver = await signIn(run, "approver@demo.test");
    assert.match((await approver.go(consoleUrl("approvals"))).html, /Batch of 12/);
    const [[member] = []] = await run.sql("SELECT id FROM payouts WHERE batch_id = ? LIMIT 1", id);
    assert.doesNotMatch(
      (await approver.go(consoleUrl(`payouts/${member}`))).html,
      /sign\/payouts/,
      "one of a batch is not approved by itself",
    );
    await addPasskeyTo(approver);
    const { html } = await approver.go(consoleUrl(`sign/payout-batches/${id}`));
    assert.match(html, /12 payouts, KES\u00a0120,066; 12 new payees/);
    assert.match(html, /0712\u00a0345\u00a0621/);
    const sent = await sendForm(approver, actUrl(id, "reject", "batches"), { reason: "Not in November" });
    assert.equal(sent.status, 303);
    const [[waiting] = []] = await run.sql("SELECT count(*) FROM payouts WHERE status = 'awaiting_approval'");
    assert.equal(Number(waiting), 0);
  }, { withoutJobs: true }));

/** Sends a form that carries a file. */
async function upload(visitor: Visitor, fields: Readonly<Record<string, string>>, file?: string) {
  const path = consoleUrl("batches/new");
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (file !== undefined) body.set("file", new File([file], "pay.csv"));
  const request = new Request("http://127.0.0.1", { method: "POST", body });
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  return await visitor.go(path, { method: "POST", headers, body: await request.bytes() });
}

Deno.test("a file is checked first and nothing written; a wrong line is corrected in place, then all is sent once", () =>
  inProcess(async (run) => {
    const finance = await signInAs(run, ["finance"]);
    const path = consoleUrl("batches/new");
    const first = formOf((await finance.go(path)).html, path);
    const wrong = batchCsv(
      "+254712345678,1500,emp-1,salary,November",
      '0712345679,15x,"<img src=x>, 2",salary,November',
      "0712345680,500,emp-3,wages,November",
    );
    const checked = await upload(finance, first, wrong);
    assert.equal(checked.response.status, 422);
    assert.match(checked.html, /2 of 3 lines can&#39;t be paid/);
    assert.match(checked.html, /name="fix\/3\/amount_kes" value="15x"/);
    assert.match(checked.html, /Leave out 2 rows, send KES\u00a01,500/);
    assert.doesNotMatch(checked.html, /<img src=x>/);
    assert.equal(await run.count("payouts"), 0);
    const fixes = { ...formOf(checked.html, path), "fix/3/amount_kes": "700", "fix/4/purpose": "salary" };
    const good = await upload(finance, fixes);
    assert.equal(good.response.status, 200, good.html.slice(0, 500));
    assert.match(good.html, /Send 3 payouts, KES\u00a02,700/);
    assert.equal(await run.count("payouts"), 0);
    const send = formOf(good.html, path);
    const sent = await upload(finance, send);
    assert.equal(sent.response.status, 303);
    assert.match(sent.response.headers.get("location") ?? "", /batches\/bat_/);
    assert.equal((await upload(finance, send)).response.status, 303, "a second press");
    assert.equal(await run.count("payouts"), 3);
    const repeated = await upload(finance, { ...send, key: crypto.randomUUID() });
    assert.equal(repeated.response.status, 422);
    assert.match(repeated.html, /although they look like earlier payouts/);
  }, { withoutJobs: true }));

Deno.test("a file that is too large is answered by a page, in the frame of the console", () =>
  inProcess(async (run) => {
    const finance = await signInAs(run, ["finance"]);
    const first = formOf((await finance.go(consoleUrl("batches/new"))).html, consoleUrl("batches/new"));
    const { response, html } = await upload(finance, first, "x".repeat(4 * 1024 * 1024));
    assert.equal(response.status, 413);
    assert.match(html, /<main /);
    assert.match(html, /Nothing was done\. Send less at once/);
    assert.equal(await run.count("payouts"), 0);
  }, { withoutJobs: true }));

Deno.test("rows with a mistake are left out by a button that names the sum of the others", () =>
  inProcess(async (run) => {
    const finance = await signInAs(run, ["finance"]);
    const path = consoleUrl("batches/new");
    const first = formOf((await finance.go(path)).html, path);
    const checked = await upload(
      finance,
      first,
      batchCsv("0712345678,1500,emp-1,salary,November", "0712,1,emp-2,salary,November"),
    );
    const forms = checked.html.split("<form").filter((form) => form.includes('name="leave_out"'));
    const sent = await upload(finance, formOf(`<form${forms[0]}`, path));
    assert.equal(sent.response.status, 303);
    assert.deepEqual((await run.sql("SELECT amount FROM payouts")).map(String), ["150000"]);
    assert.equal((await upload(finance, { ...first, key: "x" })).response.status, 422, "no file");
    assert.equal((await upload(await signInAs(run, ["approver"]), first)).response.status, 403);
  }, { withoutJobs: true }));
