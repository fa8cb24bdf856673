import assert from "node:assert/strict";
import type { ShortcodeView } from "../../src/domain/shortcodes/contract.ts";
import { demoShortcodes } from "../../src/simulator/demo.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";
import type { CallOptions } from "../support/client.ts";

/* A number is its merchant's once Daraja has accepted its credentials, and not before. */

const SANDBOX = "174379";
const known = demoShortcodes.find(({ number }) => number === SANDBOX);
const right = {
  kind: "paybill",
  number: SANDBOX,
  name: "Sandbox",
  consumer_key: known?.consumerKey,
  consumer_secret: known?.consumerSecret,
  passkey: known?.passkey,
  nominated_number: "0712345678",
};
const wrong = { ...right, passkey: "a-passkey-of-nothing" };
const thief: CallOptions = { client: "cli_other" };

const add = <T = ShortcodeView>(run: InProcess, body: unknown, options: CallOptions = {}) =>
  run.call<T>("POST", "/v1/shortcodes", body, options);
const numbers = async (run: InProcess, options: CallOptions = {}) =>
  (await run.call<{ data: ShortcodeView[] }>("GET", "/v1/shortcodes", undefined, options)).body.data
    .map(({ number }) => number).sort();
const use = (run: InProcess, path: string, options: CallOptions = {}) =>
  run.call<ProblemBody>("POST", path, {
    amount: 1_000,
    currency: "KES",
    reference: "r",
    shortcode: SANDBOX,
    ...(path === "/v1/payouts" ? { phone_number: "0712345678", purpose: "business" } : {}),
  }, options);

Deno.test("a number that Daraja has not accepted takes no checkouts, payouts, codes or statements, and says what to do", () =>
  inProcess(async (run) => {
    const { status, body } = await add(run, wrong);
    assert.deepEqual([status, body.proven_at], [201, null]);
    for (const path of ["/v1/checkouts", "/v1/payouts", "/v1/qr-codes"]) {
      const refused = await use(run, path);
      assert.deepEqual([refused.status, refused.body.errors?.[0]?.pointer], [422, "/shortcode"], path);
      assert.match(refused.body.detail, /\/check/);
    }
    assert.equal(await run.count("jobs WHERE kind = 'reconcile'"), 0);
    const mended = await run.call<ShortcodeView>("PATCH", `/v1/shortcodes/${body.id}`, { passkey: right.passkey });
    assert.notEqual(mended.body.proven_at, null);
    assert.equal((await use(run, "/v1/checkouts")).status, 201);
    assert.equal(await run.count("jobs WHERE kind = 'reconcile'"), 1);
  }, { withoutJobs: true }));

Deno.test("a claim without proof keeps nobody from the number: who proves it takes it, and who proved it keeps it", () =>
  inProcess(async (run) => {
    const claimed = await add(run, wrong, thief);
    assert.equal(claimed.status, 201);
    const second = await add<ProblemBody>(run, wrong);
    assert.deepEqual(
      [second.status, second.body.code],
      [409, "shortcode_taken"],
      "without proof the first claim stays",
    );
    const proven = await add(run, right);
    assert.equal(proven.status, 201);
    assert.notEqual(proven.body.proven_at, null);
    assert.deepEqual(await numbers(run, thief), ["600001"]);
    assert.ok((await numbers(run)).includes(SANDBOX));
    assert.equal((await use(run, "/v1/checkouts")).status, 201);
    for (const body of [wrong, right]) {
      const late = await add<ProblemBody>(run, body, thief);
      assert.deepEqual([late.status, late.body.code], [409, "shortcode_taken"]);
    }
    const [row] = await run.sql("SELECT merchant_id FROM audit WHERE action = 'shortcode.displaced'");
    assert.notEqual(row?.[0], undefined);
  }, { withoutJobs: true }));

Deno.test("two who add one number at once: it is with the one who proved it", () =>
  inProcess(async (run) => {
    const answers = await Promise.all([add(run, wrong, thief), add(run, right), add(run, wrong, thief)]);
    assert.ok(answers.every(({ status }) => status === 201 || status === 409));
    await add(run, right); // where the claim came between
    assert.ok((await numbers(run)).includes(SANDBOX));
    assert.deepEqual(await numbers(run, thief), ["600001"]);
  }, { withoutJobs: true }));

Deno.test("while Daraja is away a number is added without proof; the check proves it later", () => {
  let away = false;
  return inProcess(async (run) => {
    away = true;
    const { body } = await add(run, right);
    assert.equal(body.proven_at, null);
    away = false;
    const check = await run.call<{ checks: { check: string; ok: boolean | null }[] }>(
      "POST",
      `/v1/shortcodes/${body.id}/check`,
    );
    assert.equal(check.status, 200);
    assert.equal((await use(run, "/v1/checkouts")).status, 201);
    assert.equal(await run.count("audit WHERE action = 'shortcode.proven'"), 1);
  }, { withoutJobs: true, daraja: () => away ? new Response("<html>", { status: 503 }) : null });
});

Deno.test("a till with another store number has to be proven again", () =>
  inProcess(async (run) => {
    const till = "sho_01kamcvd000000000000000002";
    const { body } = await run.call<ShortcodeView>("PATCH", `/v1/shortcodes/${till}`, { store_number: "500009" });
    assert.equal(body.proven_at, null);
    const back = await run.call<ShortcodeView>("PATCH", `/v1/shortcodes/${till}`, { store_number: "500001" });
    assert.notEqual(back.body.proven_at, null);
  }, { withoutJobs: true }));
