import assert from "node:assert/strict";
import type { BalanceView } from "../../../src/domain/balances/contract.ts";
import type { CallOptions } from "../../support/client.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger, paidCheckout, payPaybill } from "../../support/money.ts";

const refresh = (run: InProcess, body: Record<string, unknown> = {}, options: CallOptions = {}) =>
  run.call<{ status: string; shortcode: string; code: string }>("POST", "/v1/balances/refresh", body, options);

async function list(run: InProcess, query = "", options: CallOptions = {}): Promise<BalanceView[]> {
  const { status, body } = await run.call<{ data: BalanceView[] }>("GET", `/v1/balances${query}`, undefined, options);
  assert.equal(status, 200);
  return body.data;
}

const resultOf = (accounts: string) =>
  JSON.stringify({
    Result: {
      ResultType: "0",
      ResultCode: "0",
      ResultDesc: "ok",
      ConversationID: "AG_1",
      ResultParameters: {
        ResultParameter: [
          { Key: "AccountBalance", Value: accounts },
          { Key: "BOCompletedTime", Value: 20261122093000 },
        ],
      },
    },
  });

Deno.test("a balance is asked for, and listed when M-Pesa has told it", () =>
  inProcess(async (run) => {
    await paidCheckout(run);
    const asked = await refresh(run);
    assert.deepEqual([asked.status, asked.body.status, asked.body.shortcode], [202, "asked", "600000"]);
    assert.deepEqual(await list(run), []);
    await run.pass();
    const [balance, ...more] = await list(run);
    const account = run.simulator.world.accounts.find("600000");
    assert.deepEqual(more, []);
    assert.deepEqual([balance?.utility, balance?.working], [account?.utilityCents, account?.workingCents]);
    assert.equal(balance?.accounts[0]?.name, "Working Account");
  }));

Deno.test("the newest balance of each shortcode is listed, and the history on demand", () =>
  inProcess(async (run) => {
    for (const shortcode of ["600000", "600000", "500000"]) {
      assert.equal((await refresh(run, { shortcode })).status, 202);
      await run.pass();
    }
    assert.deepEqual((await list(run)).map(({ shortcode }) => shortcode), ["500000", "600000"]);
    const history = await list(run, "?shortcode=600000&history=true");
    assert.deepEqual(history.map(({ shortcode }) => shortcode), ["600000", "600000"]);
  }));

Deno.test("every account is read exactly, one below zero too", () =>
  inProcess(async (run) => {
    const capability = run.services.capabilities.mint("balance_result", "sho_01kamcvd000000000000000001");
    const text =
      "Working Account|KES|346568.83|6186.83|340382.00|0.00&Utility Account|KES|228037.00|228037.00|0.00|0.00" +
      "&Charges Paid Account|KES|-1540.00|-1540.00|0.00|0.00";
    await run.notify(capability, resultOf(text));
    await run.idle();
    const [balance] = await list(run);
    assert.deepEqual(balance?.accounts.map(({ current, available }) => [current, available]), [
      [34_656_883, 618_683],
      [22_803_700, 22_803_700],
      [-154_000, -154_000],
    ]);
    assert.equal(balance?.completed_at, "2026-11-22T06:30:00.000Z");
  }));

Deno.test("a balance that can't be read is quarantined, and a failed query changes nothing", () =>
  inProcess(async (run) => {
    const capability = run.services.capabilities.mint("balance_result", "sho_01kamcvd000000000000000001");
    await run.notify(capability, resultOf("Utility Account|KES|1,000.00"));
    await run.notify(
      capability,
      JSON.stringify({ Result: { ResultCode: 2001, ResultDesc: "no", ConversationID: "x" } }),
    );
    await run.notify(capability, "not json");
    await run.idle();
    assert.deepEqual(await list(run), []);
    const notices = await run.sql("SELECT status, problem FROM notices ORDER BY id");
    assert.deepEqual(notices, [
      ["quarantined", "balance_unreadable"],
      ["applied", "query_failed_2001"],
      ["unreadable", "not_json"],
    ]);
  }));

