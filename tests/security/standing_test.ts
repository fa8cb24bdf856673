import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../support/in-process.ts";
import { createPayout, getPayout } from "../support/payouts.ts";

const platform = { client: "cli_platform" } as const;
const order = { amount: 100_000, currency: "KES", phone_number: "0712345678", reference: "r", purpose: "business" };

const setStatus = (run: InProcess, status: "active" | "disabled") =>
  run.call("PATCH", `/v1/merchants/${DEMO_MERCHANT}`, { status }, platform);

Deno.test("a revoked client's token pays nothing out at once, and reads nothing 5 s later", () =>
  inProcess(async (run) => {
    const token = await run.token("cli_demo");
    const asDemo = { client: null, token } as const;
    assert.equal((await run.call("GET", "/v1/checkouts", undefined, asDemo)).status, 200);
    // the other process revokes it: this one has been told nothing
    await run.db.write([{ sql: "UPDATE clients SET epoch = epoch + 1 WHERE id = 'cli_demo'", args: [] }]);
    assert.equal((await run.call("GET", "/v1/checkouts", undefined, asDemo)).status, 200, "still believed");
    const payout = await run.call<ProblemBody>("POST", "/v1/payouts", order, asDemo);
    assert.deepEqual([payout.status, payout.body.code], [401, "token_revoked"]);
    assert.equal(await run.count("payouts"), 0);
    await run.pass(5_000);
    const read = await run.call<ProblemBody>("GET", "/v1/checkouts", undefined, asDemo);
    assert.deepEqual([read.status, read.body.code], [401, "token_revoked"]);
  }));

Deno.test("a client that an operator revokes is refused in the same process at once", () =>
  inProcess(async (run) => {
    const token = await run.token("cli_demo");
    await run.call("GET", "/v1/checkouts", undefined, { client: null, token });
    await run.call("POST", "/v1/clients/cli_demo/revoke", undefined, { client: "cli_operator" });
    const { body } = await run.call<ProblemBody>("GET", "/v1/checkouts", undefined, { client: null, token });
    assert.equal(body.code, "token_revoked");
  }));

Deno.test("a disabled merchant's clients get a clear refusal, no money leaves, and what waited goes when it is enabled", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run); // its job has not run yet
    const disabled = await setStatus(run, "disabled");
    assert.deepEqual([disabled.status, disabled.body["status"]], [200, "disabled"]);
    await run.pass(3_600_000);
    assert.equal(run.simulator.world.transactions.list().length, 0, "nothing left");
    const fresh = await run.request<{ error: string; error_description: string }>(
      new Request(`${publicUrl}/oauth/token`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa("cli_demo:demo-secret")}` },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      }),
    );
    assert.deepEqual([fresh.status, fresh.body.error], [400, "unauthorized_client"]);
    assert.match(fresh.body.error_description, /disabled/);
    assert.equal((await setStatus(run, "active")).status, 200);
    assert.equal(run.logged("merchant_disabled").length, 1);
    await run.pass();
    assert.equal((await getPayout(run, id)).status, "succeeded");
  }));

Deno.test("a token of a disabled merchant that is still valid is 403 merchant_disabled, and another merchant goes on", () =>
  inProcess(async (run) => {
    const token = await run.token("cli_demo");
    await setStatus(run, "disabled");
    for (const [method, path, body] of [["GET", "/v1/checkouts"], ["POST", "/v1/payouts", order]] as const) {
      const { status, body: problem } = await run.call<ProblemBody>(method, path, body, { client: null, token });
      assert.deepEqual([status, problem.code], [403, "merchant_disabled"]);
    }
    const other = await createPayout(run, {}, { client: "cli_other" });
    await run.pass();
    assert.equal((await getPayout(run, other.id, { client: "cli_other" })).status, "succeeded");
  }));

Deno.test("limits of all merchants hold beside a merchant's own, and only platform sets them", () =>
  inProcess(async (run) => {
    const set = (body: unknown, client: "cli_operator" | "cli_platform") =>
      run.call<ProblemBody & { max_amount: number }>("PATCH", "/v1/payout-limits", body, { client });
    assert.equal((await set({ merchant: "all", max_amount: 50_000 }, "cli_operator")).status, 403);
    assert.equal((await set({ max_amount: 200_000 }, "cli_operator")).status, 200, "its own");
    const all = await set({ merchant: "all", max_amount: 50_000 }, "cli_platform");
    assert.deepEqual([all.status, all.body.max_amount], [200, 50_000]);
    for (const client of ["cli_demo", "cli_other"] as const) {
      assert.equal((await run.call("POST", "/v1/payouts", order, { client })).status, 422);
    }
  }, { withoutJobs: true }));
