import assert from "node:assert/strict";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../src/cli/seed.ts";
import { consoleUrl, personId, signIn } from "../support/console.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { paidCheckout } from "../support/money.ts";
import { wordsOf } from "../pages/shopper.ts";

/** The hourly check of a merchant's chain, as it stands. `endedAt` in ms; null: it still runs. */
async function checked(run: InProcess, merchant: string, endedAt: number | null, problems: unknown[]): Promise<void> {
  await run.db.write([
    { sql: "DELETE FROM audit_checks WHERE merchant_id = ?", args: [merchant] },
    {
      sql: "INSERT INTO audit_checks VALUES (?1, 0, 0, zeroblob(32), '[]', ?2, 1, ?3, ?3)",
      args: [merchant, JSON.stringify(problems), endedAt],
    },
  ]);
}

Deno.test("the audit page says what the check of the merchant's own chain found", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const shown = async () => wordsOf((await admin.go(consoleUrl("audit"))).html);
    const now = run.services.clock.now();
    await run.db.write([{ sql: "DELETE FROM audit_checks", args: [] }]);
    await checked(run, OTHER_MERCHANT, now, [{ kind: "changed", seq: 2 }]);
    assert.match(await shown(), /The chain has not been checked yet/, "another merchant's check says nothing");
    await checked(run, DEMO_MERCHANT, now, []);
    assert.match(await shown(), /Chain whole, checked \d\d:\d\d/);
    await checked(run, DEMO_MERCHANT, null, []);
    assert.match(await shown(), /The chain is being checked/);
    const problems = [{ kind: "changed", seq: 2 }, { kind: "removed", seq: 3 }];
    for (const endedAt of [now, null]) {
      await checked(run, DEMO_MERCHANT, endedAt, problems);
      assert.match(await shown(), /Chain broken: 2 entries do not fit/);
      assert.doesNotMatch(await shown(), /Chain whole/);
    }
  }));

Deno.test("the audit page is filtered by who and act; whoever is named in the address is offered too", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const finance = personId("finance@demo.test");
    await signIn(run, "finance@demo.test");
    const { html } = await admin.go(consoleUrl(`audit?who=${finance}&act=session.started`));
    assert.match(html, new RegExp(`value="${finance}" selected`));
    assert.match(html, /value="cli_demo"/);
    assert.match(html, /Who: Faith Wanjiru, Act: session\.started/);
    const [table = ""] = /<tbody.*<\/tbody>/s.exec(html) ?? [];
    assert.match(table, /Faith Wanjiru/);
    assert.doesNotMatch(table, /payout/);
    const gone = await admin.go(consoleUrl("audit?who=per_gone"));
    assert.match(gone.html, /value="per_gone" selected/);
    assert.match(gone.html, /Nothing fits this filter/);
  }));

Deno.test("the list of refunds says, masked, to whom the money goes back", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    await run.call("POST", "/v1/refunds", { payment: payment.id, reason: "Out of stock" });
    const finance = await signIn(run, "finance@demo.test");
    const { html } = await finance.go(consoleUrl("refunds"));
    assert.match(html, />To</);
    assert.match(html, /class="phone">07••\u00a0•••\u00a0\d{3}</);
    assert.doesNotMatch(html, /2547\d{8}/);
    const csv = await finance.go(consoleUrl("refunds?format=csv"));
    assert.equal(csv.response.status, 200);
    assert.match(csv.html, /Out of stock/);
  }));
