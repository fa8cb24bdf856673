import assert from "node:assert/strict";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../src/cli/seed.ts";
import { consoleUrl, formOf, signIn, type Visitor } from "../support/console.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { paidCheckout, payPaybill } from "../support/money.ts";
import { createPayout } from "../support/payouts.ts";
import { addPasskeyTo, passkeyForm } from "../support/people.ts";
import { resumePayouts } from "../../src/domain/payouts/pause.ts";
import { contextAs } from "../support/people.ts";
import { wordsOf } from "../pages/shopper.ts";

const HOME = "/console/platform";
const pauseOf = (id: string): string => `${HOME}/merchants/${id}/pause`;
const resumeOf = (id: string): string => `${HOME}/sign/pauses/${id}`;

/** The words of a row of the page's tables. */
const rowOf = (html: string, id: string): string =>
  wordsOf(new RegExp(`<tr role="row" id="row-${id}".*?</tr>`, "s").exec(html)?.[0] ?? "").trim();

async function pause(visitor: Visitor, id: string, reason = ""): Promise<Response> {
  const { html } = await visitor.go(pauseOf(id));
  return await visitor.submit(pauseOf(id), { ...formOf(html, pauseOf(id)), reason });
}

const pauses = (run: InProcess) => run.sql("SELECT scope, reason FROM payout_pauses ORDER BY scope");

/** Makes jobs of a kind that were given up. */
async function stuck(run: InProcess, kind: string, count: number): Promise<void> {
  const now = run.services.clock.now();
  await run.db.write(Array.from({ length: count }, (_, i) => ({
    sql:
      "INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, attempts, created_at, updated_at, version) " +
      "VALUES (?, ?, ?, ?, 'dead', ?, 12, ?, ?, 1)",
    args: [`job_stuck_${kind}_${i}`, kind, `sub_${i}`, DEMO_MERCHANT, now, now, now],
  })));
}

Deno.test("people of the platform start at Platform, where each merchant has its figures", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "platform@malipo.test");
    assert.equal((await visitor.go("/console")).response.headers.get("location"), HOME);
    await paidCheckout(run);
    await payPaybill(run);
    const { html } = await visitor.go(HOME);
    assert.match(rowOf(html, DEMO_MERCHANT), /^demo\s+3,000\s+1 case\s+Pause$/);
    await stuck(run, "retention", 2);
    const doubt = await createPayout(run);
    await run.db.write([{
      sql: "UPDATE payouts SET status = 'in_doubt', in_doubt_at = updated_at WHERE id = ?",
      args: [doubt.id],
    }]);
    const cases = (await visitor.go(consoleUrl("attention"))).html.match(/id="row-case_/g) ?? [];
    assert.equal(cases.length, 4, "as many as the page of the merchant has");
    assert.match(rowOf((await visitor.go(HOME)).html, DEMO_MERCHANT), /^demo\s+3,000\s+4 cases\s+1 in doubt\s+Pause$/);
    assert.match(rowOf(html, OTHER_MERCHANT), /\s+0\s+0 cases\s+Pause$/);
    const found = await visitor.go(`${HOME}?q=${OTHER_MERCHANT}`);
    assert.deepEqual([rowOf(found.html, DEMO_MERCHANT), rowOf(found.html, OTHER_MERCHANT) === ""], ["", false]);
    assert.match((await visitor.go(`${HOME}?lang=sw`)).html, /Huduma iko salama\?/);
    assert.match((await visitor.go(consoleUrl("home"))).html, /role="search"/, "the search of the merchant's own page");
  }));

Deno.test("one press pauses a merchant without a passkey; the end of the pause is signed", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "platform@malipo.test");
    assert.match(
      wordsOf((await visitor.go(pauseOf(DEMO_MERCHANT))).html),
      /No payout or refund leaves until someone resumes/,
    );
    assert.equal((await pause(visitor, DEMO_MERCHANT, "M-Pesa answers twice")).status, 303);
    assert.deepEqual(await pauses(run), [[DEMO_MERCHANT, "M-Pesa answers twice"]]);
    const payout = await createPayout(run);
    await run.pass();
    const statusOf = async () => (await run.sql("SELECT status FROM payouts WHERE id = ?", payout.id))[0]?.[0];
    assert.equal(await statusOf(), "queued");
    assert.match(rowOf((await visitor.go(HOME)).html, DEMO_MERCHANT), /Paused since \d\d:\d\d\s+Resume/);
    const without = await visitor.go(resumeOf(DEMO_MERCHANT));
    assert.match(wordsOf(without.html), /you have none yet/);
    const device = await addPasskeyTo(visitor);
    const { html } = await visitor.go(resumeOf(DEMO_MERCHANT));
    assert.match(wordsOf(html), /M-Pesa answers twice.*leave at once/s);
    const { action, options } = passkeyForm(html);
    const fields = { ...formOf(html, action), passkey: await device.sign(options) };
    assert.equal((await visitor.submit(action, { ...fields, csrf: "" })).status, 403);
    assert.equal((await visitor.submit(action, { ...fields, passkey: "" })).status, 200, "nothing is signed");
    assert.equal((await visitor.submit(resumeOf("all"), fields)).status, 422, "it is signed for this merchant");
    assert.deepEqual((await pauses(run)).length, 1);
    assert.equal((await visitor.submit(action, fields)).status, 303);
    assert.equal((await visitor.submit(action, fields)).status, 303, "the second press changes nothing");
    assert.deepEqual(await pauses(run), []);
    await run.pass();
    assert.equal(await statusOf(), "succeeded");
    const [kept] = await run.sql("SELECT action, subject_id FROM signatures");
    assert.deepEqual(kept, ["payouts.resume", DEMO_MERCHANT]);
  }));

