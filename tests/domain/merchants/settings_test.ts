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

Deno.test("every client of a merchant reads its own merchant, and only an operator changes it", () =>
  inProcess(async (run) => {
    for (const method of ["GET", "PATCH"] as const) {
      const body = method === "GET" ? undefined : {};
      assert.equal((await run.call(method, "/v1/merchant", body, { client: null })).status, 401);
    }
    const narrow = { token: await run.token("cli_demo", "payments:read") };
    const other = await run.call<MerchantView>("GET", "/v1/merchant", undefined, { client: "cli_other" });
    assert.deepEqual([other.status, other.body.name], [200, "other"]);
    assert.equal((await run.call("GET", "/v1/merchant", undefined, narrow)).status, 200);
    for (const options of [{ client: "cli_demo" }, { client: "cli_other" }, narrow] as const) {
      const { status, body } = await run.call<ProblemBody>("PATCH", "/v1/merchant", { colour: "#000000" }, options);
      assert.deepEqual([status, body.code], [403, "insufficient_scope"]);
    }
    assert.deepEqual([(await read(run)).body.id, (await read(run)).body.version], [
      "mer_01kamcvd000000000000000001",
      1,
    ]);
  }));
