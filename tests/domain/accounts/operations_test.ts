import assert from "node:assert/strict";
import type { AccountView } from "../../../src/domain/accounts/contract.ts";
import { hasCheckDigit } from "../../../src/domain/accounts/check-digit.ts";
import { createAccount, getStatement } from "../../support/accounts.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { inProcess, type ProblemBody } from "../../support/in-process.ts";
import { payPaybill } from "../../support/money.ts";

Deno.test("an account without a reference gets a number of 8 digits that checks itself", () =>
  inProcess(async (run) => {
    const account = await createAccount(run);
    assert.match(account.account_reference, /^[1-9]\d{7}$/);
    assert.ok(hasCheckDigit(account.account_reference));
    assert.equal(account.name, "Achieng Otieno");
    const read = await run.call<AccountView>("GET", `/v1/accounts/${account.id}`);
    assert.deepEqual(read.body, account);
    const [[name]] = await run.sql("SELECT name FROM standing_accounts") as [[Uint8Array]];
    assert.ok(!new TextDecoder().decode(name).includes("Achieng"));
    const [[data]] = await run.sql("SELECT data FROM events WHERE type = 'account.created'") as [[string]];
    assert.ok(!data.includes("Achieng") && !data.includes("token="));
  }));

Deno.test("an account is listed, found by what customers type, and changed", () =>
  inProcess(async (run) => {
    const one = await createAccount(run, { account_reference: "HSE-12" });
    await createAccount(run);
    const all = await run.call<{ data: AccountView[] }>("GET", "/v1/accounts");
    assert.equal(all.body.data.length, 2);
    const found = await run.call<{ data: AccountView[] }>("GET", "/v1/accounts?account_reference=hse12");
    assert.deepEqual(found.body.data.map(({ id }) => id), [one.id]);
    const changed = await run.call<AccountView>("PATCH", `/v1/accounts/${one.id}`, {
      name: "Otieno Achieng",
      expected_amount: 1_500_000,
      due_day: 7,
    });
    assert.deepEqual(
      [changed.status, changed.body.name, changed.body.expected_amount, changed.body.due_day, changed.body.version],
      [200, "Otieno Achieng", 1_500_000, 7, 2],
    );
  }));

Deno.test("the same reference twice at one shortcode is refused, also in another case", () =>
  inProcess(async (run) => {
    await createAccount(run, { account_reference: "HSE12" });
    const again = await run.call<ProblemBody>("POST", "/v1/accounts", { name: "B", account_reference: "hse12" });
    assert.deepEqual([again.status, again.body.code], [409, "wrong_state"]);
    assert.equal(await run.count("standing_accounts"), 1);
  }));

Deno.test("a wrong request gets its pointer, and changes nothing", () =>
  inProcess(async (run) => {
    const wrong: readonly [unknown, string][] = [
      [{}, "/name"],
      [{ name: "A", account_reference: "----" }, "/account_reference"],
      [{ name: "A", account_reference: "1234567890123" }, "/account_reference"],
      [{ name: "A", due_day: 29 }, "/due_day"],
      [{ name: "A", expected_amount: 150 }, "/expected_amount"],
      [{ name: "A", apply: "newest" }, "/apply"],
      [{ name: "A", shortcode: "600001" }, "/shortcode"],
      [{ name: "A", balance: 1 }, "/balance"],
    ];
    for (const [body, pointer] of wrong) {
      const answer = await run.call<ProblemBody>("POST", "/v1/accounts", body);
      assert.equal(answer.status, 422, JSON.stringify(body));
      assert.equal(answer.body.errors?.[0]?.pointer, pointer);
    }
    assert.equal(await run.count("standing_accounts"), 0);
    const account = await createAccount(run);
    const query = "?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z";
    assert.equal((await run.call("GET", `/v1/accounts/${account.id}/statement${query}`)).status, 400);
  }));

Deno.test("a statement from a time on begins with the balance of then", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    await payPaybill(run, { amount: 500, reference: "HSE12" });
    run.time.skip(60_000);
    const from = new Date(run.time.now()).toISOString();
    await payPaybill(run, { amount: 300, reference: "HSE12" });
    const late = await getStatement(run, account.id, `?from=${from}`);
    assert.deepEqual([late.opening_balance, late.closing_balance, late.data.length], [50_000, 80_000, 1]);
    const early = await getStatement(run, account.id, `?to=${from}`);
    assert.deepEqual([early.opening_balance, early.closing_balance, early.data.length], [0, 50_000, 1]);
  }));

Deno.test("another merchant neither reads nor changes an account, nor does its money reach it", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    const other = { client: "cli_other" } as const;
    for (
      const [method, path, body] of [
        ["GET", `/v1/accounts/${account.id}`],
        ["PATCH", `/v1/accounts/${account.id}`, { apply: "none" }],
        ["GET", `/v1/accounts/${account.id}/statement`],
      ] as const
    ) assert.equal((await run.call(method, path, body, other)).status, 404, `${method} ${path}`);
    assert.deepEqual((await run.call<{ data: unknown[] }>("GET", "/v1/accounts", undefined, other)).body.data, []);
    await payPaybill(run, { amount: 500, reference: "HSE12", shortcode: "600001" });
    assert.equal((await getStatement(run, account.id)).closing_balance, 0);
  }));

Deno.test("a bill that is paid by a prompt shows in the statement, and leaves the balance as it is", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    await createCheckout(run, { account_reference: "HSE12", phone_number: "0712345678" });
    await run.pass();
    const statement = await getStatement(run, account.id);
    assert.deepEqual(statement.data.map(({ kind, amount, balance }) => [kind, amount, balance]), [
      ["paid_checkout", 150_000, 0],
    ]);
  }));