Deno.test("a pause that is another than was shown is not ended, nor by a person without a passkey", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "platform@malipo.test");
    const device = await addPasskeyTo(visitor);
    await pause(visitor, "all", "first");
    assert.match(wordsOf((await visitor.go(HOME)).html), /No payout or refund of any merchant leaves since/);
    const { html } = await visitor.go(resumeOf("all"));
    const { action, options } = passkeyForm(html);
    const fields = { ...formOf(html, action), passkey: await device.sign(options) };
    await run.call("POST", "/v1/payouts/resume", { merchant: "all" }, { client: "cli_platform" });
    assert.equal((await visitor.submit(action, fields)).status, 409, "it is not paused any more");
    await pause(visitor, "all", "second");
    const stale = await visitor.submit(action, fields);
    assert.equal(stale.status, 409);
    assert.deepEqual(await pauses(run), [["*", "second"]]);
    const ctx = await contextAs(run, "admin@demo.test");
    await assert.rejects(resumePayouts(ctx, {}), { code: "signature_required" });
  }));

Deno.test("pausing twice, with an old form, without a token, by another role", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "platform@malipo.test");
    const path = pauseOf("all");
    const [form, late] = [formOf((await visitor.go(path)).html, path), formOf((await visitor.go(path)).html, path)];
    assert.equal((await visitor.submit(path, { ...form, csrf: "" })).status, 403);
    assert.equal((await visitor.submit(path, { ...form, reason: "x".repeat(201) })).status, 422);
    assert.deepEqual(await pauses(run), []);
    assert.equal((await visitor.submit(path, form)).status, 303);
    const again = await visitor.submit(path, form);
    assert.match(wordsOf((await visitor.go(again.headers.get("location") ?? "")).html), /Done once/);
    const stale = await visitor.go(path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new TextEncoder().encode(String(new URLSearchParams(late))),
    });
    assert.equal(stale.response.status, 409);
    assert.match(wordsOf(stale.html), /This changed while you looked/);
    assert.equal((await visitor.go(pauseOf("mer_nobody"))).response.status, 404);
    const admin = await signIn(run, "admin@demo.test");
    const csrf = await admin.csrf(consoleUrl("home"));
    for (const page of [HOME, path, resumeOf("all"), `${HOME}/jobs/notice/run-again`]) {
      assert.equal((await admin.go(page)).response.status, 403, page);
      const post = page === HOME ? 405 : 403;
      assert.equal((await admin.submit(page, { csrf, key: crypto.randomUUID() })).status, post, page);
    }
  }));

Deno.test("the stuck jobs of a kind run again by one press, each named in the audit trail", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "platform@malipo.test");
    await stuck(run, "retention", 3);
    await stuck(run, "alerts", 1);
    const page = await visitor.go(HOME);
    assert.match(rowOf(page.html, "retention"), /3 · Stuck\s+Run again/);
    const path = `${HOME}/jobs/retention/run-again`;
    const [form, late] = [formOf((await visitor.go(path)).html, path), formOf((await visitor.go(path)).html, path)];
    const done = await visitor.submit(path, form);
    assert.equal(done.status, 303);
    assert.match(
      wordsOf((await visitor.go(done.headers.get("location") ?? "")).html),
      /3 jobs run again by Grace Njeri/,
    );
    assert.equal((await visitor.submit(path, form)).status, 303, "the second press changes nothing");
    assert.equal((await visitor.submit(path, late)).status, 409, "none is stuck any more");
    const audit = await run.sql("SELECT merchant_id, count(*) FROM audit WHERE action = 'job.retried' GROUP BY 1");
    assert.deepEqual(audit, [[DEMO_MERCHANT, 3]]);
    const [[dead] = []] = await run.sql("SELECT count(*) FROM jobs WHERE status = 'dead' AND kind = 'alerts'");
    assert.equal(dead, 1, "jobs of other kinds stay");
    assert.match(wordsOf((await visitor.go(path)).html), /No job of this kind is stuck/);
  }, { withoutJobs: true }));
