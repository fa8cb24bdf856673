import assert from "node:assert/strict";
import type { MerchantView } from "../../../src/domain/merchants/settings-contract.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";

const read = (run: InProcess) => run.call<MerchantView>("GET", "/v1/merchant", undefined, { client: "cli_operator" });
const change = <T = MerchantView>(run: InProcess, body: unknown) =>
  run.call<T>("PATCH", "/v1/merchant", body, { client: "cli_operator" });

Deno.test("a merchant reads its rules, changes one, and its version grows by one", () =>
  inProcess(async (run) => {
    const before = await read(run);
    assert.deepEqual([before.status, before.body.duplicates, before.body.version], [200, {
      payouts: "refuse",
      checkouts: "warn",
    }, 1]);
    const changed = await change(run, { duplicates: { payouts: "warn" } });
    assert.deepEqual([changed.status, changed.body.duplicates, changed.body.version], [200, {
      payouts: "warn",
      checkouts: "warn",
    }, 2]);
    assert.deepEqual((await read(run)).body, changed.body);
    const nothing = await change(run, {});
    assert.deepEqual([nothing.body.duplicates, nothing.body.version], [{ payouts: "warn", checkouts: "warn" }, 3]);
  }));

Deno.test("a rule that does not exist, or an unknown field, is a 422 and changes nothing", () =>
  inProcess(async (run) => {
    for (const body of [{ duplicates: { payouts: "maybe" } }, { duplicates: { refunds: "off" } }, { id: "mer_x" }]) {
      const { status, body: problem } = await change<ProblemBody>(run, body);
      assert.deepEqual([status, problem.code], [422, "validation_failed"]);
    }
    assert.equal((await read(run)).body.version, 1);
  }));

Deno.test("only an operator reads and changes the rules, and only those of its own merchant", () =>
  inProcess(async (run) => {
    for (const method of ["GET", "PATCH"] as const) {
      const body = method === "GET" ? undefined : {};
      assert.equal((await run.call(method, "/v1/merchant", body, { client: null })).status, 401);
      assert.equal((await run.call(method, "/v1/merchant", body, { client: "cli_demo" })).status, 403);
      assert.equal((await run.call(method, "/v1/merchant", body, { client: "cli_other" })).status, 403);
    }
    assert.equal((await read(run)).body.id, "mer_01kamcvd000000000000000001");
  }));
