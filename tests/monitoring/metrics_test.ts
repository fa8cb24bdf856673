import assert from "node:assert/strict";
import { createCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";
import { payPaybill } from "../support/money.ts";
import { createPayout } from "../support/payouts.ts";

const token = "metrics-token-of-a-test";
const env = { METRICS_TOKEN: token };

async function scrape(run: InProcess): Promise<Map<string, number>> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await run.app.request(`${publicUrl}/metrics`, { headers });
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const at = line.lastIndexOf(" ");
    return [line.slice(0, at), Number(line.slice(at + 1))];
  }));
}

Deno.test("metrics count requests, calls to Daraja, notices and jobs, and time a prompt until it is settled", () =>
  inProcess(async (run) => {
    await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    await run.call("POST", "/v1/checkouts", { amount: 1 });
    const found = await scrape(run);
    const value = (name: string) => found.get(name) ?? 0;
    assert.equal(value('malipo_http_requests_total{method="POST",route="/v1/checkouts",status="201"}'), 1);
    assert.equal(value('malipo_problems_total{code="validation_failed"}'), 1);
    assert.equal(
      value('malipo_daraja_calls_total{operation="stk_push",outcome="answer"}'),
      1,
      [...found.keys()].join("\n"),
    );
    assert.equal(value('malipo_notices_total{kind="stk",verdict="applied"}'), 1);
    assert.ok(value('malipo_database_seconds_count{kind="write"}') > 0);
    assert.ok(value('malipo_prompt_to_settlement_seconds{quantile="0.5"}') > 0);
    assert.ok(value('malipo_prompt_to_settlement_seconds{quantile="0.95"}') > 0);
  }, { env }));

Deno.test("gauges come from the database: what is unmatched, in doubt, waits for approval, and is queued", () =>
  inProcess(async (run) => {
    const before = await scrape(run);
    for (const name of ["payments_unmatched", "payouts_in_doubt", "payouts_awaiting_approval", "checkouts_in_review"]) {
      assert.equal(before.get(`malipo_${name}`), 0, name);
    }
    await payPaybill(run);
    await createPayout(run, { amount: 1_500_000 });
    await run.pass(60_000);
    const found = await scrape(run);
    assert.equal(found.get("malipo_payments_unmatched"), 1);
    assert.ok((found.get("malipo_payments_unmatched_seconds") ?? 0) >= 60);
    assert.equal(found.get("malipo_payouts_awaiting_approval"), 1);
    assert.ok((found.get('malipo_jobs_queued{kind="payout"}') ?? 0) >= 1);
  }, { env }));

Deno.test("metrics are for who has the token: none and an access token are 401, and without the setting nothing is there", async () => {
  await inProcess(async (run) => {
    const ask = (authorization?: string) =>
      run.app.request(`${publicUrl}/metrics`, { headers: authorization === undefined ? {} : { authorization } });
    assert.equal((await ask()).status, 401);
    assert.equal((await ask(`Bearer ${await run.token("cli_operator")}`)).status, 401);
    assert.equal((await ask(`Bearer ${token}x`)).status, 401);
    assert.equal((await ask(`Bearer ${token}`)).status, 200);
  }, { env });
  await inProcess(async (run) => {
    const response = await run.app.request(`${publicUrl}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 404);
  });
});

Deno.test("metrics name no person: no phone, no id of a merchant's object, no capability in a label", () =>
  inProcess(async (run) => {
    await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    const labels = [...(await scrape(run)).keys()].join("\n");
    assert.doesNotMatch(labels, /2547|0712|(chk|att|pay|pyt|mer)_|[0-9a-f]{98}/);
  }, { env }));
