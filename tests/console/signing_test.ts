import assert from "node:assert/strict";
import { jobHandlers } from "../../src/app/job-handlers.ts";
import { approvePayout } from "../../src/domain/payouts/decide.ts";
import type { PayoutView } from "../../src/domain/payouts/contract.ts";
import { Authenticator } from "../support/authenticator.ts";
import { consoleUrl, type DemoEmail, formOf, personId, signIn, type Visitor } from "../support/console.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";
import { createPayout } from "../support/payouts.ts";
import { addPasskeyTo, contextAs, passkeyForm } from "../support/people.ts";

const AWAITS = { amount: 2_000_000 };

/** A person at their device. */
interface Signer {
  readonly visitor: Visitor;
  readonly device: Authenticator;
}

async function signer(run: InProcess, email: DemoEmail): Promise<Signer> {
  const visitor = await signIn(run, email);
  return { visitor, device: await addPasskeyTo(visitor) };
}

/** Opens a page, and signs what it shows. */
async function signed(
  { visitor, device }: Signer,
  page: string,
): Promise<{ action: string; fields: Record<string, string> }> {
  const { response, html } = await visitor.go(consoleUrl(`sign/${page}`));
  assert.equal(response.status, 200, html);
  return await signForm(device, html);
}

async function signForm(
  device: Authenticator,
  html: string,
): Promise<{ action: string; fields: Record<string, string> }> {
  const { action, options } = passkeyForm(html);
  assert.notEqual(action, "", html);
  return { action, fields: { ...formOf(html, action), passkey: await device.sign(options) } };
}

async function press({ visitor }: Signer, { action, fields }: Awaited<ReturnType<typeof signed>>): Promise<number> {
  return (await visitor.submit(action, fields)).status;
}

const payoutOf = async (run: InProcess, id: string): Promise<PayoutView> =>
  (await run.call<PayoutView>("GET", `/v1/payouts/${id}`)).body;

Deno.test("an approver signs payee, amount and reference; the payout leaves, and everything names them", () =>
  inProcess(async (run) => {
    const approver = await signer(run, "approver@demo.test");
    const payout = await createPayout(run, { ...AWAITS, phone_number: "0712345678", reference: "emp-17" });
    assert.equal(payout.status, "awaiting_approval");
    const { html } = await approver.visitor.go(consoleUrl(`sign/payouts/${payout.id}`));
    for (const shown of [/0712\u00a0345\u00a0678/, /KES\u00a020,000/, /emp-17/, /can&#39;t be called back/]) {
      assert.match(html, shown);
    }
    assert.equal(await press(approver, await signForm(approver.device, html)), 303);
    await run.pass();
    const after = await payoutOf(run, payout.id);
    assert.equal(after.status, "succeeded");
    const by = personId("approver@demo.test");
    assert.deepEqual(after.approvals.map((each) => [each.by, each.signed]), [[by, true]]);
    const audit = await run.sql("SELECT actor FROM audit WHERE action = 'payout.approved'");
    assert.deepEqual(audit, [[by]]);
    assert.equal(await run.count("signatures"), 1);
  }));

Deno.test("what was signed counts once, for its payout and by its person", () =>
  inProcess(async (run) => {
    const approver = await signer(run, "approver@demo.test");
    const [first, second] = [await createPayout(run, AWAITS), await createPayout(run, { ...AWAITS, reference: "w-2" })];
    const sent = await signed(approver, `payouts/${first.id}`);
    const elsewhere = { ...sent, action: consoleUrl(`sign/payouts/${second.id}`) };
    assert.equal(await press(approver, elsewhere), 422, "another payout");
    const admin = await signer(run, "admin@demo.test");
    const stolen = await signed(admin, `payouts/${first.id}`);
    assert.equal(
      await press(approver, { ...sent, fields: { ...sent.fields, passkey: stolen.fields.passkey ?? "" } }),
      422,
    );
    assert.equal(await press(approver, { ...sent, fields: { ...sent.fields, digest: "0".repeat(64) } }), 422);
    assert.equal(await press(approver, { ...sent, fields: { ...sent.fields, csrf: "" } }), 403);
    assert.equal((await payoutOf(run, first.id)).status, "awaiting_approval");
    assert.equal(await press(approver, sent), 303);
    assert.equal(await press(approver, sent), 303, "the second press changes nothing");
    assert.equal(await run.count("signatures"), 1);
    assert.equal((await payoutOf(run, second.id)).status, "awaiting_approval");
  }));

Deno.test("two presses at once approve once", () =>
  inProcess(async (run) => {
    const approver = await signer(run, "approver@demo.test");
    const payout = await createPayout(run, AWAITS);
    const sent = await signed(approver, `payouts/${payout.id}`);
    const answers = await Promise.all([1, 2, 3].map(() => press(approver, sent)));
    assert.ok(answers.every((status) => status === 303 || status === 409), String(answers));
    assert.equal(await run.count("signatures"), 1);
    assert.equal((await payoutOf(run, payout.id)).approvals.length, 1);
  }));

Deno.test("a payout that changed after it was shown is not approved, and the page says so", () =>
  inProcess(async (run) => {
    const approver = await signer(run, "approver@demo.test");
    const payout = await createPayout(run, AWAITS);
    const sent = await signed(approver, `payouts/${payout.id}`);
    await run.db.write([{ sql: "UPDATE payouts SET amount = amount * 2 WHERE id = ?", args: [payout.id] }]);
    const { response, html } = await approver.visitor.go(sent.action, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new TextEncoder().encode(String(new URLSearchParams(sent.fields))),
    });
    assert.equal(response.status, 409);
    assert.match(html, /This changed while you looked\. Nothing was done\./);
    assert.match(html, /KES\u00a040,000/, "what it is now, to be signed anew");
    assert.equal(await run.count("signatures"), 0);
  }));