Deno.test("an account that can't be read is left out with an alert, and does not stop the others", () =>
  inProcess(async (run) => {
    const capability = run.services.capabilities.mint("balance_result", "sho_01kamcvd000000000000000001");
    const text = "Working Account|KES|700.00|700.00|0.00|0.00&Utility Account|KES|1,000.00|1,000.00|0.00|0.00" +
      "&Merchant Account|KES|5.00|5.00|0.00|0.00&Charges Paid Account|KES|-15.00|-15.00|0.00|0.00";
    await run.notify(capability, resultOf(text));
    await run.idle();
    const [balance] = await list(run);
    assert.deepEqual(balance?.accounts.map(({ name }) => name), [
      "Working Account",
      "Merchant Account",
      "Charges Paid Account",
    ]);
    assert.deepEqual([balance?.utility, balance?.working], [null, 70_000], "the merchant account is not the utility");
    assert.deepEqual(await run.sql("SELECT status, problem FROM notices"), [[
      "applied",
      "unreadable: Utility Account",
    ]]);
    assert.equal(run.logged("notice_partly_unreadable")[0]?.level, "alert");
  }));

Deno.test("a balance in another currency is not the utility's", () =>
  inProcess(async (run) => {
    const capability = run.services.capabilities.mint("balance_result", "sho_01kamcvd000000000000000001");
    await run.notify(capability, resultOf("Utility Account|USD|9.00&Utility Account|KES|5.00"));
    await run.idle();
    assert.equal((await list(run))[0]?.utility, 500);
  }));

Deno.test("a balance below its threshold is marked and alerted", () =>
  inProcess(async (run) => {
    const set = await run.call("PATCH", "/v1/balances", { alert_below: 20_000_000_000 });
    assert.deepEqual([set.status, set.body], [200, { shortcode: "600000", alert_below: 20_000_000_000 }]);
    await refresh(run);
    await run.pass();
    assert.deepEqual((await list(run)).map(({ low, alert_below }) => [low, alert_below]), [[true, 20_000_000_000]]);
    assert.equal(run.logged("balance_low").length, 1);
    await run.call("PATCH", "/v1/balances", { alert_below: null });
    assert.equal((await list(run))[0]?.low, false);
    assert.equal((await run.call("PATCH", "/v1/balances", { alert_below: -5 })).status, 422);
  }));

Deno.test("the ledger's check compares M-Pesa's balances with what the ledger saw move between them", () =>
  inProcess(async (run) => {
    await refresh(run);
    await run.pass();
    await paidCheckout(run);
    await refresh(run);
    await run.pass();
    assert.deepEqual(await checkLedger(run), []);
    const account = run.simulator.world.accounts.find("600000");
    assert.ok(account);
    account.utilityCents -= 7_000; // someone moves money in the portal
    await payPaybill(run, { amount: 10 });
    await refresh(run);
    await run.pass();
    const found = account.utilityCents;
    const differences = await checkLedger(run);
    assert.deepEqual(differences.map((one) => [one.shortcode, one.kind, one.expected, one.found, one.count]), [
      ["600000", "mpesa_utility", found + 7_000, found, null],
    ]);
    assert.deepEqual(await checkLedger(run), []); // reported once: the next look starts from here
  }));

Deno.test("balances are one's own, and asked for with the scope", () =>
  inProcess(async (run) => {
    await refresh(run);
    await run.pass();
    assert.deepEqual(await list(run, "?shortcode=600000", { client: "cli_other" }), []);
    assert.equal((await refresh(run, { shortcode: "600000" }, { client: "cli_other" })).status, 422);
    const token = await run.token("cli_demo", "payments:read");
    assert.equal((await refresh(run, {}, { token })).status, 403);
    assert.equal((await run.call("GET", "/v1/balances", undefined, { token })).status, 403);
    assert.equal((await refresh(run, {}, { client: null })).status, 401);
    assert.equal((await run.call("GET", "/v1/balances?history=yes")).status, 400);
  }));

Deno.test("when M-Pesa can't be reached, that is said", () =>
  inProcess(async (run) => {
    const { status, body } = await refresh(run);
    assert.deepEqual([status, body.code], [503, "daraja_unavailable"]);
  }, {
    daraja: (request) => {
      if (!request.url.includes("accountbalance")) return null;
      throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
    },
  }));
