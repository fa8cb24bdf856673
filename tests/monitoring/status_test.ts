import assert from "node:assert/strict";
import type { StatusView } from "../../src/monitoring/health/contract.ts";
import { createCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";

const read = (run: InProcess, client?: "cli_other" | "cli_approver") =>
  run.call<StatusView>("GET", "/v1/status", undefined, client === undefined ? {} : { client });
const page = async (run: InProcess) => {
  const response = await run.app.request(`${publicUrl}/status`);
  return { response, text: await response.text() };
};
let isDown = false;
const daraja = ({ url }: Request) => isDown && url.includes("stkpush") ? new Response("<html>", { status: 503 }) : null;

Deno.test("the status says what was answered, accepted and settled, for each operation and shortcode, over 5 and 60 minutes", () =>
  inProcess(async (run) => {
    isDown = false;
    assert.deepEqual([(await read(run)).body.status, (await read(run)).body.operations], ["no_data", []]);
    for (const phone of ["0712345678", "0712345679", "0700001032"]) await createCheckout(run, { phone_number: phone });
    await run.pass();
    await run.sweep();
    const { status, body } = await read(run);
    assert.equal(status, 200);
    assert.equal(body.status, "ok");
    const [five, sixty] = body.operations.filter(({ operation }) => operation === "stk_push");
    const { median_ms: median, ...counts } = five ?? assert.fail("not measured");
    assert.deepEqual(counts, {
      operation: "stk_push",
      shortcode: "600000",
      minutes: 5,
      calls: 3,
      answered: 3,
      accepted: 3,
      settled: 2,
    });
    assert.ok(median !== null && median > 0);
    assert.equal(sixty?.minutes, 60);
    run.time.skip(10 * 60_000);
    const later = (await read(run)).body.operations.filter(({ operation }) => operation === "stk_push");
    assert.deepEqual(later.map(({ calls }) => calls), [0, 3]);
  }, { daraja }));

Deno.test("while prompts get no answer the status is failing, and then ok again; the public page says the same", () =>
  inProcess(async (run) => {
    isDown = true;
    for (const phone of ["0712345678", "0712345679", "0712345670"]) await createCheckout(run, { phone_number: phone });
    await run.sweep();
    assert.equal((await read(run)).body.status, "failing");
    assert.match((await page(run)).text, /Payment prompts<\/td><td>fails/);
    isDown = false;
    run.time.skip(10 * 60_000);
    for (const phone of ["0712345678", "0712345679", "0712345670"]) await createCheckout(run, { phone_number: phone });
    await run.sweep();
    assert.equal((await read(run)).body.status, "ok");
    assert.match((await page(run)).text, /Payment prompts<\/td><td>works/);
  }, { daraja }));

Deno.test("another merchant sees the state of prompts, and none of the figures; the public page has no shortcode", () =>
  inProcess(async (run) => {
    isDown = false;
    for (const phone of ["0712345678", "0712345679", "0712345670"]) await createCheckout(run, { phone_number: phone });
    await run.pass();
    await run.sweep();
    const { body } = await read(run, "cli_other");
    assert.deepEqual([body.status, body.operations], ["ok", []]);
    const { response, text } = await page(run);
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    assert.doesNotMatch(text, /60000[01]|500000|2547|demo|mer_/);
    assert.equal((await read(run, "cli_approver")).status, 403);
    assert.equal((await run.app.request(`${publicUrl}/v1/status`)).status, 401);
  }, { daraja }));
