import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { createCheckout } from "../support/checkouts.ts";
import { inProcess, type ProblemBody } from "../support/in-process.ts";

const LISTS = ["/v1/ledger", "/v1/ledger/checks", "/v1/balances", "/v1/reconciliations", "/v1/standing-orders"];

Deno.test("`platform` reads the ledger, balances, reconciliations and standing orders of a merchant; nobody else does", () =>
  inProcess(async (run) => {
    await createCheckout(run, { phone_number: "0712345678" });
    await run.call("POST", "/v1/balances/refresh", {});
    await run.call("POST", "/v1/reconciliations", { shortcode: "600000" });
    await run.pass();
    const get = <T>(path: string, client: "cli_platform" | "cli_other" | "cli_demo") =>
      run.call<T>("GET", path, undefined, { client });
    for (const path of LISTS) {
      const own = await get<{ data: unknown[] }>(path, "cli_demo");
      const found = await get<{ data: unknown[] }>(`${path}?merchant=${DEMO_MERCHANT}`, "cli_platform");
      assert.deepEqual([found.status, found.body.data], [200, own.body.data], path);
      const refused = await get<ProblemBody>(`${path}?merchant=${DEMO_MERCHANT}`, "cli_other");
      assert.deepEqual([refused.status, refused.body.code], [403, "insufficient_scope"], path);
      const all = await get<{ data: unknown[] }>(`${path}?merchant=all`, "cli_platform");
      assert.equal(all.status, path === "/v1/ledger" ? 400 : 200, path);
    }
    const filtered = await get<{ data: { shortcode: string }[] }>(
      `/v1/balances?merchant=all&shortcode=600000`,
      "cli_platform",
    );
    assert.deepEqual(filtered.body.data.map(({ shortcode }) => shortcode), ["600000"]);
    const foreign = await get<{ data: unknown[] }>("/v1/balances?shortcode=600000", "cli_other");
    assert.deepEqual(foreign.body.data, []);
  }));