Deno.test("a person without a signature approves nothing, whatever page or program asks", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "approver@demo.test");
    const payout = await createPayout(run, AWAITS);
    const { html } = await visitor.go(consoleUrl(`sign/payouts/${payout.id}`));
    assert.match(html, /you have none yet/);
    assert.equal(passkeyForm(html).action, "");
    const ctx = await contextAs(run, "approver@demo.test");
    await assert.rejects(approvePayout(ctx, { id: payout.id }), { code: "signature_required" });
    assert.equal((await payoutOf(run, payout.id)).status, "awaiting_approval");
  }));

Deno.test("nobody is asked to sign their own, and other roles get 403", () =>
  inProcess(async (run) => {
    const admin = await signer(run, "admin@demo.test");
    const payout = await createPayout(run, AWAITS);
    await run.db.write([{
      sql: "UPDATE payouts SET created_by = ? WHERE id = ?",
      args: [personId("admin@demo.test"), payout.id],
    }]);
    const { html } = await admin.visitor.go(consoleUrl(`sign/payouts/${payout.id}`));
    assert.match(html, /You made this\. Another person must approve it\./);
    assert.equal(passkeyForm(html).action, "");
    const finance = await signer(run, "finance@demo.test");
    for (const page of ["payouts", "payout-batches", "payout-results", "refund-results", "changes"]) {
      const { response } = await finance.visitor.go(consoleUrl(`sign/${page}/${payout.id}`));
      assert.equal(response.status, 403, page);
    }
  }));

Deno.test("a page to sign on asks nothing about what another merchant has, or nobody", () =>
  inProcess(async (run) => {
    const { visitor } = await signer(run, "admin@demo.test");
    const { id } = await createPayout(run, {}, { client: "cli_other" });
    for (const page of ["payouts", "payout-batches", "payout-results", "refund-results", "changes"]) {
      for (const asked of [id, "pyt_nothing"]) {
        const { response } = await visitor.go(consoleUrl(`sign/${page}/${asked}`));
        assert.equal(response.status, 404, `${page} ${asked}`);
      }
    }
  }));

Deno.test("a batch is signed whole, and each of its payouts leaves under that signature", () =>
  inProcess(async (run) => {
    const approver = await signer(run, "approver@demo.test");
    const payouts = ["0712345678", "0712345679"].map((phone_number, i) => ({
      amount: 2_000_000 + i * 100_000,
      currency: "KES",
      phone_number,
      reference: `w-${i}`,
      purpose: "salary",
    }));
    const { body: batch } = await run.call<{ id: string }>("POST", "/v1/payout-batches", { payouts });
    const sent = await signed(approver, `payout-batches/${batch.id}`);
    assert.equal(await press(approver, sent), 303);
    await run.pass();
    const { body } = await run.call<{ data: PayoutView[] }>("GET", `/v1/payouts?batch=${batch.id}`);
    assert.deepEqual(body.data.map(({ status }) => status), ["succeeded", "succeeded"]);
    assert.equal(await run.count("signatures"), 1);
  }));

Deno.test("before money leaves the signature is verified again: who writes into the database sends nothing", async () => {
  const changes: [string, string][] = [
    ["the signature is gone", "DELETE FROM signatures"],
    ["it is of another person", `UPDATE signatures SET person_id = '${personId("admin@demo.test")}'`],
    ["it was changed", "UPDATE signatures SET signature = x'3006020101020101'"],
    ["it is for something else", "UPDATE signatures SET action = 'payout.resolve'"],
    ["the passkey is another's", `UPDATE passkeys SET person_id = '${personId("admin@demo.test")}'`],
    [
      "the approval is another's",
      `UPDATE payouts SET approvals = replace(approvals, '${personId("approver@demo.test")}', '${
        personId("admin@demo.test")
      }')`,
    ],
  ];
  for (const [what, sql] of changes) {
    await inProcess(async (run) => {
      const approver = await signer(run, "approver@demo.test");
      const payout = await createPayout(run, AWAITS);
      assert.equal(await press(approver, await signed(approver, `payouts/${payout.id}`)), 303);
      for (const trigger of ["signatures_are_final", "signatures_are_kept"]) {
        await run.db.write([{ sql: `DROP TRIGGER ${trigger}`, args: [] }]);
      }
      await run.db.write([{ sql, args: [] }]);
      run.services.jobs.start(jobHandlers(run.services));
      await run.sweep();
      await run.pass();
      const after = await payoutOf(run, payout.id);
      assert.deepEqual([after.status, after.needs_person], ["queued", true], what);
      assert.equal(run.simulator.world.transactions.list().length, 0, what);
    }, { withoutJobs: true });
  }
});

Deno.test("a payout in doubt is resolved by what a person has seen and signs", () =>
  inProcess(async (run) => {
    const admin = await signer(run, "admin@demo.test");
    const payout = await createPayout(run, { amount: 100_000, phone_number: "254700009017" });
    await run.pass(20 * 60_000);
    assert.equal((await payoutOf(run, payout.id)).status, "in_doubt");
    const page = consoleUrl(`sign/payout-results/${payout.id}`);
    const first = await admin.visitor.go(page);
    assert.match(first.html, /What became of it/);
    const csrf = await admin.visitor.csrf(page);
    const seen = { csrf, outcome: "failed", evidence: "Portal statement of 22 November: no such row", receipt: "" };
    const posted = await admin.visitor.go(page, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new TextEncoder().encode(String(new URLSearchParams(seen))),
    });
    assert.match(posted.html, /You saw that no money left/);
    const sent = await signForm(admin.device, posted.html);
    const other = { ...sent, fields: { ...sent.fields, outcome: "succeeded" } };
    assert.equal(await press(admin, other), 409, "another outcome than the one that was signed");
    assert.equal(await press(admin, sent), 303);
    assert.equal((await payoutOf(run, payout.id)).status, "failed");
  }));

Deno.test("a change request is confirmed by a signature of another person", () =>
  inProcess(async (run) => {
    const { body: proposed } = await run.call<{ id: string }>(
      "POST",
      "/v1/clients",
      { name: "second", scopes: ["payouts:read", "operator"] },
      { client: "cli_operator" },
    );
    const admin = await signer(run, "admin@demo.test");
    const { html } = await admin.visitor.go(consoleUrl(`sign/changes/${proposed.id}`));
    assert.match(html, /Create the client/);
    assert.equal(await press(admin, await signForm(admin.device, html)), 303);
    const [row] = await run.sql("SELECT status, decided_by FROM change_requests");
    assert.deepEqual(row, ["applied", personId("admin@demo.test")]);
    const [kept] = await run.sql("SELECT action, subject_id FROM signatures");
    assert.deepEqual(kept, ["change.confirm", proposed.id]);
  }, { env: { CHANGE_DELAY_HOURS: "24" } }));

Deno.test("a signature from a page of another site counts nowhere", () =>
  inProcess(async (run) => {
    const approver = await signer(run, "approver@demo.test");
    const payout = await createPayout(run, AWAITS);
    approver.device.origin = "https://evil.example";
    assert.equal(await press(approver, await signed(approver, `payouts/${payout.id}`)), 422);
    approver.device.origin = publicUrl;
    assert.equal(await press(approver, await signed(approver, `payouts/${payout.id}`)), 303);
  }));
